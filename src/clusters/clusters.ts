import type { ComputeOptions } from '../compute/device.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import { defaultClusters, sphericalKMeans } from './kmeans.ts';

/** A partition of the rows, found by k-means or brought along, with what measures need to know of it. */
export interface Clusters {
  readonly source: 'found' | 'given';
  readonly k: number;
  /** The cluster of each row, 0 … k − 1, numbered by size, largest first. */
  readonly labels: Int32Array;
  readonly sizes: Int32Array;
  /** Sums of the unit rows of each cluster, k × dims. */
  readonly sums: Float64Array;
  readonly dims: number;
  /** The labels that were given, by cluster; null for found clusters. */
  readonly names: readonly string[] | null;
}

export interface FindOptions extends ComputeOptions {
  /** Default: √n within 8…256. */
  readonly k?: number | undefined;
  readonly seed: number;
  /** Rows in content order; see KMeansOptions. */
  readonly order: Int32Array;
}

export async function findClusters(unit: Vectors, options: FindOptions): Promise<Clusters> {
  const k = Math.min(options.k ?? defaultClusters(unit.n), unit.n);
  const found = await sphericalKMeans(unit, k, options);
  return describe(unit, found.labels, found.k, 'found', null);
}

/** Clusters from labels that came with the data. */
export function givenClusters(unit: Vectors, labels: readonly string[]): Clusters {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  );
  const numbers = new Map(names.map((name, c) => [name, c]));
  const numbered = Int32Array.from(labels, (label) => numbers.get(label)!);
  return describe(unit, numbered, names.length, 'given', names);
}

/** The same partition of some of the rows: `unit` holds those at `chosen`, in that order. */
export function clustersOfPart(unit: Vectors, whole: Clusters, chosen: Int32Array): Clusters {
  const counts = new Int32Array(whole.k);
  for (const row of chosen) counts[whole.labels[row]!]! += 1;
  const kept = Array.from(counts.keys())
    .filter((c) => counts[c]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b);
  const numbers = new Int32Array(whole.k);
  for (const [number, c] of kept.entries()) numbers[c] = number;
  const labels = Int32Array.from(chosen, (row) => numbers[whole.labels[row]!]!);
  const { names } = whole;
  const left = names === null ? null : kept.map((c) => names[c]!);
  return describe(unit, labels, kept.length, whole.source, left);
}

/** Unit centres: the direction of each cluster's sum (zeros where the rows cancel out). */
export function centresOf({ sums, k, dims }: Clusters): Float32Array {
  const centres = new Float32Array(k * dims);
  for (let c = 0; c < k; c += 1) {
    const sum = sums.subarray(c * dims, (c + 1) * dims);
    const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    if (norm > 0) for (let j = 0; j < dims; j += 1) centres[c * dims + j] = sum[j]! / norm;
  }
  return centres;
}

function describe(
  unit: Vectors,
  labels: Int32Array,
  k: number,
  source: 'found' | 'given',
  names: readonly string[] | null,
): Clusters {
  const { dims } = unit;
  const sizes = new Int32Array(k);
  const sums = new Float64Array(k * dims);
  for (let i = 0; i < unit.n; i += 1) {
    const row = rowOf(unit, i);
    const at = labels[i]! * dims;
    sizes[labels[i]!]! += 1;
    for (let j = 0; j < dims; j += 1) sums[at + j]! += row[j]!;
  }
  return { source, k, labels, sizes, sums, dims, names };
}
