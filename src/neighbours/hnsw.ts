import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { HierarchicalNSW } from 'hnswlib-node';
import { inputError, messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { rowOf, squaredDistance, type Vectors, vectorsOf } from '../compute/vectors.ts';
import type { NeighbourIndex, NeighbourLists } from './neighbours.ts';
import { sortPairs } from './order.ts';

/**
 * The persistent, approximate index: a hierarchical navigable small world graph (Malkov & Yashunin
 * 2016, arXiv 1603.09320) through hnswlib-node. Insertion is single-threaded and seeded, so the same
 * rows give the same graph. Distances it returns are squared euclidean in float32; with the vectors
 * at hand they are rescored in float64.
 */
export interface HnswOptions extends RunOptions {
  readonly seed?: number;
  /** Links a node has per layer. */
  readonly m?: number;
  readonly efConstruction?: number;
  /** Candidates held while searching; raise it for recall. */
  readonly ef?: number;
}

export interface HnswIndex extends NeighbourIndex {
  readonly kind: 'hnsw';
  /** The rows that it holds, in the order in which they came. */
  rows(): Vectors;
  /** Adds rows behind those that are there. The same steps give the same graph, but not the one of all rows at once. */
  add(vectors: Vectors, options?: RunOptions): Promise<HnswIndex>;
  /** Writes the graph to a file that `loadHnsw` reads. */
  save(path: string): Promise<void>;
}

const YIELD_EVERY = 256;

export async function buildHnsw(vectors: Vectors, options: HnswOptions = {}): Promise<HnswIndex> {
  const graph = openGraph(vectors.dims);
  graph.initIndex({
    maxElements: Math.max(vectors.n, 1),
    m: options.m ?? 16,
    efConstruction: options.efConstruction ?? 200,
    randomSeed: options.seed ?? 0,
  });
  await insert(graph, vectors, 0, options);
  return indexOf(graph, vectors.dims, options.ef ?? 100, vectors);
}

/** Adds rows under the numbers from `first` on. */
async function insert(
  graph: HierarchicalNSW,
  vectors: Vectors,
  first: number,
  { signal, onProgress }: RunOptions,
): Promise<void> {
  for (let i = 0; i < vectors.n; i += 1) {
    graph.addPoint(Array.from(rowOf(vectors, i)), first + i);
    if (i % YIELD_EVERY === 0) {
      throwIfAborted(signal);
      onProgress?.({ stage: 'indexing', done: i, total: vectors.n, unit: 'rows' });
      await breathe();
    }
  }
  onProgress?.({ stage: 'indexing', done: vectors.n, total: vectors.n, unit: 'rows' });
}

/** Reads a saved graph. Without the vectors at hand distances stay what the graph returns (float32). */
export async function loadHnsw(path: string, dims: number, ef = 100): Promise<HnswIndex> {
  const graph = openGraph(dims);
  try {
    const saved = await savedDims(path);
    if (saved !== dims) throw new Error(`its header says ${saved}`);
    await graph.readIndex(path);
  } catch (error) {
    throw inputError(
      `${path} is not an index of ${dims}-dimensional vectors (${messageOf(error)}); write it again with gamut index.`,
      { cause: error },
    );
  }
  return indexOf(graph, dims, ef, null);
}

/**
 * The dimensions of a saved graph, which reading it takes on trust. Its header is of 64-bit integers;
 * in a node the vector of float32 lies between its links and its label: fields 5 and 4 say where.
 */
async function savedDims(path: string): Promise<number> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(48);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    if (bytesRead < header.length) throw new Error('it is cut off');
    return Number(header.readBigUInt64LE(32) - header.readBigUInt64LE(40)) / 4;
  } finally {
    await file.close();
  }
}

/**
 * Whether a saved graph is as long as it says, which the library does not look at when it writes:
 * after a header of 96 bytes come nodes of one size, then for each the length of its upper links and
 * those links.
 */
async function isWhole(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(96);
    if ((await file.read(header, 0, header.length, 0)).bytesRead < header.length) return false;
    const nodes = Number(header.readBigUInt64LE(16));
    const start = header.length + nodes * Number(header.readBigUInt64LE(24));
    const { size } = await file.stat();
    if (size < start) return false;
    const links = Buffer.alloc(size - start);
    await file.read(links, 0, links.length, start);
    let at = 0;
    for (let node = 0; node < nodes; node += 1) {
      if (at + 4 > links.length) return false;
      at += 4 + links.readUInt32LE(at);
    }
    return at === links.length;
  } finally {
    await file.close();
  }
}

function openGraph(dims: number): HierarchicalNSW {
  const { HierarchicalNSW } = createRequire(import.meta.url)(
    'hnswlib-node',
  ) as typeof import('hnswlib-node');
  return new HierarchicalNSW('l2', dims);
}

function indexOf(
  graph: HierarchicalNSW,
  dims: number,
  ef: number,
  indexed: Vectors | null,
): HnswIndex {
  const n = graph.getCurrentCount();
  return {
    kind: 'hnsw',
    n,
    dims,
    rows: () => indexed ?? storedRows(graph, n, dims),
    async add(vectors, options = {}) {
      graph.resizeIndex(n + vectors.n);
      await insert(graph, vectors, n, options);
      return indexOf(graph, dims, ef, storedRows(graph, n + vectors.n, dims));
    },
    async save(path) {
      await graph.writeIndex(path);
      if (!(await isWhole(path))) {
        throw runtimeError(`Could not write ${path} whole: the disk may be full.`);
      }
    },
    async search(queries, k, options = {}): Promise<NeighbourLists> {
      const width = Math.min(k, n);
      graph.setEf(Math.max(ef, width));
      const ids = new Int32Array(queries.n * width);
      const distances = new Float64Array(queries.n * width);
      for (let i = 0; i < queries.n; i += 1) {
        const query = rowOf(queries, i);
        const found = graph.searchKnn(Array.from(query), width);
        if (found.neighbors.length < width) {
          throw runtimeError(
            `The approximate index reached only ${found.neighbors.length} of ${width} neighbours of a row; use --index exact.`,
          );
        }
        const list = ids.subarray(i * width, (i + 1) * width);
        const scores = distances.subarray(i * width, (i + 1) * width);
        list.set(found.neighbors);
        for (let j = 0; j < width; j += 1) {
          scores[j] =
            indexed === null
              ? found.distances[j]! / 2
              : squaredDistance(query, rowOf(indexed, list[j]!)) / 2;
        }
        sortPairs(list, scores);
        if (i % YIELD_EVERY === 0) {
          throwIfAborted(options.signal);
          options.onProgress?.({ stage: 'neighbours', done: i, total: queries.n, unit: 'rows' });
          await breathe();
        }
      }
      options.onProgress?.({
        stage: 'neighbours',
        done: queries.n,
        total: queries.n,
        unit: 'rows',
      });
      return { k: width, ids, distances, farthest: null };
    },
  };
}

/** A graph keeps its vectors as they came. */
function storedRows(graph: HierarchicalNSW, n: number, dims: number): Vectors {
  const data = new Float32Array(n * dims);
  for (let i = 0; i < n; i += 1) data.set(graph.getPoint(i), i * dims);
  return vectorsOf(data, dims);
}
