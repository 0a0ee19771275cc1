import type { RunOptions } from '../base/progress.ts';
import { random } from '../base/random.ts';
import { symmetricEigen } from '../compute/eigen.ts';
import { rowOf, squaredDistance, type Vectors } from '../compute/vectors.ts';
import type { SparseGraph } from './fuzzy.ts';
import { LANCZOS_ROWS, leadingVectors } from './lanczos.ts';

/**
 * Where umap-learn starts its layouts: the eigenvectors of the graph's normalised Laplacian behind the
 * trivial one (Belkin & Niyogi 2003). A graph in several parts gets each part's own, around a place for
 * the part; the places come from the same embedding of the parts' centres, with affinities
 * exp(−distance²), or lie on the axes where the parts are few.
 */
export interface SpectralOptions extends RunOptions {
  readonly seed: number;
  readonly threads?: number | undefined;
}

/** More parts than this are no map to start from; and their places take n³. */
const MOST_PARTS = 1000;

/** Row-major n × components, or why there is no such start. */
export async function spectralStart(
  graph: SparseGraph,
  vectors: Vectors,
  components: number,
  options: SpectralOptions,
): Promise<Float64Array | string> {
  const { n } = graph;
  const { labels, count } = connectedParts(graph);
  if (count === 1) return (await embedding(graph, components, options)) ?? UNSETTLED;
  if (count > MOST_PARTS) return `the graph falls into ${count} parts`;
  const places = await partPlaces(vectors, labels, count, components);
  const start = new Float64Array(n * components);
  const uniform = random(options.seed);
  const members = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < n; i += 1) members[labels[i]!]!.push(i);
  for (const [part, rows] of members.entries()) {
    const reach = reachOf(places, part, components);
    const few = rows.length < 2 * components || rows.length <= components + 1;
    const found = few ? null : await embedding(partOf(graph, rows), components, options);
    if (!few && found === null) return UNSETTLED;
    let largest = 0;
    for (const value of found ?? []) largest = Math.max(largest, Math.abs(value));
    for (const [r, i] of rows.entries()) {
      for (let c = 0; c < components; c += 1) {
        const own =
          found === null ? 2 * uniform() - 1 : found[r * components + c]! / (largest || 1);
        start[i * components + c] = places[part * components + c]! + reach * own;
      }
    }
  }
  return start;
}

const UNSETTLED = 'the eigenvectors did not settle';

/** The graph's parts that no edge connects, numbered in the order of their first rows. */
export function connectedParts({ n, offsets, columns }: SparseGraph): {
  labels: Int32Array;
  count: number;
} {
  const labels = new Int32Array(n).fill(-1);
  const stack: number[] = [];
  let count = 0;
  for (let first = 0; first < n; first += 1) {
    if (labels[first] !== -1) continue;
    labels[first] = count;
    stack.push(first);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
        const other = columns[e]!;
        if (labels[other] !== -1) continue;
        labels[other] = count;
        stack.push(other);
      }
    }
    count += 1;
  }
  return { labels, count };
}

/** The graph of some rows that no edge leaves; rows are numbered anew in their order. */
function partOf(graph: SparseGraph, rows: readonly number[]): SparseGraph {
  const renumbered = new Map(rows.map((row, r) => [row, r]));
  const offsets = new Int32Array(rows.length + 1);
  for (const [r, i] of rows.entries()) {
    offsets[r + 1] = offsets[r]! + graph.offsets[i + 1]! - graph.offsets[i]!;
  }
  const columns = new Int32Array(offsets[rows.length]!);
  const weights = new Float32Array(offsets[rows.length]!);
  for (const [r, i] of rows.entries()) {
    const [from, to] = [graph.offsets[i]!, graph.offsets[i + 1]!];
    weights.set(graph.weights.subarray(from, to), offsets[r]!);
    for (let e = from; e < to; e += 1) {
      columns[offsets[r]! + e - from] = renumbered.get(graph.columns[e]!)!;
    }
  }
  return { n: rows.length, offsets, columns, weights };
}

