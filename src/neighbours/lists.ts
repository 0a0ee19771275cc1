import { throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { random } from '../base/random.ts';
import { cpu } from '../compute/device.ts';
import { assign } from '../compute/kernels/assign.ts';
import { negativeHalfNorms } from '../compute/kernels/tiles.ts';
import { BLOCK_ROWS, rowOf, selectRows, type Vectors } from '../compute/vectors.ts';

/** Lists that cost least: their number and their length both make work. */
const listCount = (n: number): number =>
  Math.max(1, Math.min(MOST_LISTS, n, Math.round(2 * Math.sqrt(n))));
const MOST_LISTS = 65_535;
/** Rows for every centre that the centres are fitted on, and how often they are. */
const FIT_ROWS = 24;
const ROUNDS = 4;

export interface ListOptions extends RunOptions {
  readonly seed: number;
  /** Whether all rows have the same length: then centres get length one. */
  readonly unit: boolean;
}

/** Centres of lists, row-major, and what is added to a product with each so that scores order by distance. */
export interface Centres {
  readonly data: Float32Array;
  readonly offsets: Float32Array;
}

/** k-means, spherical on unit rows, on a drawn sample: each row goes to the list of its nearest centre. */
export async function fitCentres(vectors: Vectors, options: ListOptions): Promise<Centres> {
  const { n, dims } = vectors;
  const count = listCount(n);
  const fit = selectRows(vectors, drawRows(n, Math.min(n, FIT_ROWS * count), options.seed));
  let centres = new Float32Array(count * dims);
  for (let c = 0; c < count; c += 1) centres.set(rowOf(fit, c), c * dims);
  for (let round = 0; round < ROUNDS; round += 1) {
    throwIfAborted(options.signal);
    centres = meansOf(
      fit,
      await labelsOf(fit, withOffsets(centres, dims, options)),
      centres,
      options,
    );
    await breathe();
  }
  return withOffsets(centres, dims, options);
}

const withOffsets = (data: Float32Array, dims: number, { unit }: ListOptions): Centres => ({
  data,
  offsets: unit ? new Float32Array(data.length / dims) : negativeHalfNorms(data, dims),
});

/** Different rows, drawn evenly, in a drawn order. */
export function drawRows(n: number, count: number, seed: number): Int32Array {
  const uniform = random(seed);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i += 1) {
    const j = i + Math.floor(uniform() * (n - i));
    const row = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = row;
  }
  return rows.slice(0, count);
}

async function labelsOf(rows: Vectors, { data, offsets }: Centres): Promise<Int32Array> {
  const labels = new Int32Array(rows.n);
  for (const [b, block] of rows.blocks.entries()) {
    const { index } = await assign(cpu, block, data, offsets, rows.dims);
    labels.set(index, b * BLOCK_ROWS);
  }
  return labels;
}

/** The mean of each list's rows, or its direction; of a list that has no rows or no direction, the old centre. */
function meansOf(
  { n, dims, blocks }: Vectors,
  labels: Int32Array,
  old: Float32Array,
  { unit }: ListOptions,
): Float32Array<ArrayBuffer> {
  const means = new Float32Array(old.length);
  const sizes = new Int32Array(old.length / dims);
  for (let i = 0; i < n; i += 1) {
    const block = blocks[Math.floor(i / BLOCK_ROWS)]!;
    const from = (i % BLOCK_ROWS) * dims;
    const to = labels[i]! * dims;
    sizes[labels[i]!]! += 1;
    for (let j = 0; j < dims; j += 1) means[to + j]! += block[from + j]!;
  }
  for (const [c, size] of sizes.entries()) {
    const sum = means.subarray(c * dims, (c + 1) * dims);
    const scale = unit ? 1 / Math.sqrt(sum.reduce((a, b) => a + b * b, 0)) : 1 / size;
    if (Number.isFinite(scale)) for (let j = 0; j < dims; j += 1) sum[j]! *= scale;
    else sum.set(old.subarray(c * dims, (c + 1) * dims));
  }
  return means;
}
