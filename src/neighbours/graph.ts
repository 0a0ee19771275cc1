import { random } from '../base/random.ts';
import { cpu } from '../compute/device.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { exactIndex, exactSearch } from './exact.ts';
import { exactGraph } from './exact-graph.ts';
import { buildHnsw } from './hnsw.ts';
import type {
  IndexInfo,
  IndexKind,
  NeighbourGraph,
  NeighbourIndex,
  NeighbourLists,
  SearchOptions,
} from './neighbours.ts';

/** Up to this many rows the exact graph is as quick to make as the approximate one. */
export const EXACT_ROWS = 50_000;

/** Rows that an approximate index is checked on. */
const RECALL_QUERIES = 500;

export interface GraphOptions extends SearchOptions {
  /** Default 'auto': exact up to EXACT_ROWS rows, hnsw above. */
  readonly index?: 'auto' | IndexKind | undefined;
  readonly seed?: number | undefined;
}

/** The k nearest other rows of every row. An approximate index is checked against exact search. */
export async function neighbourGraph(
  vectors: Vectors,
  k: number,
  options: GraphOptions = {},
): Promise<NeighbourGraph> {
  const { index, why } = await chooseIndex(vectors, options);
  const { n, dims } = vectors;
  const width = Math.max(0, Math.min(k, n - 1));
  const threaded = index.kind === 'exact' && (options.device ?? cpu).name === 'cpu';
  if (threaded && width > 0 && n * n * dims > WORTH_THREADS) {
    const info: IndexInfo = { kind: 'exact', recall: 1, queries: 0, why };
    return { ...(await exactGraph(vectors, width, options)), n, index: info };
  }
  const lists = await index.search(vectors, width + 1, options);
  const self = Int32Array.from({ length: n }, (_, i) => i);
  const { ids, distances } = withoutSelf(lists, self);
  const info: IndexInfo =
    index.kind === 'exact'
      ? { kind: 'exact', recall: 1, queries: 0, why }
      : { kind: index.kind, ...(await recallOf(distances, width, vectors, options)), why };
  return { n, k: width, ids, distances, farthest: lists.farthest, index: info };
}

/** What n²·dims must come to before starting threads pays: they take some hundredths of a second. */
const WORTH_THREADS = 1e10;

/** Builds the index that was asked for, or the one that suits the number of rows, and says why. */
export async function chooseIndex(
  vectors: Vectors,
  options: GraphOptions,
): Promise<{ index: NeighbourIndex; why: string }> {
  const asked = options.index ?? 'auto';
  const small = vectors.n <= EXACT_ROWS;
  const kind = asked === 'auto' ? (small ? 'exact' : 'hnsw') : asked;
  const limit = EXACT_ROWS.toLocaleString('en-US');
  const why = asked === 'auto' ? `${small ? 'up to' : 'more than'} ${limit} rows` : 'asked for';
  const index =
    kind === 'exact'
      ? exactIndex(vectors)
      : await buildHnsw(vectors, { ...options, seed: options.seed ?? 0 });
  return { index, why };
}

/** Drops each row from its own list; where duplicates pushed it out of the list, drops the last. */
function withoutSelf(
  { ids, distances, k }: Pick<NeighbourLists, 'ids' | 'distances' | 'k'>,
  rows: ArrayLike<number>,
): { ids: Int32Array; distances: Float64Array } {
  const width = Math.max(0, k - 1);
  const keptIds = new Int32Array(rows.length * width);
  const keptDistances = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i += 1) {
    let self = i * k + width;
    for (let j = i * k; j < (i + 1) * k; j += 1) {
      if (ids[j] === rows[i]) {
        self = j;
        break;
      }
    }
    for (let j = 0, from = i * k; j < width; j += 1, from += 1) {
      if (from === self) from += 1;
      keptIds[i * width + j] = ids[from]!;
      keptDistances[i * width + j] = distances[from]!;
    }
  }
  return { ids: keptIds, distances: keptDistances };
}

/**
 * Share of true neighbours that the graph has, on a seeded sample of rows. A listed row counts when it
 * is no farther than the true k-th neighbour: which of several equal rows came back is no miss.
 */
async function recallOf(
  distances: Float64Array,
  k: number,
  vectors: Vectors,
  options: GraphOptions,
): Promise<{ recall: number; queries: number }> {
  const uniform = random((options.seed ?? 0) + 1);
  const rows = new Set<number>();
  while (rows.size < Math.min(RECALL_QUERIES, vectors.n)) {
    rows.add(Math.floor(uniform() * vectors.n));
  }
  const sample = [...rows];
  const { device, signal } = options;
  const asked = selectRows(vectors, sample);
  const found = await exactSearch(asked, vectors, k + 1, { device, signal });
  const truth = withoutSelf(found, sample);
  let hits = 0;
  for (const [s, row] of sample.entries()) {
    const reach = truth.distances[s * k + k - 1]! + 1e-9;
    for (let j = 0; j < k; j += 1) if (distances[row * k + j]! <= reach) hits += 1;
  }
  return { recall: k === 0 ? 1 : hits / (sample.length * k), queries: sample.length };
}
