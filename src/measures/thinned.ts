import { type ComputeOptions, cpu } from '../compute/device.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { drawRows } from '../stats/draws.ts';
import { intervalFrom } from '../stats/jackknife.ts';
import { DRAWS, subsampleError } from '../stats/subsampling.ts';
import type { LogVendi } from './random-spectrum.ts';
import type { Rows } from './rows.ts';
import { squareOf } from './square.ts';
import { missing, TOO_FEW, type Value } from './value.ts';

/**
 * Numbers that take the cube of the rows: exact up to THINNED_ROWS; above, so many sampled rows stand for
 * the whole: the value is theirs and labelled with their number, or what `beyond` makes of it for all rows.
 */
export const THINNED_ROWS = 2048;

const LEAST_ROWS = 24;

export interface Thinned {
  readonly vectors: Vectors;
  /** What of ‖x − y‖² the matrix holds. */
  readonly kernel: (squared: number) => number;
  /** The number, from the symmetric n×n matrix. */
  readonly measure: (matrix: Float64Array, n: number) => Promise<number>;
  /** The same of the rows and columns in each of the draws, where all of them cost less together. */
  readonly measureDraws?: (
    matrix: Float64Array,
    n: number,
    draws: readonly Int32Array[],
  ) => Promise<readonly number[]>;
  /** The logarithm of the number of all rows, where more than the sampled ones can be told, and its standard error. */
  readonly beyond?: (matrix: Float64Array, n: number, log: number) => Promise<LogVendi>;
  /** Rows of the draws that the interval is made from: a part of them, and at most so many. */
  readonly draw: { readonly part: number; readonly most: number };
}

/**
 * An effective number of rows with its interval. Its logarithm is an entropy, whose spread over draws
 * falls with the root of their size; the number itself grows with n, so its own spread would not compare.
 */
export async function effectiveRows(
  rows: Rows,
  { vectors, kernel, measure, measureDraws, beyond, draw }: Thinned,
  { seed, device = cpu, signal }: ComputeOptions & { readonly seed: number },
): Promise<Value> {
  if (rows.n === 0) return missing(0, 'no rows');
  // In the order of content: the same draws of the same rows however they stand.
  const chosen = selectRows(vectors, rows.order.subarray(0, THINNED_ROWS));
  const { n } = chosen;
  const method = n === rows.n ? 'exact' : 'sampled';
  const matrix = await squareOf(device, chosen, kernel, signal);
  const sampled = Math.log(await measure(matrix, n));
  const told =
    beyond !== undefined && n < rows.n
      ? await beyond(matrix, n, sampled)
      : { log: sampled, error: 0 };
  const value = {
    value: Math.exp(told.log),
    n: beyond === undefined ? n : rows.n,
    method,
  } as const;
  const size = Math.round(Math.min(draw.most, draw.part * n));
  if (size < LEAST_ROWS) return { ...value, interval: null, why: TOO_FEW };
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const draws = Array.from({ length: DRAWS }, (_, d) => drawRows(all, size, seed, d));
  const found = measureDraws
    ? await measureDraws(matrix, n, draws)
    : await oneByOne(draws, (chosen) => measure(partOf(matrix, n, chosen), size));
  const { error, groups } = subsampleError(found.map(Math.log), size, value.n)!;
  const both = Math.hypot(error, told.error);
  const [low, high] = intervalFrom(told.log, both, groups, [0, Math.log(value.n)]);
  const interval = [Math.exp(low), Math.exp(high)] as const;
  return told.error === 0
    ? { ...value, interval }
    : { ...value, interval, samplingError: told.error * value.value };
}

async function oneByOne(
  draws: readonly Int32Array[],
  measure: (chosen: Int32Array) => Promise<number>,
): Promise<number[]> {
  const found: number[] = [];
  for (const chosen of draws) found.push(await measure(chosen));
  return found;
}

/** The rows and columns at `chosen`. */
function partOf(matrix: Float64Array, n: number, chosen: Int32Array): Float64Array {
  const size = chosen.length;
  const part = new Float64Array(size * size);
  for (let a = 0; a < size; a += 1) {
    const start = chosen[a]! * n;
    for (let b = 0; b < size; b += 1) part[a * size + b] = matrix[start + chosen[b]!]!;
  }
  return part;
}
