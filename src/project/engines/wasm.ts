import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
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
  const { n, offsets, columns } = graph;
  const { components, epochs, a, b, seed, signal, onProgress } = options;
  const stride = strideOf(components);
  const place = (bytes: number): number => allocateIn(pool.exports, bytes, `a map of ${n} rows`);
  const positions = place(4 * stride * n);
  const at = [positions, place(4 * stride * n), placeGraph(pool, graph, place)].flat();
  const state = place(STATE_BYTES);
  new Uint8Array(pool.exports.memory.buffer, state, STATE_BYTES).fill(0);
  padded(start, components, new Float32Array(pool.exports.memory.buffer, positions, stride * n));
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
  return unpadded(result, components, offsets.length - 1);
}

/** Copies a graph to the kernels: the addresses of its offsets, columns and weights. */
export function placeGraph(
  pool: UmapPool,
  { n, offsets, columns, weights }: SparseGraph,
  place: (bytes: number) => number,
): [offsets: number, columns: number, weights: number] {
  const edges = columns.length;
  const addresses: [number, number, number] = [
    place(4 * (n + 1)),
    place(4 * edges),
    place(4 * edges + OVERREAD),
  ];
  const { buffer } = pool.exports.memory;
  new Int32Array(buffer, addresses[0], n + 1).set(offsets);
  new Int32Array(buffer, addresses[1], edges).set(columns);
  const shares = new Float32Array(buffer, addresses[2], edges);
  let largest = 0;
  for (let e = 0; e < edges; e += 1) largest = Math.max(largest, weights[e]!);
  for (let e = 0; e < edges; e += 1) shares[e] = weights[e]! / (largest || 1);
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
