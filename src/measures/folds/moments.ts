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
  /** false when all rows are in group 0, as where no intervals are asked for. */
  readonly grouped: boolean;
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
    return { dims, grouped: true, unit: emptyMoments(dims, true), raw: null };
  },

  async observe(state, batch, { device = cpu } = {}) {
    await add(device, state.unit, batch.unit, batch);
    if (batch.vectors === batch.unit) return;
    state.raw ??= emptyMoments(batch.dims, state.grouped);
    await add(device, state.raw, batch.vectors, batch);
  },

  async merge(into, from, { device = cpu } = {}) {
    await mergeMoments(device, into.unit, from.unit, from.dims);
    if (from.raw === null) return;
    into.raw ??= emptyMoments(into.dims, into.grouped);
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

/** The state of rows that are all in group 0: the others share one set of zeros. */
export function ungroupedMoments(dims: number): Moments {
  return { dims, grouped: false, unit: emptyMoments(dims, false), raw: null };
}

/** The same moments with every row in group 0; none may wait. */
export function ungrouped(moments: Moments): Moments {
  const { dims, unit, raw } = moments;
  const merged = (part: GroupMoments): GroupMoments => {
    const into = emptyMoments(dims, false);
    for (let g = 0; g < GROUPS; g += 1) {
      into.counts[0]! += part.counts[g]!;
      accumulate(into.grams[0]!, part.grams[g]!);
      accumulate(into.sums[0]!, part.sums[g]!);
    }
    return into;
  };
  return { dims, grouped: false, unit: merged(unit), raw: raw && merged(raw) };
}

function emptyMoments(dims: number, grouped: boolean): GroupMoments {
  if (!grouped) {
    const [own, none] = [emptyGroup(dims, TILE_ROWS), emptyGroup(dims, 0)];
    return groupMoments(Array.from({ length: GROUPS }, (_, g) => (g === 0 ? own : none)));
  }
  const all = Array.from({ length: GROUPS }, () => emptyGroup(dims, TILE_ROWS));
  return groupMoments(all);
}

function groupMoments(all: readonly EmptyGroup[]): GroupMoments {
  return {
    counts: new Int32Array(GROUPS),
    grams: all.map(({ gram }) => gram),
    sums: all.map(({ sum }) => sum),
    pending: all.map(({ pending }) => pending),
  };
}

interface EmptyGroup {
  readonly gram: Float64Array;
  readonly sum: Float64Array;
  readonly pending: PendingRows;
}

const emptyGroup = (dims: number, rows: number): EmptyGroup => ({
  gram: new Float64Array(dims * dims),
  sum: new Float64Array(dims),
  pending: { rows: new Float32Array(rows * dims), count: 0 },
});

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
