import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { type Random, random } from '../base/random.ts';
import { type ComputeOptions, cpu, type Device } from '../compute/device.ts';
import { assign } from '../compute/kernels/assign.ts';
import { negativeHalfNorms } from '../compute/kernels/tiles.ts';
import { BLOCK_ROWS, rowOf, type Vectors } from '../compute/vectors.ts';

const ITERATIONS = 50;
/** Improvement, as a share of the inertia, below which rounds end. */
const SETTLED = 1e-4;
/** As many starts as keep rows × buckets × starts about here, 1 to 5. */
const WORK = 2e7;

/**
 * The bucket of each row by euclidean k-means (Lloyd 1982), the best of several starts. Starts are rows
 * drawn at random, as in faiss: buckets that are to follow the density want no seeding that looks for
 * far rows. Draws depend on the order of the rows, so give them in one that depends on what they are.
 */
export async function findBuckets(
  rows: Vectors,
  buckets: number,
  { seed, device = cpu, signal }: ComputeOptions & { readonly seed: number },
): Promise<Int32Array> {
  const k = Math.min(buckets, rows.n);
  const starts = Math.max(1, Math.min(5, Math.round(WORK / (rows.n * k))));
  const uniform = random(seed);
  let best: Placed | null = null;
  for (let start = 0; start < starts; start += 1) {
    let placed = await place(device, rows, drawRows(rows, k, uniform));
    for (let round = 0; round < ITERATIONS; round += 1) {
      throwIfAborted(signal);
      await breathe();
      const next = await place(device, rows, means(rows, placed, k));
      const gain = placed.inertia - next.inertia;
      placed = next;
      if (gain <= SETTLED * placed.inertia) break;
    }
    if (best === null || placed.inertia < best.inertia) best = placed;
  }
  return best!.labels;
}

interface Placed {
  readonly labels: Int32Array;
  /** Squared distance of each row to its centre. */
  readonly distances: Float32Array;
  readonly inertia: number;
}

/** `count` different rows (Floyd's algorithm), one after the other. */
function drawRows(rows: Vectors, count: number, uniform: Random): Float32Array {
  const chosen = new Set<number>();
  for (let top = rows.n - count; top < rows.n; top += 1) {
    const at = Math.floor(uniform() * (top + 1));
    chosen.add(chosen.has(at) ? top : at);
  }
  const centres = new Float32Array(count * rows.dims);
  for (const [c, row] of [...chosen].entries()) centres.set(rowOf(rows, row), c * rows.dims);
  return centres;
}

async function place(device: Device, rows: Vectors, centres: Float32Array): Promise<Placed> {
  const { dims } = rows;
  const offsets = negativeHalfNorms(centres, dims);
  const labels = new Int32Array(rows.n);
  const distances = new Float32Array(rows.n);
  let inertia = 0;
  for (const [b, block] of rows.blocks.entries()) {
    const { index, score } = await assign(device, block, centres, offsets, dims);
    const halfNorms = negativeHalfNorms(block, dims);
    for (let i = 0; i < index.length; i += 1) {
      const distance = Math.max(0, -2 * (halfNorms[i]! + score[i]!));
      labels[b * BLOCK_ROWS + i] = index[i]!;
      distances[b * BLOCK_ROWS + i] = distance;
      inertia += distance;
    }
  }
  return { labels, distances, inertia };
}

/** Centres as means of their rows; one that lost its rows takes the row that is worst placed. */
function means(rows: Vectors, { labels, distances }: Placed, k: number): Float32Array {
  const { dims } = rows;
  const sums = new Float64Array(k * dims);
  const counts = new Int32Array(k);
  for (let i = 0; i < rows.n; i += 1) {
    const row = rowOf(rows, i);
    const at = labels[i]! * dims;
    counts[labels[i]!]! += 1;
    for (let j = 0; j < dims; j += 1) sums[at + j]! += row[j]!;
  }
  const centres = Float32Array.from(sums, (sum, at) => sum / counts[Math.floor(at / dims)]!);
  const empty = Array.from(counts.keys()).filter((c) => counts[c] === 0);
  const worst = empty.length === 0 ? [] : farthest(distances, empty.length);
  for (const [i, c] of empty.entries()) centres.set(rowOf(rows, worst[i]!), c * dims);
  return centres;
}

const farthest = (distances: Float32Array, count: number): number[] =>
  Array.from(distances.keys())
    .sort((a, b) => distances[b]! - distances[a]! || a - b)
    .slice(0, count);
