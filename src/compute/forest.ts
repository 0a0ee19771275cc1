import { inputError, throwIfAborted, usageError } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { openPool, type PooledExports, type PoolOptions } from './pool.ts';
import { rowOf, squaredDistance, type Vectors } from './vectors.ts';
import { allocateIn, loadWasm, type WasmBuild, wasmBuild } from './wasm.ts';

/** Undirected edges between nodes 0 … n − 1. Loops and repeated edges do no harm. */
export interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Any numbers but NaN; the smaller, the sooner an edge is taken. */
  readonly weights: Float64Array;
}

export interface Components {
  readonly count: number;
  /** The component of each node, 0 … count − 1, numbered by their first nodes. */
  readonly labels: Int32Array;
}

/** The lightest edges that connect what is connected: n − `count` of them, light to heavy. */
export interface Forest extends Components, Edges {}

/** n points, more than which have too many pairs to measure: 4·n² bytes. */
export const TREE_ROWS = 20_000;

/** Which nodes hang together. Linear in nodes and edges; 8 bytes a node, and half a MiB. */
export async function connectedComponents(
  n: number,
  edges: Pick<Edges, 'from' | 'to'>,
  build: WasmBuild = wasmBuild(),
): Promise<Components> {
  const { kernel, place } = await kernelFor(n, edges, build);
  const sets = place(n * 4);
  const room = Math.min(edges.from.length, EDGES_AT_ONCE);
  const [from, to] = [place(room * 4), place(room * 4)];
  kernel.separate(sets, n);
  for (let first = 0; first < edges.from.length; first += EDGES_AT_ONCE) {
    const m = copyEdges(kernel, n, edges, { first, most: EDGES_AT_ONCE }, [from, to]);
    kernel.join(sets, from, to, m);
  }
  return labelled(kernel, sets, n, place);
}

/** Both ends of so many edges stay in a processor's cache. */
const EDGES_AT_ONCE = 2 ** 16;

/**
 * The minimum spanning tree of every component (Kruskal 1956). Equal weights are taken in the order
 * given, so the edges, if not their weights, may depend on it. 40 bytes an edge and 12 a node.
 */
export async function minimumForest(
  n: number,
  edges: Edges,
  build: WasmBuild = wasmBuild(),
): Promise<Forest> {
  const { weights } = edges;
  const m = edges.from.length;
  if (weights.length !== m) throw withoutWeight();
  const { kernel, place } = await kernelFor(n, edges, build);
  const [from, to, keys] = [place(m * 4), place(m * 4), place(m * 8)];
  const [sets, order, chosen] = [place(n * 4), place(m * 4), place(n * 4)];
  const scratch = place(kernel.orderScratch(m) >>> 0);
  copyEdges(kernel, n, edges, { first: 0, most: m }, [from, to]);
  new Float64Array(kernel.memory.buffer, keys, m).set(weights);
  kernel.separate(sets, n);
  const count = kernel.joinLightest(sets, from, to, keys, m, order, scratch, chosen);
  if (count < 0) throw withoutWeight();
  const taken = new Int32Array(kernel.memory.buffer, chosen, count);
  const forest = {
    from: taken.map((edge) => edges.from[edge]!),
    to: taken.map((edge) => edges.to[edge]!),
    weights: new Float64Array(count),
  };
  for (let i = 0; i < count; i += 1) forest.weights[i] = weights[taken[i]!]!;
  return { ...forest, ...labelled(kernel, sets, n, place) };
}

const withoutWeight = (): Error =>
  usageError('Every edge of a graph needs a weight, which must not be NaN.');

/** Neighbour lists, k for each row, as edges from the row to its neighbours. */
export function edgesOfLists(ids: Int32Array, weights: Float64Array, k: number): Edges {
  return { from: ids.map((_, at) => Math.floor(at / k)), to: ids, weights };
}

/**
 * The minimum spanning tree of all pairs of points (Prim 1957), at most TREE_ROWS of them; beyond, the
 * forest of the neighbour graph is what can be had. A weight is ½‖x − y‖² in float64: the cosine
 * distance of unit rows, and half the square of the Euclidean one; the tree is the same for all
 * three. Edges are chosen by float32 differences, so pairs within about 1e-6 of each other may stand
 * for one another. Takes 4·n² bytes, and about n²·dims / 10¹⁰ seconds a thread. The tree does not
 * depend on the number of threads. Rows must be finite.
 */
