import { type Clusters, centresOf, clustersOfPart, findClusters } from '../clusters/clusters.ts';
import { assignRows } from '../clusters/kmeans.ts';
import { cpu, type Device } from '../compute/device.ts';
import { rowOf, type Vectors, vectorsOf } from '../compute/vectors.ts';
import type { MeasureContext } from '../measures/measure.ts';
import type { Rows } from '../measures/rows.ts';
import type { GraphOptions } from '../neighbours/graph.ts';
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
}

/** Rows of all sides together that clusters are fitted on, and that the map shows. */
const POOL_ROWS = 20_000;

/** Equally many rows of every side, so that none decides where clusters lie by being large. */
export function poolOf(sides: readonly Side[], n: number, most = POOL_ROWS): Pool {
  const each = Math.min(n, Math.max(1, Math.floor(most / sides.length)));
  const { dims } = sides[0]!.rows.unit;
  const data = new Float32Array(sides.length * each * dims);
  const of = new Int32Array(sides.length * each);
  const row = new Int32Array(of.length);
  let at = 0;
  for (const [s, { rows }] of sides.entries()) {
    for (const i of rows.order.subarray(0, each)) {
      data.set(rowOf(rows.unit, i), at * dims);
      of[at] = s;
      row[at] = i;
      at += 1;
    }
  }
  return { unit: vectorsOf(data, dims), of, row };
}

export interface Pool {
  readonly unit: Vectors;
  /** Of each row of the pool, the side that it is from and its number there. */
  readonly of: Int32Array;
  readonly row: Int32Array;
}

/** One partition for all: fitted on the pool, every row of every side then given its nearest centre. */
export async function sharedClusters(
  sides: readonly Side[],
  pool: Pool,
  { k, seed, device = cpu, signal }: ClusterOptions,
): Promise<Clusters[]> {
  const order = interleaved(pool);
  const found = await findClusters(pool.unit, { k, seed, order, device, signal });
  const centres = centresOf(found);
  const clusters: Clusters[] = [];
  for (const { rows } of sides) {
    const { labels } = await assignRows(device, rows.unit, centres);
    clusters.push({ ...found, labels });
  }
  return clusters;
}

interface ClusterOptions {
  readonly k: number | undefined;
  readonly seed: number;
  readonly device: Device | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The first rows of every side, then their second ones: what is fitted on a beginning is of all. */
function interleaved({ of }: Pool): Int32Array {
  const sides = of.length === 0 ? 1 : of.at(-1)! + 1;
  const each = of.length / sides;
  return Int32Array.from(of, (_, i) => (i % sides) * each + Math.floor(i / sides));
}

/** The shared partition as some rows of a side see it: occupied clusters only. */
export const partitionOf = (rows: Rows, clusters: Clusters, chosen: Int32Array): Clusters =>
  clustersOfPart(rows.unit, clusters, chosen);
