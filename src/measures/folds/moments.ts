import { type ComputeOptions, cpu, type Device } from '../../compute/device.ts';
import { gram } from '../../compute/kernels/gram.ts';
import { GROUPS } from '../../stats/groups.ts';
import type { Batch, Fold } from './fold.ts';

/**
 * Second moments per group: Σ x xᵀ, Σ x and n for each of the groups that rows are dealt to. Cosine
 * Vendi scores of every order, the covariance's spectrum and the mean pairwise distance all follow
 * from them, and so do their values without any one group. Work n·d², state GROUPS·d², never n×n.
 */
export interface Moments {
  readonly dims: number;
  /** Of unit rows: what the cosine kernel sees. */
  readonly unit: GroupMoments;
  /** Of the rows as the space has them; null while they are the unit rows. */
  raw: GroupMoments | null;
}

export interface GroupMoments {
  /** Rows in each group. */
  readonly counts: Int32Array;
  /** d×d sums of outer products, one a group. */
  readonly grams: readonly Float64Array[];
  /** Sums of rows, one a group. */
  readonly sums: readonly Float64Array[];
  /** Rows of each group that wait for a full tile: many rows a product is what makes it fast. */
  readonly pending: readonly PendingRows[];
}

interface PendingRows {
  readonly rows: Float32Array;
  count: number;
}

const TILE_ROWS = 1024;

export const moments: Fold<Moments> = {
  name: 'moments',

  init(dims) {
    return { dims, unit: emptyMoments(dims), raw: null };
  },

  async observe(state, batch, { device = cpu } = {}) {
    await add(device, state.unit, batch.unit, batch);
    if (batch.vectors === batch.unit) return;
    state.raw ??= emptyMoments(batch.dims);
    await add(device, state.raw, batch.vectors, batch);
  },

  async merge(into, from, { device = cpu } = {}) {
    await mergeMoments(device, into.unit, from.unit, from.dims);
    if (from.raw === null) return;
    into.raw ??= emptyMoments(into.dims);
    await mergeMoments(device, into.raw, from.raw, from.dims);
  },
};

/** Adds the rows that still wait, of unit rows and raw ones. Call it once all rows have been observed. */
export async function flushMoments(
  { unit, raw, dims }: Moments,
  { device = cpu }: ComputeOptions = {},
): Promise<void> {
  await flush(device, unit, dims);
  if (raw !== null) await flush(device, raw, dims);
}

async function flush(device: Device, part: GroupMoments, dims: number): Promise<void> {
  for (let g = 0; g < GROUPS; g += 1) await flushGroup(device, part, g, dims);
}

function emptyMoments(dims: number): GroupMoments {
  const perGroup = <T>(make: () => T): T[] => Array.from({ length: GROUPS }, make);
  return {
    counts: new Int32Array(GROUPS),
    grams: perGroup(() => new Float64Array(dims * dims)),
    sums: perGroup(() => new Float64Array(dims)),
    pending: perGroup(() => ({ rows: new Float32Array(TILE_ROWS * dims), count: 0 })),
  };
}

async function mergeMoments(
  device: Device,
  into: GroupMoments,
  from: GroupMoments,
  dims: number,
): Promise<void> {
  await flush(device, from, dims);
  for (let g = 0; g < GROUPS; g += 1) {
    into.counts[g]! += from.counts[g]!;
    accumulate(into.grams[g]!, from.grams[g]!);
    accumulate(into.sums[g]!, from.sums[g]!);
  }
}

async function add(
  device: Device,
  part: GroupMoments,
  rows: Float32Array,
  batch: Batch,
): Promise<void> {
  const { dims, groups } = batch;
  for (let i = 0; i < groups.length; i += 1) {
    const g = groups[i]!;
    const waiting = part.pending[g]!;
    waiting.rows.set(rows.subarray(i * dims, (i + 1) * dims), waiting.count * dims);
    waiting.count += 1;
    part.counts[g]! += 1;
    if (waiting.count === TILE_ROWS) await flushGroup(device, part, g, dims);
  }
}

async function flushGroup(
  device: Device,
  part: GroupMoments,
  g: number,
  dims: number,
): Promise<void> {
  const waiting = part.pending[g]!;
  if (waiting.count === 0 || dims === 0) return;
  const product = await gram(device, waiting.rows.subarray(0, waiting.count * dims), dims);
  accumulate(part.grams[g]!, product.gram);
  accumulate(part.sums[g]!, product.sum);
  waiting.count = 0;
}

function accumulate(into: Float64Array, from: Float64Array): void {
  for (let i = 0; i < into.length; i += 1) into[i]! += from[i]!;
}
