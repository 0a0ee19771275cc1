import { join } from 'node:path';
import { Command } from 'commander';
import { formatCount, formatShare } from '../base/numbers.ts';
import { sampleAll } from '../bench/sample.ts';
import { EIGHT_BIT_MODEL, quantiseFolder } from '../embed/quantise/folder.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';
import { checkOutputs } from './outputs.ts';

/** Rows of --texts that are shown to the model. */
const SHOWN = 256;

interface Flags {
  readonly output: string;
  readonly texts?: string;
}

export function quantizeCommand(io: Io): Command {
  const command = new Command('quantize')
    .description(
      'Write an ONNX model with eight-bit matrices: a quarter of the size, and quicker on processors.',
    )
    .argument('<folder>', 'a folder with an ONNX model in the Hugging Face layout')
    .requiredOption('-o, --output <folder>', 'where to write the model')
    .option(
      '--texts <file>',
      `a dataset like those it is for; ${SHOWN} of its rows show how far numbers reach (default: texts of ours)`,
    );
  return withCommonFlags(command).action((folder: string, flags: Flags) => run(folder, flags, io));
}

async function run(folder: string, { output, texts }: Flags, io: Io): Promise<void> {
  const { signal, onProgress } = io;
  await checkOutputs([{ flag: '-o', path: join(output, EIGHT_BIT_MODEL) }], []);
  const [sample] = texts === undefined ? [] : await sampleAll([texts], SHOWN, { signal });
  const shown = sample?.rows.map(({ text }) => text!);
  const { matrices, size } = await quantiseFolder(folder, output, {
    ...{ texts: shown, signal, onProgress },
  });
  io.note(
    `wrote ${output}: ${formatCount(matrices)} matrices in eight bits, ${formatShare(size)} of the size`,
  );
}
