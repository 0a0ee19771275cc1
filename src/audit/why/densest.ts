import type { ClusterReport } from '../report.ts';
import type { DenseReport } from './report.ts';

const CLUSTERS = 12;
/** A cluster of fewer rows is no crowd. */
const CROWD = 5;
/** … nor is one whose rows are not this much closer to each other than any two rows are. */
const CLOSE = 0.5;

/** The clusters that crowd, closest first. `all`: the mean distance of any two rows. */
export function densestOf(clusters: readonly ClusterReport[], all: number | null): DenseReport[] {
  if (all === null || all === 0) return [];
  return clusters
    .flatMap(({ spread: _, meanDistance, ...cluster }): DenseReport[] =>
      meanDistance === null || cluster.rows < CROWD || meanDistance > CLOSE * all
        ? []
        : [{ ...cluster, meanDistance, relative: meanDistance / all }],
    )
    .sort((a, b) => a.meanDistance - b.meanDistance || a.cluster - b.cluster)
    .slice(0, CLUSTERS);
}
