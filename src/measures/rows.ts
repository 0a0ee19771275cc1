import type { Vectors } from '../compute/vectors.ts';

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
