import type { ComputeOptions } from '../../compute/device.ts';

/** A block of consecutive rows of a dataset, as folds see it. */
export interface Batch {
  readonly dims: number;
  /** Row-major, as the space wants them: unit rows for cosine, rows as they are for euclidean. */
  readonly vectors: Float32Array;
  /** The same rows with length one; the very same array when the space is cosine. */
  readonly unit: Float32Array;
  /** The group that each row was dealt to (see stats/groups.ts). */
  readonly groups: Uint8Array;
}

/**
 * A mergeable state that measures are finished from: its size does not grow with the rows, and
 * merging the states of two halves gives what one pass over the whole gives.
 */
export interface Fold<State> {
  readonly name: string;
  init(dims: number): State;
  observe(state: State, batch: Batch, options?: ComputeOptions): void | Promise<void>;
  /** Adds `from` to `into`; `from` is not used again. */
  merge(into: State, from: State, options?: ComputeOptions): void | Promise<void>;
}
