import { usageError } from '../base/errors.ts';
import { cpu } from '../compute/device.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { exactSearch } from './exact.ts';
import { exactGraph } from './exact-graph.ts';
import { buildHnsw } from './hnsw.ts';
import { ivfGraph } from './ivf-graph.ts';
import { drawRows } from './lists.ts';
import type {
  IndexInfo,
  IndexKind,
  NeighbourGraph,
  NeighbourLists,
  SearchOptions,
} from './neighbours.ts';
import { drawTruth, recallOn, withoutSelf } from './recall.ts';

/** Up to this many rows an exact graph takes seconds, which nothing that is left out is worth. */
export const EXACT_ROWS = 50_000;
/** The same for a map alone, which nearly all neighbours serve as well: from here on lists are quicker. */
export const MAP_EXACT_ROWS = 15_000;

/** The share of true neighbours that lists are searched for, unless another is asked for. */
export const RECALL = 0.98;

/** Rows that an HNSW index is checked on. */
const RECALL_QUERIES = 500;

export interface GraphOptions extends SearchOptions {
  /** Default 'auto': see `chooseIndex`. */
  readonly index?: 'auto' | IndexKind | undefined;
  /** Recall that `ivf` must reach, above 0 and up to 1. Default RECALL. */
  readonly recall?: number | undefined;
  /** Rows up to which 'auto' is exact on the processor. Default EXACT_ROWS. */
  readonly exactRows?: number | undefined;
  /** Pairs of rows of two sets up to which 'auto' is exact. Default EXACT_PAIRS. */
  readonly exactPairs?: number | undefined;
  readonly seed?: number | undefined;
  /** Hears how neighbours were found, and how many were missed. */
  readonly onSearch?: ((found: IndexInfo) => void) | undefined;
}

/**
 * The k nearest other rows of every row. The recall of an approximate index is measured on drawn rows;
 * where lists fall short of what is asked for, exact search takes their place and `index` says so.
 */
export async function neighbourGraph(
  vectors: Vectors,
  k: number,
  options: GraphOptions = {},
): Promise<NeighbourGraph> {
  const { n } = vectors;
  const width = Math.max(0, Math.min(k, n - 1));
  const { kind, why } = chooseIndex(n, options);
  const graph = (lists: NeighbourLists, index: IndexInfo): NeighbourGraph => {
    options.onSearch?.(index);
    const { ids, distances, farthest } = lists;
    return { n, k: width, ids, distances, farthest, index };
  };
  const exact = async (reason: string): Promise<NeighbourGraph> => {
    const index: IndexInfo = { kind: 'exact', recall: 1, queries: 0, why: reason };
    return graph(await exactLists(vectors, width, options), index);
  };
  if (kind === 'exact' || (kind === 'ivf' && width === 0)) return exact(why);
  const { seed = 0, recall: asked = RECALL } = options;
  if (kind === 'hnsw') {
    const lists = await hnswLists(vectors, width, options);
    const { device, signal } = options;
    const truth = await drawTruth(vectors, width, RECALL_QUERIES, {
      device,
      signal,
      seed: seed + 1,
    });
    const recall = recallOn(truth, (row, place) => lists.distances[row * width + place]!);
    return graph(lists, { kind, recall, queries: truth.rows.length, why });
  }
  const found = await ivfGraph(vectors, width, { ...options, seed, recall: asked });
  if (found.lists === null) return exact(`${why}, but ${found.why}`);
  const { lists, recall, queries } = found;
  return graph(lists, { kind, recall, queries, why });
}

/**
 * The index that was asked for, or the one that suits, and why: exact up to some rows, lists above, and
 * on the wasm device, which stands in where native libraries may be missing, a graph.
 */
