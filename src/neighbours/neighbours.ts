import type { ComputeOptions } from '../compute/device.ts';
import type { Vectors } from '../compute/vectors.ts';

/**
 * The k-nearest-neighbour graph of a dataset: for every row its k nearest other rows, itself left
 * out also among duplicates. Distances are rescored in float64 as ½‖x − y‖², which on unit rows is
 * the cosine distance and, unlike 1 − x·y, is exactly 0 for equal rows and right for near-duplicates.
 */
export interface NeighbourGraph {
  readonly n: number;
  /** Neighbours a row has: as many as asked for, fewer when there are not that many other rows. */
  readonly k: number;
  /** n × k row numbers, nearest first; equal distances in the order of row numbers. */
  readonly ids: Int32Array;
  /** n × k values of ½‖x − y‖². */
  readonly distances: Float64Array;
  /**
   * The row farthest from each row, up to the rounding of float32 products; null when it was not asked
   * for, or an approximate index, which cannot tell, was used.
   */
  readonly farthest: Int32Array | null;
  readonly index: IndexInfo;
}

export interface IndexInfo {
  readonly kind: IndexKind;
  readonly recall: number;
  /** Rows that recall was measured on; 0 for an exact index, whose recall is 1 by construction. */
  readonly queries: number;
  readonly why: string;
}

export type IndexKind = 'exact' | 'ivf' | 'hnsw';

/** Neighbours of other rows in an index: for every query its k nearest indexed rows. */
export interface NeighbourLists {
  readonly k: number;
  readonly ids: Int32Array;
  readonly distances: Float64Array;
  /** The indexed row farthest from each query, where it was asked for and the index can tell. */
  readonly farthest: Int32Array | null;
}

export interface SearchOptions extends ComputeOptions {
  /** Whether to look for the farthest row of every query too. Default false. */
  readonly farthest?: boolean | undefined;
}

/** What every index can do. An index does not copy the vectors: keep them as they are while it is used. */
export interface NeighbourIndex {
  readonly kind: IndexKind;
  readonly n: number;
  readonly dims: number;
  /** The k nearest indexed rows of every query; fewer when fewer are indexed. */
  search(queries: Vectors, k: number, options?: SearchOptions): Promise<NeighbourLists>;
}
