import { cp, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { inputError, throwIfAborted, usageError } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { RunOptions } from '../../base/progress.ts';
import { type Device, openDevice } from '../../compute/device.ts';
import { findModel, openModelFolder } from '../model-folder.ts';
import { type Quantised, quantise, readOnnx } from './quantise.ts';
import { type Ranges, watched, watching } from './ranges.ts';
import { CALIBRATION } from './texts.ts';

export interface QuantiseOptions extends RunOptions {
  /** Texts like those that the model is for; default a few dozen of many kinds. */
  readonly texts?: readonly string[] | undefined;
}

/** Where the model lies in the folder that is written. */
export const EIGHT_BIT_MODEL = join('onnx', 'model_int8.onnx');

/** Writes a model's folder once more, with eight-bit matrices; gives their number and the share of the size. */
export async function quantiseFolder(
  folder: string,
  output: string,
  options: QuantiseOptions = {},
): Promise<{ readonly matrices: number; readonly size: number }> {
  if (resolve(folder) === resolve(output)) {
    throw usageError(`-o ${output} is the model itself; name another folder.`);
  }
  const path = findModel(resolve(folder), folder, 'fp32');
  const model = await readFile(path);
  const { bytes, matrices } = await eightBitModel(folder, model, options);
  if (matrices === 0) {
    throw inputError(
      `${path} has no matrices to quantise: no MatMul by a constant one in float32.`,
    );
  }
  const beside = (source: string): boolean =>
    !/\.onnx(?:[._]data.*)?$/u.test(source) && !/^\./u.test(basename(source));
  await cp(folder, output, {
    recursive: true,
    filter: async (source) => (await stat(source)).isDirectory() || beside(source),
  });
  await writeFileAtomic(join(output, EIGHT_BIT_MODEL), bytes);
  return { matrices, size: bytes.length / model.length };
}

/** The model of a folder with eight-bit matrices, after it was watched while it embedded some texts. */
export async function eightBitModel(
  folder: string,
  bytes: Uint8Array,
  options: QuantiseOptions = {},
): Promise<Quantised> {
  const model = readOnnx(bytes, findModel(resolve(folder), folder, 'fp32'));
  return quantise(model, await rangesOf(folder, watched(model), options));
}

/** One text at a time, so that padding does not count. */
async function rangesOf(
  folder: string,
  model: Uint8Array,
  { texts = CALIBRATION, signal, onProgress }: QuantiseOptions,
): Promise<Ranges> {
  const device = await openDevice('cpu');
  let ranges: Ranges = new Map();
  const instead: Device = {
    ...device,
    async open(asked, how) {
      // The model itself is a file; dense layers behind it come as bytes and stay what they are.
      if (typeof asked !== 'string') return device.open(asked, how);
      const seen = watching(await device.open(model, how));
      ranges = seen.ranges;
      return seen.session;
    },
  };
  const embedder = await openModelFolder(folder, { device: instead, dtype: 'fp32', long: 'mean' });
  try {
    for (const [i, text] of texts.entries()) {
      throwIfAborted(signal);
      onProgress?.({ stage: 'watching the model', done: i, total: texts.length, unit: 'texts' });
      await embedder.embed([text]);
    }
  } finally {
    await embedder.close();
  }
  return ranges;
}
