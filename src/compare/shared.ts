import { type Clusters, clustersOfPart } from '../clusters/clusters.ts';
import type { MeasureContext } from '../measures/measure.ts';
import type { Rows } from '../measures/rows.ts';
import type { Search } from '../neighbours/search-log.ts';
import type { Judging } from './judge.ts';

/** What all datasets of a comparison are measured with. */
export interface Shared {
  readonly context: MeasureContext;
  readonly search: Search;
  readonly reference: Rows | null;
  /** Clusters of the pool, for each side with the labels of its rows. */
  readonly clusters: readonly Clusters[];
  /** What rows are judged by, for each side with the cells of its rows. */
  readonly judging: Judging;
}

/** The shared partition as some rows of a side see it: occupied clusters only. */
export const partitionOf = (rows: Rows, clusters: Clusters, chosen: Int32Array): Clusters =>
  clustersOfPart(rows.unit, clusters, chosen);
