import { cp, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { inputError, usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import { formatCount, formatShare } from '../base/numbers.ts';
import { findModel } from '../embed/model-folder.ts';
import { quantise } from '../embed/quantise.ts';
import type { Io } from './io.ts';
import { withCommonFlags } from './options.ts';
import { checkOutputs } from './outputs.ts';

const MODEL = join('onnx', 'model_int8.onnx');

export function quantizeCommand(io: Io): Command {
  const command = new Command('quantize')
    .description('Write an ONNX model with eight-bit matrices: about a quarter of the size.')
    .argument('<folder>', 'a folder with an ONNX model in the Hugging Face layout')
    .requiredOption('-o, --output <folder>', 'where to write the model');
  return withCommonFlags(command).action((folder: string, flags: { output: string }) =>
    run(folder, flags.output, io),
  );
}

async function run(folder: string, output: string, io: Io): Promise<void> {
  if (resolve(folder) === resolve(output)) {
    throw usageError(`-o ${output} is the model itself; name another folder.`);
  }
  const path = findModel(resolve(folder), folder, 'fp32');
  const beside = (source: string): boolean =>
    !/\.onnx(?:[._]data.*)?$/u.test(source) && !/^\./u.test(basename(source));
  await checkOutputs([{ flag: '-o', path: join(output, MODEL) }], [path]);
  const model = await readFile(path);
  const { bytes, matrices } = quantise(model, path);
  if (matrices === 0) {
    throw inputError(
      `${path} has no matrices to quantise: no MatMul by a constant one in float32.`,
    );
  }
  await cp(folder, output, {
    recursive: true,
    filter: async (source) => (await stat(source)).isDirectory() || beside(source),
  });
  await writeFileAtomic(join(output, MODEL), bytes);
  io.note(
    `wrote ${output}: ${formatCount(matrices)} matrices in eight bits, ${formatShare(bytes.length / model.length)} of the size`,
  );
}
