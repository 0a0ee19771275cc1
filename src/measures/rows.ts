import type { Vectors } from '../compute/vectors.ts';
import { GROUPS } from '../stats/groups.ts';
import type { Value } from './measure.ts';
import { estimated, missing } from './value.ts';

/** Rows with the groups that intervals are made from: what every per-row measure starts with. */
export interface Rows {
  readonly n: number;
  /** As the space wants them: unit rows for cosine, rows as they are for euclidean. */
  readonly vectors: Vectors;
  /** The same rows with length one; the same object when the space is cosine. */
  readonly unit: Vectors;
  readonly groups: Uint8Array;
  /** Rows in each group. */
  readonly sizes: Int32Array;
  /** Row numbers in the order of a seeded hash of their content. */
  readonly order: Int32Array;
}

/** Means of a per-row number, over all rows and without each group. NaN where no rows are left. */
export function means(
  perRow: ArrayLike<number>,
  groups: Uint8Array,
): { whole: number; without: Float64Array } {
  const sums = new Float64Array(GROUPS);
  const counts = new Float64Array(GROUPS);
  let sum = 0;
  for (let i = 0; i < groups.length; i += 1) {
    sums[groups[i]!]! += perRow[i]!;
    counts[groups[i]!]! += 1;
    sum += perRow[i]!;
  }
  const n = groups.length;
  return { whole: sum / n, without: sums.map((part, g) => (sum - part) / (n - counts[g]!)) };
}

/** The mean of a per-row number as a value with its interval. */
export function meanValue(
  perRow: ArrayLike<number>,
  rows: Pick<Rows, 'n' | 'groups' | 'sizes'>,
  range: readonly [number, number],
): Value {
  if (rows.n === 0) return missing(0, 'no rows');
  const { whole, without } = means(perRow, rows.groups);
  return estimated(whole, without, rows.sizes, rows.n, range);
}
