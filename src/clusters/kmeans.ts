import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { type Random, random } from '../base/random.ts';
import { type ComputeOptions, cpu, type Device } from '../compute/device.ts';
import { assign } from '../compute/kernels/assign.ts';
import { products } from '../compute/kernels/products.ts';
import { drawWeighted, openSeeder, type Seeder } from '../compute/seeding.ts';
import { rowOf, selectRows, type Vectors } from '../compute/vectors.ts';

/**
 * Spherical k-means on unit rows (Dhillon & Modha 2001): a row belongs to the centre with the largest
 * cosine, a centre is the direction of its rows' sum. Seeded by greedy k-means++ (Arthur &
 * Vassilvitskii 2007; the greedy trials as in scikit-learn), several starts, of which the one that is best after a few rounds goes on.
 * Of many rows samples are enough for all but the last step (TRIAL_ROWS, FIT_ROWS), which puts every row
 * with its nearest centre.
 */
export interface KMeans {
  /** Occupied clusters; may be fewer than asked for when there are fewer different rows. */
  readonly k: number;
  /** Unit centres, k × dims. */
  readonly centres: Float32Array;
  readonly labels: Int32Array;
}

export interface KMeansOptions extends ComputeOptions {
  readonly seed: number;
  /**
   * Row numbers in an order that depends on what the rows are, not on where they stand: draws are
   * made along it, so shuffling the input changes nothing.
   */
  readonly order: Int32Array;
  /** Seedings tried; by default 20 for small sets, where they cost nothing, down to 4. */
  readonly starts?: number;
  readonly iterations?: number;
}

/** Rows that centres are fitted on; beyond it a sample does, and all rows are assigned at the end. */
const FIT_ROWS = 65_536;
/** Rows that starts compete on. */
const TRIAL_ROWS = 16_384;
/** Rows that starts are drawn from: so many, or so many a cluster. */
const SEED_ROWS = 4_096;
const SEEDS_A_CLUSTER = 40;

/** What a round must add to the mean cosine for another one: of starts that compete, and of the best of them. */
const ROUGHLY = 1e-4;
const SETTLED = 1e-6;
/** The same of the best start on a sample, whose centres are no surer than that. */
const SETTLED_SAMPLE = 1e-5;

/** √n within 8…256, and never more than there are rows. */
export const defaultClusters = (n: number): number =>
  Math.min(n, Math.max(8, Math.min(256, Math.round(Math.sqrt(n)))));

export async function sphericalKMeans(
  unit: Vectors,
  k: number,
  options: KMeansOptions,
): Promise<KMeans> {
  const { dims } = unit;
  const { device = cpu } = options;
  const fitRows = options.order.subarray(0, FIT_ROWS);
  // Rows in content order: sums, and so the last bits of centres, do not depend on the input's order.
  const fit = selectRows(unit, fitRows);
  const trial = selectRows(unit, fitRows.subarray(0, TRIAL_ROWS));
  const seeds = selectRows(unit, fitRows.subarray(0, Math.max(SEED_ROWS, SEEDS_A_CLUSTER * k)));
  const starts = options.starts ?? Math.max(4, Math.min(20, Math.round(40_000 / unit.n)));
  const uniform = random(options.seed);
  const seeder = await seederFor(device, seeds);
  let best: { centres: Float32Array; score: number } | null = null;
  try {
    for (let start = 0; start < starts; start += 1) {
      throwIfAborted(options.signal);
      const first = concatenated(seeds, await seeder.seed(k, uniform));
      const found = await lloyd(device, trial, first, ROUGHLY, options);
      if (best === null || found.score > best.score + 1e-9 * Math.abs(best.score)) best = found;
      options.onProgress?.({ stage: 'clusters', done: start + 1, total: starts, unit: 'starts' });
    }
  } finally {
    await seeder.close();
  }
  const settled = unit.n > fit.n ? SETTLED_SAMPLE : SETTLED;
  const centres =
    best === null
      ? new Float32Array(0)
      : (await lloyd(device, fit, best.centres, settled, options)).centres;
  const assigned = await assignRows(device, unit, centres);
  return compact(centres, assigned.labels, dims);
}

