import { Command } from 'commander';
import { formatRows } from '../base/numbers.ts';
import { checkFormat, VECTOR_FORMATS, writeVectors } from '../data/write.ts';
import { embed } from '../engine/embed.ts';
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
}

export function embedCommand(io: Io): Command {
  const command = new Command('embed')
    .description('Turn every row into a unit vector and write them in the order of the input.')
    .argument('<input...>', INPUT_HELP)
    .requiredOption(
      '-o, --output <file>',
      `where to write the vectors, float32: ${VECTOR_FORMATS.join(', ')} (Parquet has the ids too)`,
    );
  withCommonFlags(withInputFlags(command));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { output } = flags;
  checkFormat(output, VECTOR_FORMATS);
  await checkOutputs([{ flag: '-o', path: output }], inputs);
  await withInputOptions(flags, io, async (options) => {
    const { vectors, ids, n, dims, warnings } = await embed(inputs, options);
    await writeVectors(output, vectors, ids);
    for (const warning of warnings) io.note(`warning: ${warning}`);
    io.note(`wrote ${output}: ${formatRows(n)} × ${dims}`);
  });
}
