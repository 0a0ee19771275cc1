import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import { random } from '../../base/random.ts';
import { defaultThreads, openPool, type Pool, type PooledExports } from '../../compute/pool.ts';
import { allocateIn, type WasmBuild } from '../../compute/wasm.ts';
import type { SparseGraph } from '../fuzzy.ts';

/**
 * UMAP's layout in WASM on several threads. The same graph, start and seed give the same bytes on any
 * number of threads: see native/umap.ts.
 */
export interface WasmLayoutOptions extends RunOptions {
  /** 2 or 3. */
  readonly components: Components;
  readonly epochs: number;
  /** The curve 1 / (1 + a·d^2b) that attraction and repulsion are the gradient of. */
  readonly a: number;
  readonly b: number;
  readonly seed: number;
  /** A pool that has been opened before, so that its threads start meanwhile. The caller closes it. */
  readonly pool?: Promise<UmapPool> | undefined;
  /** For a pool of its own. Default: as many as the machine runs at once. The result does not depend on it. */
  readonly threads?: number | undefined;
  readonly build?: WasmBuild | undefined;
}

export type Components = 2 | 3;

export interface UmapExports extends PooledExports {
  allocate(bytes: number): number;
  ready(): void;
  layOut(...args: readonly number[]): void;
  settle(...args: readonly number[]): void;
}
export type UmapPool = Pool<UmapExports>;

/** Below it handing out the rounds costs more than a second thread saves. */
const ROWS_WORTH_THREADS = 2000;
/**
 * The largest part of the way to a neighbour that one due edge may take a vertex. With less, maps of
 * separate clusters keep more neighbours; with more, maps of real texts are more trustworthy.
 */
export const STRONGEST_PULL = 0.3;
/** Moves of a vertex between two looks at the signal: some hundredths of a second. */
const MOVES_A_TASK = 200_000;
/** Bytes of native/umap.ts's STATE, on a cache line of its own. */
const STATE_BYTES = 64;
/** What the kernels read beyond the last weight: three lanes. */
const OVERREAD = 12;
/** Vertices beyond the last, which repeat the first: native/umap.ts's SPARE. */
const SPARE = 3;

/** The threads for maps of n rows. Small maps are done before threads have paid for themselves. */
export const openUmapPool = (
  n: number,
  options: { readonly threads?: number | undefined; readonly build?: WasmBuild | undefined } = {},
): Promise<UmapPool> =>
  openPool<UmapExports>('umap', {
    build: options.build,
    threads: n < ROWS_WORTH_THREADS ? 1 : (options.threads ?? defaultThreads()),
  });

/** Numbers that a vertex takes in the kernels' memory: three dimensions fill a vector of four. */
export const strideOf = (components: Components): number => (components === 2 ? 2 : 4);

/** Moves `start` (row-major n × components) for `epochs` epochs and gives the new positions. */
export async function wasmLayout(
  graph: SparseGraph,
  start: Float32Array,
  options: WasmLayoutOptions,
): Promise<Float32Array> {
  const pool = await (options.pool ?? openUmapPool(graph.n, options));
  try {
    return await layOut(pool, graph, start, options);
  } finally {
    if (options.pool === undefined) await pool.close();
  }
}

async function layOut(
  pool: UmapPool,
  graph: SparseGraph,
  start: Float32Array,
  options: WasmLayoutOptions,
): Promise<Float32Array> {
  const { n, columns } = graph;
  const { components, epochs, a, b, seed, signal, onProgress } = options;
  const stride = strideOf(components);
  const place = (bytes: number): number => allocateIn(pool.exports, bytes, `a map of ${n} rows`);
  const slots = slotsFor(n, seed);
  const positions = placeRows(pool, start, components, slots, place);
  const at = [
    positions,
    place(4 * stride * n),
    placeGraph(pool, graph, place, slots, slots),
  ].flat();
  const state = place(STATE_BYTES);
  new Uint8Array(pool.exports.memory.buffer, state, STATE_BYTES).fill(0);
  // Threads wait for each other within a task: none is given to them before all have started.
  await pool.run('ready');

  const step = Math.max(1, Math.floor(MOVES_A_TASK / Math.max(1, n)));
  for (let first = 0; first < epochs && columns.length > 0; first += step) {
    throwIfAborted(signal);
    const last = Math.min(epochs, first + step);
    const schedule = [STRONGEST_PULL, first, last, epochs, seed | 0];
    await pool.run('layOut', ...at, n, components, a, b, ...schedule, pool.threads, state);
    onProgress?.({ stage: 'map', done: last, total: epochs, unit: 'epochs' });
    await breathe();
  }
  const result = new Float32Array(pool.exports.memory.buffer, positions, stride * n);
  const places = new Float32Array(components * n);
  for (let i = 0; i < n; i += 1) {
    for (let c = 0; c < components; c += 1) {
      places[i * components + c] = result[slots[i]! * stride + c]!;
    }
  }
  return places;
}