/** The label of the nearest unit centre for every row, and the sum of the cosines. */
export async function assignRows(
  device: Device,
  unit: Vectors,
  centres: Float32Array,
): Promise<{ labels: Int32Array; cosines: Float32Array; score: number }> {
  const k = unit.dims === 0 ? 0 : centres.length / unit.dims;
  const labels = new Int32Array(unit.n);
  const cosines = new Float32Array(unit.n);
  const offsets = new Float32Array(k);
  let score = 0;
  let at = 0;
  if (k === 0) return { labels, cosines, score };
  for (const block of unit.blocks) {
    const found = await assign(device, block, centres, offsets, unit.dims);
    for (let i = 0; i < found.index.length; i += 1) {
      labels[at] = found.index[i]!;
      cosines[at] = found.score[i]!;
      score += found.score[i]!;
      at += 1;
    }
  }
  return { labels, cosines, score };
}

/**
 * On a native device products of rows with candidates are a little faster than our own kernel, which
 * is several times as fast as products on a wasm device (20,000 × 512, k = 256). Both choose the same rows.
 */
async function seederFor(device: Device, rows: Vectors): Promise<Seeder> {
  if (device.name === 'wasm') return openSeeder(rows);
  const seed = (k: number, uniform: Random): Promise<Int32Array> =>
    seedRows(device, rows, k, uniform);
  return { seed, close: async () => {} };
}

/** The same draws and choices as in ../compute/seeding.ts, through the device's products. */
async function seedRows(
  device: Device,
  rows: Vectors,
  k: number,
  uniform: Random,
): Promise<Int32Array> {
  const { n } = rows;
  const count = Math.min(k, n);
  const trials = 2 + Math.floor(Math.log(Math.max(count, 1)));
  const chosen = new Int32Array(count);
  if (count === 0) return chosen;
  chosen[0] = Math.min(n - 1, Math.floor(uniform() * n));
  let distances = await cosineDistances(device, rows, rowOf(rows, chosen[0]));
  for (let c = 1; c < count; c += 1) {
    const drawn = drawWeighted(distances, trials, uniform);
    const candidates = concatenated(rows, drawn);
    const far = await cosineDistances(device, rows, candidates);
    let bestTrial = 0;
    let bestSum = Number.POSITIVE_INFINITY;
    for (let t = 0; t < trials; t += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += Math.min(distances[i]!, far[t * n + i]!);
      if (sum < bestSum) {
        bestSum = sum;
        bestTrial = t;
      }
    }
    const nearer = far.subarray(bestTrial * n, (bestTrial + 1) * n);
    distances = distances.map((distance, i) => Math.min(distance, nearer[i]!));
    chosen[c] = drawn[bestTrial]!;
  }
  return chosen;
}

/** A copy of the rows at `indices`, one after the other. */
function concatenated(rows: Vectors, indices: ArrayLike<number>): Float32Array {
  const data = new Float32Array(indices.length * rows.dims);
  for (let i = 0; i < indices.length; i += 1) data.set(rowOf(rows, indices[i]!), i * rows.dims);
  return data;
}

/** 1 − x·c for every centre and row, centre by centre. Proportional to squared distance. */
async function cosineDistances(
  device: Device,
  rows: Vectors,
  centres: Float32Array,
): Promise<Float32Array> {
  const count = centres.length / rows.dims;
  const distances = new Float32Array(count * rows.n);
  let at = 0;
  for (const block of rows.blocks) {
    const tile = await products(device, centres, block, rows.dims);
    const width = block.length / rows.dims;
    for (let c = 0; c < count; c += 1) {
      for (let i = 0; i < width; i += 1) {
        distances[c * rows.n + at + i] = Math.max(0, 1 - tile[c * width + i]!);
      }
    }
    at += width;
  }
  return distances;
}