export async function minimumTree(
  points: Vectors,
  options: RunOptions & PoolOptions = {},
): Promise<Forest> {
  const { n, dims } = points;
  if (n > TREE_ROWS) {
    throw usageError(
      `A tree of all pairs takes at most ${TREE_ROWS} rows, but there are ${n}. Use the forest of the neighbour graph.`,
    );
  }
  const scale = scaleOf(points);
  const threads = options.threads ?? (n * n * dims < WORTH_THREADS ? 1 : undefined);
  const pool = await openPool<ForestExports>('forest', { build: options.build, threads });
  try {
    const kernel = pool.exports;
    const place = (bytes: number): number => allocateIn(kernel, bytes, `a tree of ${n} rows`);
    const stride = Math.ceil(dims / 4) * 16;
    // An odd number of cache lines, so that a column's entries do not compete for the same cache set.
    const width = (Math.ceil(n / 16) | 1) * 64;
    const start = place((n + 3) * stride);
    const distances = place((n + 1) * width);
    const nearest = place((n + 3) * 4);
    const parents = place((n + 3) * 4);
    const memory = new Float32Array(kernel.memory.buffer, start, (n * stride) / 4);
    for (let i = 0; i < n; i += 1) {
      memory.set(
        rowOf(points, i).map((value) => value * scale),
        (i * stride) / 4,
      );
    }
    const total = kernel.tiles(n);
    for (let first = 0; first < total; first += TILES_AT_ONCE) {
      throwIfAborted(options.signal);
      const last = Math.min(total, first + TILES_AT_ONCE);
      await pool.run('measure', start, stride, n, distances, width, first, last);
      options.onProgress?.({ stage: 'distances', done: last, total, unit: 'tiles' });
      await breathe();
    }
    throwIfAborted(options.signal);
    kernel.grow(n, distances, width, nearest, parents);
    return treeOf(points, new Int32Array(kernel.memory.buffer, parents, n).slice());
  } finally {
    await pool.close();
  }
}

/** What n²·dims must come to before starting threads pays. */
const WORTH_THREADS = 5e8;
/** Tiles measured between two looks at the signal: well under a second. */
const TILES_AT_ONCE = 512;

/** What native/forest.ts exports; the contract is written there. Addresses are signed on this side. */
interface ForestExports extends PooledExports {
  allocate(bytes: number): number;
  separate(sets: number, n: number): void;
  firstAmiss(n: number, from: number, to: number, m: number): number;
  join(sets: number, from: number, to: number, m: number): void;
  joinLightest(...args: readonly number[]): number;
  orderScratch(m: number): number;
  label(sets: number, n: number, labels: number): number;
  tiles(n: number): number;
  measure(...args: readonly number[]): void;
  grow(n: number, distances: number, stride: number, nearest: number, parents: number): void;
}

interface Placing {
  readonly kernel: ForestExports;
  /** Room in its memory, of so many bytes. */
  place(bytes: number): number;
}

/** A kernel for a graph whose shape makes sense. */
async function kernelFor(
  n: number,
  edges: Pick<Edges, 'from' | 'to'>,
  build: WasmBuild,
): Promise<Placing> {
  const m = edges.from.length;
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31 || m !== edges.to.length) {
    throw usageError(
      `A graph needs a whole number of nodes and two ends an edge; it has ${n} nodes, ${m} and ${edges.to.length} ends.`,
    );
  }
  const kernel = await loadWasm<ForestExports>('forest', build);
  return { kernel, place: (bytes) => allocateIn(kernel, bytes, `a graph of ${m} edges`) };
}

/** Copies both ends of some edges to two addresses, checked. Returns how many edges these were. */
function copyEdges(
  kernel: ForestExports,
  n: number,
  edges: Pick<Edges, 'from' | 'to'>,
  { first, most }: { readonly first: number; readonly most: number },
  [from, to]: readonly [number, number],
): number {
  const some = edges.from.subarray(first, first + most);
  const m = some.length;
  new Int32Array(kernel.memory.buffer, from, m).set(some);
  new Int32Array(kernel.memory.buffer, to, m).set(edges.to.subarray(first, first + most));
  const amiss = kernel.firstAmiss(n, from, to, m);
  if (amiss < 0) return m;
  const edge = first + amiss;
  throw usageError(
    `Edge ${edge} of a graph joins nodes ${edges.from[edge]} and ${edges.to[edge]}; they are numbered 0 … ${n - 1}.`,
  );
}

function labelled(
  kernel: ForestExports,
  sets: number,
  n: number,
  place: Placing['place'],
): Components {
  const labels = place(n * 4);
  const count = kernel.label(sets, n, labels);
  return { count, labels: new Int32Array(kernel.memory.buffer, labels, n).slice() };
}

/** The power of two that brings the largest entry near 1, so that no square overflows. */
function scaleOf({ blocks, dims }: Vectors): number {
  let largest = 0;
  for (const [b, block] of blocks.entries()) {
    for (let at = 0; at < block.length; at += 1) {
      const size = Math.abs(block[at]!);
      if (size > largest) largest = size;
      if (!(size < Infinity)) {
        const row = b * (blocks[0]!.length / dims) + Math.floor(at / dims);
        throw inputError(`Row ${row} holds ${block[at]}; a tree needs finite numbers.`);
      }
    }
  }
  return largest === 0 ? 1 : 2 ** -Math.round(Math.log2(largest));
}

function treeOf(points: Vectors, parents: Int32Array): Forest {
  const { n } = points;
  const nodes = Array.from({ length: Math.max(0, n - 1) }, (_, i) => i + 1);
  const weights = Float64Array.from({ length: n }, (_, i) =>
    i === 0 ? 0 : squaredDistance(rowOf(points, i), rowOf(points, parents[i]!)) / 2,
  );
  nodes.sort((a, b) => weights[a]! - weights[b]! || a - b);
  return {
    from: Int32Array.from(nodes, (node) => parents[node]!),
    to: Int32Array.from(nodes),
    weights: Float64Array.from(nodes, (node) => weights[node]!),
    count: Math.min(n, 1),
    labels: new Int32Array(n),
  };
}