/** The eigenvectors of a connected graph, row-major; null when they do not settle. */
async function embedding(
  graph: SparseGraph,
  components: number,
  options: SpectralOptions,
): Promise<Float64Array | null> {
  const { n } = graph;
  if (n < LANCZOS_ROWS) return denseEmbedding(affinityOf(graph), n, components, false);
  const found = await leadingVectors(graph, components, options);
  if (found === null) return null;
  const rows = new Float64Array(n * components);
  for (const [c, vector] of found.vectors.entries()) {
    let largest = 0;
    for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
    const sign = Math.sign(largest) || 1;
    for (let i = 0; i < n; i += 1) rows[i * components + c] = sign * vector[i]!;
  }
  return rows;
}

function affinityOf({ n, offsets, columns, weights }: SparseGraph): Float64Array {
  const affinity = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
      affinity[i * n + columns[e]!] = weights[e]!;
    }
  }
  return affinity;
}

/**
 * The same from a dense affinity, whose diagonal counts for nothing; `byDegree` divides each row by the
 * root of its degree, as scikit-learn's SpectralEmbedding does.
 */
async function denseEmbedding(
  affinity: Float64Array,
  n: number,
  components: number,
  byDegree: boolean,
): Promise<Float64Array> {
  const roots = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) if (j !== i) roots[i]! += affinity[i * n + j]!;
    roots[i] = Math.sqrt(roots[i]!) || 1;
  }
  const normalised = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (j !== i) normalised[i * n + j] = affinity[i * n + j]! / (roots[i]! * roots[j]!);
    }
  }
  const { vectors } = await symmetricEigen(normalised, n);
  const rows = new Float64Array(n * components);
  for (let c = 0; c < Math.min(components, n - 1); c += 1) {
    const vector = vectors.subarray((n - 2 - c) * n, (n - 1 - c) * n);
    for (let i = 0; i < n; i += 1) {
      rows[i * components + c] = vector[i]! / (byDegree ? roots[i]! : 1);
    }
  }
  return rows;
}

/** Row-major places of the parts. */
async function partPlaces(
  vectors: Vectors,
  labels: Int32Array,
  count: number,
  components: number,
): Promise<Float64Array> {
  const places = new Float64Array(count * components);
  if (count <= 2 * components) {
    const half = Math.ceil(count / 2);
    for (let part = 0; part < count; part += 1) {
      places[part * components + (part % half)] = part < half ? 1 : -1;
    }
    return places;
  }
  const { n, dims } = vectors;
  const centres = Array.from({ length: count }, () => new Float32Array(dims));
  const sizes = new Int32Array(count);
  for (const label of labels) sizes[label]! += 1;
  for (let i = 0; i < n; i += 1) {
    const centre = centres[labels[i]!]!;
    const row = rowOf(vectors, i);
    for (let j = 0; j < dims; j += 1) centre[j]! += row[j]! / sizes[labels[i]!]!;
  }
  const affinity = new Float64Array(count * count);
  for (const [i, a] of centres.entries()) {
    for (const [j, b] of centres.entries())
      affinity[i * count + j] = Math.exp(-squaredDistance(a, b));
  }
  places.set(await denseEmbedding(affinity, count, components, true));
  let largest = 0;
  for (const value of places) largest = Math.max(largest, value);
  for (let at = 0; at < places.length; at += 1) places[at]! /= largest || 1;
  return places;
}

/** Half of the way to the nearest other part. */
function reachOf(places: Float64Array, part: number, components: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let other = 0; other < places.length / components; other += 1) {
    let squared = 0;
    for (let c = 0; c < components; c += 1) {
      squared += (places[part * components + c]! - places[other * components + c]!) ** 2;
    }
    if (squared > 0) nearest = Math.min(nearest, squared);
  }
  return nearest === Number.POSITIVE_INFINITY ? 1 : Math.sqrt(nearest) / 2;
}