async function lloyd(
  device: Device,
  rows: Vectors,
  first: Float32Array,
  least: number,
  options: KMeansOptions,
): Promise<{ centres: Float32Array; score: number }> {
  const limit = options.iterations ?? 50;
  let centres = first;
  let assigned = await assignRows(device, rows, centres);
  const sums = clusterSums(rows.dims, centres.length / rows.dims);
  for (let round = 0; round < limit; round += 1) {
    throwIfAborted(options.signal);
    await breathe();
    sums.follow(rows, assigned.labels);
    centres = directions(rows, assigned.cosines, sums);
    const next = await assignRows(device, rows, centres);
    const settled = next.score - assigned.score <= least * rows.n;
    assigned = next;
    if (settled) break;
  }
  return { centres, score: assigned.score };
}

interface ClusterSums {
  /** Sums of the rows of each cluster, k × dims, and how many they are. */
  readonly sums: Float64Array;
  readonly counts: Int32Array;
  /** Moves the rows whose label is another than before; the others are in their sums already. */
  follow(rows: Vectors, labels: Int32Array): void;
}

function clusterSums(dims: number, k: number): ClusterSums {
  const sums = new Float64Array(k * dims);
  const counts = new Int32Array(k);
  let before: Int32Array | null = null;
  return {
    ...{ sums, counts },
    follow(rows, labels) {
      for (let i = 0; i < rows.n; i += 1) {
        const [to, from] = [labels[i]!, before === null ? -1 : before[i]!];
        if (to === from) continue;
        const row = rowOf(rows, i);
        counts[to]! += 1;
        for (let j = 0, at = to * dims; j < dims; j += 1) sums[at + j]! += row[j]!;
        if (from < 0) continue;
        counts[from]! -= 1;
        for (let j = 0, at = from * dims; j < dims; j += 1) sums[at + j]! -= row[j]!;
      }
      before = labels;
    },
  };
}

/** Squared length of a sum below which only rounding is left of rows that cancel out. */
const CANCELLED = 1e-20;

/** The direction of each cluster's sum; a cluster that lost its rows takes the worst-placed row. */
function directions(
  rows: Vectors,
  cosines: Float32Array,
  { sums, counts }: ClusterSums,
): Float32Array {
  const { dims } = rows;
  const k = counts.length;
  const centres = new Float32Array(k * dims);
  const taken = new Set<number>();
  for (let c = 0; c < k; c += 1) {
    let norm = 0;
    for (let j = 0; j < dims; j += 1) norm += sums[c * dims + j]! ** 2;
    if (counts[c] === 0 || norm < CANCELLED) {
      centres.set(rowOf(rows, worstPlaced(cosines, taken)), c * dims);
      continue;
    }
    const scale = 1 / Math.sqrt(norm);
    for (let j = 0; j < dims; j += 1) centres[c * dims + j] = sums[c * dims + j]! * scale;
  }
  return centres;
}

/** The row farthest from its centre that no other cluster took. */
function worstPlaced(cosines: Float32Array, taken: Set<number>): number {
  let worst = -1;
  for (let i = 0; i < cosines.length; i += 1) {
    if (!taken.has(i) && (worst === -1 || cosines[i]! < cosines[worst]!)) worst = i;
  }
  taken.add(worst);
  return worst;
}

/** Leaves out centres that no row chose and numbers the others by size, largest first. */
function compact(centres: Float32Array, labels: Int32Array, dims: number): KMeans {
  const k = dims === 0 ? 0 : centres.length / dims;
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label]! += 1;
  const order = Array.from({ length: k }, (_, c) => c)
    .filter((c) => sizes[c]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const renumbered = new Int32Array(k);
  const kept = new Float32Array(order.length * dims);
  for (const [to, from] of order.entries()) {
    renumbered[from] = to;
    kept.set(centres.subarray(from * dims, (from + 1) * dims), to * dims);
  }
  return { k: order.length, centres: kept, labels: labels.map((label) => renumbered[label]!) };
}