/**
 * Where the kernels have each of n rows: in a drawn order, since the rows that push a row come in runs,
 * and rows that follow each other in a file may be alike.
 */
export function slotsFor(n: number, seed: number): Int32Array {
  const uniform = random(seed);
  const slots = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    const slot = slots[i]!;
    slots[i] = slots[j]!;
    slots[j] = slot;
  }
  return slots;
}

/** Copies row-major places to the kernels' slots, with the spare ones behind the last: their address. */
export function placeRows(
  pool: UmapPool,
  places: Float32Array,
  components: Components,
  slots: Int32Array,
  place: (bytes: number) => number,
): number {
  const stride = strideOf(components);
  const n = slots.length;
  const address = place(4 * stride * (n + SPARE));
  const to = new Float32Array(pool.exports.memory.buffer, address, stride * (n + SPARE)).fill(0);
  for (let i = 0; i < n; i += 1) {
    const row = places.subarray(i * components, (i + 1) * components);
    for (let slot = slots[i]!; slot < n + SPARE; slot += n) to.set(row, slot * stride);
  }
  return address;
}

/**
 * Copies a graph to the kernels: the addresses of its offsets, columns and weights. Columns are at
 * their `slots`, and rows too where `rowSlots` are given.
 */
export function placeGraph(
  pool: UmapPool,
  { n, offsets, columns, weights }: SparseGraph,
  place: (bytes: number) => number,
  slots: Int32Array,
  rowSlots?: Int32Array,
): [offsets: number, columns: number, weights: number] {
  const edges = columns.length;
  const addresses: [number, number, number] = [
    place(4 * (n + 1)),
    place(4 * edges),
    place(4 * edges + OVERREAD),
  ];
  const { buffer } = pool.exports.memory;
  const starts = new Int32Array(buffer, addresses[0], n + 1).fill(0);
  for (let i = 0; i < n; i += 1) starts[(rowSlots?.[i] ?? i) + 1] = offsets[i + 1]! - offsets[i]!;
  for (let i = 0; i < n; i += 1) starts[i + 1]! += starts[i]!;
  const ends = new Int32Array(buffer, addresses[1], edges);
  const shares = new Float32Array(buffer, addresses[2], edges);
  let largest = 0;
  for (let e = 0; e < edges; e += 1) largest = Math.max(largest, weights[e]!);
  for (let i = 0; i < n; i += 1) {
    let to = starts[rowSlots?.[i] ?? i]!;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1, to += 1) {
      ends[to] = slots[columns[e]!]!;
      shares[to] = weights[e]! / (largest || 1);
    }
  }
  return addresses;
}

/** Writes row-major places as the kernels want them. */
export function padded(places: Float32Array, components: Components, to: Float32Array): void {
  if (components === 2) {
    to.set(places);
    return;
  }
  for (let i = 0; 3 * i < places.length; i += 1) {
    to.set(places.subarray(3 * i, 3 * i + 3), 4 * i);
    to[4 * i + 3] = 0;
  }
}

export function unpadded(from: Float32Array, components: Components, n: number): Float32Array {
  if (components === 2) return from.slice(0, 2 * n);
  const places = new Float32Array(3 * n);
  for (let i = 0; i < n; i += 1) places.set(from.subarray(4 * i, 4 * i + 3), 3 * i);
  return places;
}
