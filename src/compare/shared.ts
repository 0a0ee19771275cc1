import { type Clusters, clustersOfPart } from '../clusters/clusters.ts';
import { rowOf, type Vectors, vectorsOf } from '../compute/vectors.ts';
import type { MeasureContext } from '../measures/measure.ts';
import type { Rows } from '../measures/rows.ts';
import type { GraphOptions } from '../neighbours/graph.ts';
import type { Judging } from './judge.ts';
import type { Side } from './sides.ts';

/** What all datasets of a comparison are measured with. */
export interface Shared {
  readonly context: MeasureContext;
  readonly search: {
    readonly index: GraphOptions['index'];
    readonly recall: GraphOptions['recall'];
  };
  readonly reference: Rows | null;
  /** Clusters of the pool, for each side with the labels of its rows. */
  readonly clusters: readonly Clusters[];
  /** What rows are judged by, for each side with the cells of its rows. */
  readonly judging: Judging;
}

/** Equally many rows of every side, so that none fills the map by being large. */
export function poolOf(sides: readonly Side[], n: number, most: number): Pool {
  const each = Math.min(n, Math.max(1, Math.floor(most / sides.length)));
  const { dims } = sides[0]!.rows.unit;
  const data = new Float32Array(sides.length * each * dims);
  const of = new Int32Array(sides.length * each);
  let at = 0;
  for (const [s, { rows }] of sides.entries()) {
    for (const i of rows.order.subarray(0, each)) {
      data.set(rowOf(rows.unit, i), at * dims);
      of[at] = s;
      at += 1;
    }
  }
  return { unit: vectorsOf(data, dims), of };
}

interface Pool {
  readonly unit: Vectors;
  /** The side that each row of the pool is from. */
  readonly of: Int32Array;
}

/** The shared partition as some rows of a side see it: occupied clusters only. */
export const partitionOf = (rows: Rows, clusters: Clusters, chosen: Int32Array): Clusters =>
  clustersOfPart(rows.unit, clusters, chosen);
