import { Command } from 'commander';
import { checkFormat, TABLE_FORMATS, type TableRow, writeTable } from '../data/write.ts';
import { type Novelty, novelty } from '../novelty/novelty.ts';
import { renderNovelty } from '../report/novelty.ts';
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
  readonly index: string;
  readonly output?: string;
}

const COLUMNS = ['id', 'text', 'distance', 'novel', 'nearest_id', 'nearest_text'] as const;

export function noveltyCommand(io: Io): Command {
  const command = new Command('novelty')
    .description('Say how new each row is to what a saved index holds.')
    .argument('<input...>', INPUT_HELP)
    .requiredOption('--index <folder>', 'a folder that gamut index or --save-index wrote')
    .option('-o, --output <file>', `write a line for every row: ${TABLE_FORMATS.join(', ')}`);
  withCommonFlags(withInputFlags(command));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { index, output } = flags;
  if (output !== undefined) checkFormat(output, TABLE_FORMATS);
  await checkOutputs([{ flag: '-o', path: output }], inputs);
  await withInputOptions(flags, io, async (options) => {
    const found = await novelty(inputs, { ...options, index });
    if (output !== undefined) await writeTable(output, COLUMNS, tableOf(found));
    if (!io.quiet) io.result(renderNovelty(found, io.columns));
    if (output !== undefined) io.note(`wrote ${output}`);
  });
}

function* tableOf({ rows }: Novelty): Iterable<TableRow> {
  for (const { id, text, distance, novel, nearest } of rows) {
    yield { id, text, distance, novel, nearest_id: nearest.id, nearest_text: nearest.text };
  }
}
