import type { Vectors } from '../../src/compute/vectors.ts';
import { rowOf } from '../../src/compute/vectors.ts';

/** Plain float64 loops over all pairs: what every kernel must agree with on every device. */

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j]! * b[j]!;
  return sum;
};

/** ½‖a − b‖² */
export const halfSquare = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += (a[j]! - b[j]!) ** 2;
  return sum / 2;
};

/** A number of every pair, query by query. */
export const ofPairs = (
  queries: Vectors,
  targets: Vectors,
  value: (query: Float32Array, target: Float32Array) => number,
): number[][] =>
  Array.from({ length: queries.n }, (_, i) =>
    Array.from({ length: targets.n }, (_, t) => value(rowOf(queries, i), rowOf(targets, t))),
  );

export const total = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0);

/** Xᵀ X of row-major data. */
export function gramOf(data: Float32Array, dims: number): number[] {
  const gram = Array.from({ length: dims * dims }, () => 0);
  for (let at = 0; at < data.length; at += dims) {
    for (let i = 0; i < dims; i += 1) {
      for (let j = 0; j < dims; j += 1) gram[i * dims + j]! += data[at + i]! * data[at + j]!;
    }
  }
  return gram;
}