export function chooseIndex(
  n: number,
  { index = 'auto', device = cpu, exactRows = EXACT_ROWS }: GraphOptions,
): { kind: IndexKind; why: string } {
  if (index !== 'auto') return { kind: index, why: 'asked for' };
  const most = device.name === 'cpu' ? exactRows : EXACT_ROWS;
  const limit = most.toLocaleString('en-US');
  if (n <= most) return { kind: 'exact', why: `up to ${limit} rows` };
  const why = `more than ${limit} rows`;
  if (device.name === 'wasm') return { kind: 'hnsw', why: `${why} on the wasm device` };
  return {
    kind: 'ivf',
    why: device.name === 'cpu' ? why : `${why}; lists are searched on the cpu`,
  };
}

/** Pairs of rows up to which products of all of them take no longer than building an HNSW graph. */
const EXACT_PAIRS = 1e11;

/** The nearest rows of another set, and how they were found. */
export interface NeighboursAmong {
  readonly lists: NeighbourLists;
  readonly index: IndexInfo;
}

/**
 * The k nearest `targets` of every query: exact, but for HNSW where it is asked for or there are too many
 * pairs. Its recall is measured on drawn queries.
 */
export async function neighboursAmong(
  queries: Vectors,
  targets: Vectors,
  k: number,
  options: GraphOptions = {},
): Promise<NeighboursAmong> {
  const { index = 'auto', seed = 0, device, signal, exactPairs = EXACT_PAIRS } = options;
  const many = queries.n * targets.n > exactPairs;
  if (index !== 'hnsw' && (index === 'exact' || !many)) {
    const why = index === 'exact' ? 'asked for' : 'few enough pairs of rows';
    const lists = await exactSearch(queries, targets, k, options);
    return { lists, index: { kind: 'exact', recall: 1, queries: 0, why } };
  }
  const graph = await buildHnsw(targets, { ...options, seed });
  const lists = await graph.search(queries, k, options);
  const rows = drawRows(queries.n, Math.min(RECALL_QUERIES, queries.n), seed + 1);
  const truth = await exactSearch(selectRows(queries, rows), targets, k, { device, signal });
  const recall = recallOn(
    { rows, ...truth },
    (row, place) => lists.distances[row * lists.k + place]!,
  );
  const why = index === 'hnsw' ? 'asked for' : 'too many pairs of rows';
  const found: IndexInfo = { kind: 'hnsw', recall, queries: rows.length, why };
  options.onSearch?.(found);
  return { lists, index: found };
}

/** Refuses what contradicts itself, before anything is read. */
export function checkIndex({
  index = 'auto',
  recall,
}: Pick<GraphOptions, 'index' | 'recall'>): void {
  if (recall === undefined) return;
  if (!(recall > 0 && recall <= 1)) {
    throw usageError(`--recall must be a share above 0 and up to 1, not ${recall}.`);
  }
  if (index === 'exact' || index === 'hnsw') {
    throw usageError(`--recall is for --index ivf or auto; leave it out with --index ${index}.`);
  }
}

/** What n²·dims must come to before starting threads pays: they take some hundredths of a second. */
const WORTH_THREADS = 1e10;

async function exactLists(
  vectors: Vectors,
  k: number,
  options: GraphOptions,
): Promise<NeighbourLists> {
  const { n, dims } = vectors;
  const threaded = (options.device ?? cpu).name === 'cpu' && n * n * dims > WORTH_THREADS;
  if (threaded && k > 0) return exactGraph(vectors, k, options);
  return listsOfOthers(await exactSearch(vectors, vectors, k + 1, options), n);
}

async function hnswLists(
  vectors: Vectors,
  k: number,
  options: GraphOptions,
): Promise<NeighbourLists> {
  const index = await buildHnsw(vectors, { ...options, seed: options.seed ?? 0 });
  return listsOfOthers(await index.search(vectors, k + 1, options), vectors.n);
}

/** Every row's list without itself. */
function listsOfOthers(lists: NeighbourLists, n: number): NeighbourLists {
  const self = Int32Array.from({ length: n }, (_, i) => i);
  const { k, farthest } = lists;
  return { k: Math.max(0, k - 1), ...withoutSelf(lists, self), farthest };
}
