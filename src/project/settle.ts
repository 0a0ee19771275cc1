import { throwIfAborted } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { mix } from '../base/random.ts';
import { allocateIn, type WasmBuild } from '../compute/wasm.ts';
import {
  type Components,
  openUmapPool,
  padded,
  placeGraph,
  placeRows,
  STRONGEST_PULL,
  slotsFor,
  strideOf,
  unpadded,
} from './engines/wasm.ts';
import type { SparseGraph } from './fuzzy.ts';
import { memberships } from './fuzzy.ts';

/**
 * New rows on a map that is already made, as umap-learn's `transform` places them: from the mean of
 * their neighbours' places, weighted by strength, they move for a while among the map's rows, which
 * stay. A row at distance 0 from one of the map takes its place. Unlike there a row's schedule and
 * draws depend on its own neighbours alone, so it lands at the same place in any company.
 */
export interface SettleOptions extends RunOptions {
  readonly components: Components;
  readonly a: number;
  readonly b: number;
  readonly seed: number;
  /** Default 100, or 30 above 10,000 rows: of those that umap-learn takes. */
  readonly epochs?: number | undefined;
  readonly threads?: number | undefined;
  readonly build?: WasmBuild | undefined;
}

/** For each of n new rows its k nearest rows of the map, nearest first. */
export interface OnMap {
  readonly n: number;
  readonly k: number;
  readonly ids: Int32Array;
  readonly distances: ArrayLike<number>;
}

/** The learning rate, as a part of that of a new map. */
const RATE = 0.25;
const MANY_ROWS = 10_000;
/** Rows in one call of the kernel: a look at the signal between. */
const ROWS_A_TASK = 50_000;

/** Row-major places of the new rows. `places` are those of the map's rows. */
export async function settle(
  near: OnMap,
  places: Float32Array,
  options: SettleOptions,
): Promise<Float32Array> {
  const { n, k } = near;
  const { components } = options;
  const epochs = options.epochs ?? (n > MANY_ROWS ? 30 : 100);
  const strengths = memberships(near.distances, n, k);
  const start = meanPlaces(near, strengths, places, components);
  const pool = await openUmapPool(n, options);
  try {
    const stride = strideOf(components);
    const mapRows = places.length / components;
    const room = (bytes: number): number =>
      allocateIn(pool.exports, bytes, `${n} rows on a map of ${mapRows}`);
    const slots = slotsFor(mapRows, options.seed);
    const fixed = placeRows(pool, places, components, slots, room);
    const moving = room(4 * stride * n);
    const graph = placeGraph(pool, pullsOf(near, strengths), room, slots);
    const seeds = room(4 * n);
    const { buffer } = pool.exports.memory;
    padded(start, components, new Float32Array(buffer, moving, stride * n));
    new Int32Array(buffer, seeds, n).set(seedsOf(near, options.seed));
    for (let first = 0; first < n; first += ROWS_A_TASK) {
      throwIfAborted(options.signal);
      const rows = Math.min(ROWS_A_TASK, n - first);
      await pool.run(
        'settle',
        ...[moving + 4 * stride * first, fixed, mapRows],
        ...[graph[0] + 4 * first, graph[1], graph[2], seeds + 4 * first, rows, components],
        ...[options.a, options.b, STRONGEST_PULL, epochs, RATE],
      );
      options.onProgress?.({ stage: 'map', done: first + rows, total: n, unit: 'rows' });
    }
    return unpadded(new Float32Array(buffer, moving, stride * n), components, n);
  } finally {
    await pool.close();
  }
}

/** The neighbours' places, weighted by strength; the place itself of a row that is on the map. */
export function meanPlaces(
  { n, k, ids, distances }: OnMap,
  strengths: Float32Array,
  places: Float32Array,
  components: number,
): Float32Array {
  const start = new Float32Array(n * components);
  for (let i = 0; i < n; i += 1) {
    const known = k > 0 && distances[i * k] === 0;
    const reach = known ? 1 : k;
    let sum = 0;
    for (let j = 0; j < reach; j += 1) sum += known ? 1 : strengths[i * k + j]!;
    for (let j = 0; j < reach; j += 1) {
      const share = known ? 1 : strengths[i * k + j]! / sum;
      const from = ids[i * k + j]! * components;
      for (let c = 0; c < components; c += 1) {
        start[i * components + c]! += share * places[from + c]!;
      }
    }
  }
  return start;
}

/** Which rows of the map pull each new row; none pull a row that has its place. */
function pullsOf({ n, k, ids, distances }: OnMap, strengths: Float32Array): SparseGraph {
  const offsets = new Int32Array(n + 1);
  const columns = new Int32Array(n * k);
  const weights = new Float32Array(n * k);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    const known = k > 0 && distances[i * k] === 0;
    const strongest = strengths[i * k] || 1;
    for (let j = i * k; j < (i + 1) * k && !known; j += 1) {
      columns[count] = ids[j]!;
      weights[count] = strengths[j]! / strongest;
      count += 1;
    }
    offsets[i + 1] = count;
  }
  return { n, offsets, columns: columns.slice(0, count), weights: weights.slice(0, count) };
}

function seedsOf({ n, k, ids }: OnMap, seed: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => mix(seed, ...ids.subarray(i * k, (i + 1) * k)));
}
