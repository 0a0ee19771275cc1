import { random } from '../base/random.ts';
import { findClusters } from '../clusters/clusters.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import { neighbourGraph } from '../neighbours/graph.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type { Agreement } from './report.ts';
import { adjustedRand, spearman } from './statistics.ts';

/** Neighbours that are compared. */
const K = 15;
/** Pairs of rows whose similarity is compared; all of them where there are no more. */
const PAIRS = 50_000;

/** What of a setup's vectors is held against another's. */
export interface Shape {
  readonly cosines: Float64Array;
  readonly graph: NeighbourGraph;
  readonly labels: Int32Array;
  readonly k: number;
}

export interface ShapeOptions {
  readonly seed: number;
  /** Rows in the order that k-means++ draws from. */
  readonly order: Int32Array;
  readonly signal?: AbortSignal | undefined;
}

export async function shapeOf(unit: Vectors, options: ShapeOptions): Promise<Shape> {
  const { seed, order, signal } = options;
  const graph = await neighbourGraph(unit, K, { index: 'exact', signal });
  const { labels, k } = await findClusters(unit, { seed, order, signal });
  return { cosines: cosinesOf(unit, seed), graph, labels, k };
}

/** How far two setups see the same: what `Agreement` says, whichever of them comes first. */
export function agreementOf(one: Shape, other: Shape): Agreement {
  const { k, n } = one.graph;
  let same = 0;
  for (let row = 0; row < n; row += 1) {
    const theirs = new Set(other.graph.ids.subarray(row * k, (row + 1) * k));
    for (let i = row * k; i < (row + 1) * k; i += 1) if (theirs.has(one.graph.ids[i]!)) same += 1;
  }
  return {
    similarity: spearman(one.cosines, other.cosines),
    pairs: one.cosines.length,
    neighbours: k === 0 ? null : same / (n * k),
    k,
    clusters: adjustedRand(one.labels, other.labels),
  };
}

function cosinesOf(unit: Vectors, seed: number): Float64Array {
  const { n } = unit;
  const all = (n * (n - 1)) / 2;
  const found: number[] = [];
  if (all <= PAIRS) {
    for (let a = 1; a < n; a += 1) for (let b = 0; b < a; b += 1) found.push(dot(unit, a, b));
    return Float64Array.from(found);
  }
  const uniform = random(seed);
  while (found.length < PAIRS) {
    const a = Math.floor(uniform() * n);
    const b = Math.floor(uniform() * (n - 1));
    found.push(dot(unit, a, b < a ? b : b + 1));
  }
  return Float64Array.from(found);
}

export function dot(unit: Vectors, a: number, b: number): number {
  const [x, y] = [rowOf(unit, a), rowOf(unit, b)];
  let sum = 0;
  for (let j = 0; j < x.length; j += 1) sum += x[j]! * y[j]!;
  return sum;
}
