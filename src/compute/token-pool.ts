import type { Tensor } from 'onnxruntime-node';
import { halfToFloat } from '../base/halves.ts';
import type { Results, Runtime } from './session.ts';

/**
 * What is wanted of a run in place of its results: of one output, rows × width × dims, for every row the sum of
 * the vectors at some places. It is made where the model ran, so that the whole output, forty times as large,
 * does not cross threads.
 */
export interface TokenPool {
  readonly output: string;
  /** The first and the last place that count, for each row in turn. */
  readonly spans: Int32Array;
  readonly width: number;
}

/** The name of the only result of a run with a pool: float32, rows × dims. */
export const POOLED = 'pooled';

export function pooledResults(
  { Tensor }: Pick<Runtime, 'Tensor'>,
  results: Results,
  pool: TokenPool,
): Results {
  const rows = pool.spans.length / 2;
  const vectors = sums(floatsOf(results[pool.output]!), pool);
  return { [POOLED]: new Tensor(vectors, [rows, rows === 0 ? 0 : vectors.length / rows]) };
}

function sums(hidden: Float32Array, { spans, width }: TokenPool): Float32Array {
  const rows = spans.length / 2;
  const dims = rows === 0 ? 0 : hidden.length / (rows * width);
  const vectors = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row += 1) {
    const into = vectors.subarray(row * dims, (row + 1) * dims);
    for (let token = spans[2 * row]!; token <= spans[2 * row + 1]!; token += 1) {
      const at = (row * width + token) * dims;
      for (let j = 0; j < dims; j += 1) into[j]! += hidden[at + j]!;
    }
  }
  return vectors;
}

/** A model's numbers as float32, whatever precision they came in. */
export function floatsOf({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16') {
    const halves = new Uint16Array(
      (data as Uint16Array).buffer,
      (data as Uint16Array).byteOffset,
      data.length,
    );
    return Float32Array.from(halves, (half) => halfToFloat(half));
  }
  return Float32Array.from(data as ArrayLike<number>, Number);
}
