import type { Clusters } from '../clusters/clusters.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';

export interface Closeness {
  /** By cluster; null for clusters of one row. */
  readonly inside: readonly (number | null)[];
  /** Of any two rows; null where there is one. */
  readonly all: number | null;
}

/**
 * How close the rows of each cluster are to each other: the mean cosine distance over its pairs of
 * different rows, 1 − (‖Σx‖² − Σ‖x‖²) / s(s − 1), from sums alone.
 */
export function closenessOf(unit: Vectors, clusters: Clusters): Closeness {
  const { k, dims, sizes, sums, labels } = clusters;
  const squares = new Float64Array(k);
  for (let i = 0; i < unit.n; i += 1) {
    let square = 0;
    for (const value of rowOf(unit, i)) square += value * value;
    squares[labels[i]!]! += square;
  }
  const whole = new Float64Array(dims);
  for (let i = 0; i < sums.length; i += 1) whole[i % dims]! += sums[i]!;
  const square = squares.reduce((a, b) => a + b, 0);
  return {
    inside: Array.from({ length: k }, (_, c) =>
      meanDistance(sums.subarray(c * dims, (c + 1) * dims), squares[c]!, sizes[c]!),
    ),
    all: meanDistance(whole, square, unit.n),
  };
}

function meanDistance(sum: Float64Array, squares: number, size: number): number | null {
  if (size < 2) return null;
  const norm = sum.reduce((total, value) => total + value * value, 0);
  return Math.max(0, 1 - (norm - squares) / (size * (size - 1)));
}
