import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { GRAPH, MODEL, TENSOR } from './onnx-fields.ts';
import { type Field, readFields, textOf } from './protobuf-reader.ts';

/**
 * A file this large has its weights in itself: one that keeps them elsewhere has little but its operators,
 * and need not be read to know that.
 */
const LARGEST_WITHOUT = 64 * 2 ** 20;

/** The files in which a model keeps weights: those that it names, and those named as exporters do. */
export function filesBeside(file: string): string[] {
  const numbered = (part: number): string => `${file}_data_${part}`;
  const found = new Set([`${file}_data`, `${file}.data`].filter(existsSync));
  for (let part = 1; existsSync(numbered(part)); part += 1) found.add(numbered(part));
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size <= LARGEST_WITHOUT) {
    for (const name of externalFiles(readFileSync(file))) found.add(join(dirname(file), name));
  }
  return [...found];
}

/** Their content, by the names that the model knows them by. */
export const readBeside = (file: string): Promise<{ path: string; data: Uint8Array }[]> =>
  Promise.all(
    filesBeside(file).map(async (path) => ({
      path: relative(dirname(file), path),
      data: await readFile(path),
    })),
  );

/** The names of the files that a model's constants are in, relative to the model's own; none where it is no model. */
export function externalFiles(model: Uint8Array): string[] {
  const names = new Set<string>();
  try {
    for (const graph of having(readFields(model), MODEL.graph)) {
      for (const tensor of having(readFields(graph.bytes), GRAPH.initializer)) {
        for (const entry of having(readFields(tensor.bytes), TENSOR.external)) {
          const [key, value] = [1, 2].map((number) => having(readFields(entry.bytes), number)[0]);
          if (key !== undefined && textOf(key) === 'location' && value) names.add(textOf(value));
        }
      }
    }
  } catch (error) {
    // What is wrong with it, the runtime says.
    if (!(error instanceof RangeError)) throw error;
  }
  return [...names];
}

const having = (fields: readonly Field[], number: number): Field[] =>
  fields.filter((field) => field.number === number);
