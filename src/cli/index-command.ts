import { Command } from 'commander';
import { formatRows, formatShare } from '../base/numbers.ts';
import { buildIndex, extendIndex } from '../novelty/novelty.ts';
import { INDEX_FILES } from '../novelty/saved-index.ts';
import type { Io } from './io.ts';
import {
  INPUT_HELP,
  type InputFlags,
  withCommonFlags,
  withInputFlags,
  withInputOptions,
} from './options.ts';
import { checkOutputs } from './outputs.ts';

interface Flags extends InputFlags {
  readonly output: string;
  readonly add?: boolean;
}

export function indexCommand(io: Io): Command {
  const command = new Command('index')
    .description('Save an HNSW index of a dataset, to ask later how new other rows are to it.')
    .argument('<input...>', INPUT_HELP)
    .requiredOption('-o, --output <folder>', 'the folder to save the index in')
    .option('--add', 'add the rows to the index that the folder holds, embedded as its own were');
  withCommonFlags(withInputFlags(command));
  return command.action(async (inputs: string[], flags: Flags) => {
    await checkOutputs([{ flag: '-o', path: flags.output, folder: INDEX_FILES }], inputs);
    await withInputOptions(flags, io, async (options) => {
      const write = flags.add ? extendIndex : buildIndex;
      const { rows, dims, recall } = await write(inputs, flags.output, options);
      const found = recall && `, recall ${formatShare(recall.share)} on ${formatRows(recall.rows)}`;
      io.note(`wrote ${flags.output}: ${formatRows(rows)} × ${dims}${found ?? ''}`);
    });
  });
}
