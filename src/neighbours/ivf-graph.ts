import { mix } from '../base/random.ts';
import { cpu } from '../compute/device.ts';
import { rowOf, selectRows, squaredDistance, type Vectors } from '../compute/vectors.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { exactSearch } from './exact.ts';
import { halfNorms } from './half-norms.ts';
import { fitCentres } from './lists.ts';
import { chainOf, meetingsOf } from './meetings.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';
import { drawTruth, partOf, recallOn, type Truth, withoutSelf } from './recall.ts';
import { DEPTH, type Probing } from './threads/probe.ts';
import { EMPTY, type Lists, sharedBytes, sharedFloats, sharedShorts } from './threads/shared.ts';
import { openSearchThreads, type SearchThreads } from './threads/threads.ts';

export interface IvfOptions extends SearchOptions {
  readonly seed: number;
  /** The share of true neighbours to find. */
  readonly recall: number;
  readonly threads?: number | undefined;
}

/** The graph and the recall it has on rows that were drawn for it; or why exact search is better here. */
export type IvfGraph =
  | { readonly lists: NeighbourLists; readonly recall: number; readonly queries: number }
  | { readonly lists: null; readonly why: string };

/** Places beyond k in a list: float32 scores may have the last ones in the wrong order. */
const SLACK = 2;
/** Rows whose true neighbours say how far to look, and others on which recall is measured. */
const CALIBRATION_ROWS = 192;
const MEASURED_ROWS = 320;
/** What a round of neighbours of neighbours leaves of the misses, on the safe side. */
const LEFT_BY_ROUND = 0.45;
/** The most rows that a group meets in a round; and where few neighbours are still missing. */
const MOST_PER_ROUND = 2048;
const FEW_PER_ROUND = 256;
/** Misses that count as few, as multiples of those that are allowed. */
const FEW_MISSES = 1.5;
/** The most rounds: another one finds hardly any. */
const ROUNDS = 3;
/** Without a round to come, fewer misses are planned for: a round costs more than looking a little farther. */
const WITHOUT_ROUND = 0.6;
/** Misses to plan for, of those that are allowed: a sample says only so much. Then, where that fell short. */
const CAUTION = [0.75, 0.3];
/** Share of all pairs beyond which exact search, whose tiles are larger, is quicker. */
const EXACT_SHARE = 0.6;

/**
 * The k nearest other rows of every row, k from 1 to n − 1, nearly all of them. Rows are divided into
 * lists by k-means, and each is shown to its own and to others nearly as near (Jégou et al. 2011), in
 * products that serve both sides. How near, a sample of true neighbours says beforehand; where it costs
 * less, rounds of neighbours of neighbours (Dong, Moses & Li 2011) find the rest. Distances are float64,
 * and the result depends neither on the number of threads nor on timing.
 */
export async function ivfGraph(
  vectors: Vectors,
  k: number,
  options: IvfOptions,
): Promise<IvfGraph> {
  const { seed, recall, signal, onProgress, threads } = options;
  const { offsets } = halfNorms(vectors);
  const width = Math.min(k + SLACK, vectors.n - 1);
  const search = await openSearchThreads(vectors, { width, offsets, threads, signal, onProgress });
  try {
    const rows = CALIBRATION_ROWS + MEASURED_ROWS;
    // Drawn apart from the rows that centres are fitted on: those lie nearer to a centre than others do.
    const drawn = { device: cpu, signal, seed: mix(seed, rows) };
    const truth = await drawTruth(vectors, k, rows, drawn);
    const centres = await fitCentres(vectors, { seed, unit: offsets === null, signal });
    const known = await calibrate(vectors, partOf(truth, 0, CALIBRATION_ROWS), centres);
    const measured = vectors.n > rows ? partOf(truth, CALIBRATION_ROWS) : truth;
    const chain = await chainOf(centres, vectors.dims);
    const finding = { search, chain, measured, k, width, recall };
    let found: IvfGraph = { lists: null, why: '' };
    for (const caution of CAUTION) {
      const misses = caution * (1 - recall);
      const plan = planSearch(vectors.n, centres.offsets.length, known, misses);
      if (plan.share > EXACT_SHARE) {
        return { lists: null, why: 'lists overlap so much that all pairs take no longer' };
      }
      const probing = await probeLists(search, vectors.n, centres, plan.limit);
      found = await findNeighbours(vectors, probing, finding);
      if (found.lists !== null) break;
    }
    return found;
  } finally {
    await search.close();
  }
}

/** How far rows look for lists, and the share of all pairs that this and the rounds after it come to. */
function planSearch(
  n: number,
  lists: number,
  known: Calibration,
  misses: number,
): { limit: number; share: number } {
  const plans = [0, 1].map((rounds) => {
    const planned = misses * (rounds === 0 ? WITHOUT_ROUND : 1 / LEFT_BY_ROUND);
    const limit = known.lagFor(Math.max(0, 1 - planned));
    const pairs = known.visits(limit) * (n / lists) + rounds * Math.min(MOST_PER_ROUND, n);
    return { limit, share: pairs / (n / 2) };
  });
  return plans.reduce((best, plan) => (plan.share < best.share ? plan : best));
}

async function probeLists(
  search: SearchThreads,
  n: number,
  centres: { readonly data: Float32Array; readonly offsets: Float32Array },
  limit: number,
): Promise<Probing> {
  const depth = Math.min(DEPTH, centres.offsets.length);
  const shared = {
    centres: sharedFloats(centres.data.length),
    offsets: sharedFloats(centres.offsets.length),
  };
  shared.centres.set(centres.data);
  shared.offsets.set(centres.offsets);
  const room = { lists: sharedShorts(n * depth), counts: sharedBytes(n) };
  const probing = { ...shared, ...room, limit, depth };
  await search.probe(probing);
  return probing;
}

interface Finding {
  readonly search: SearchThreads;
  readonly chain: Int32Array;
  readonly measured: Truth;
  readonly k: number;
  readonly width: number;
  readonly recall: number;
}

async function findNeighbours(
  vectors: Vectors,
  probing: Probing,
  finding: Finding,
): Promise<IvfGraph> {
  const { search, chain, measured, k, width, recall } = finding;
  const { n } = vectors;
  const meetings = meetingsOf(probing, chain);
  await search.meet(meetings);
  let found = await search.lists();
  let reached = recallOf(found, vectors, finding);
  const fresh = sharedBytes(reached < recall ? n * width : 0).fill(1);
  for (let round = 0; reached < recall && round < ROUNDS; round += 1) {
    const before = found;
    const few = 1 - reached <= FEW_MISSES * (1 - recall);
    const most = few ? FEW_PER_ROUND : MOST_PER_ROUND;
    await search.refine({ meetings, probing, found, fresh, most, follow: k });
    found = await search.lists();
    reached = recallOf(found, vectors, finding);
    if (reached < recall) await search.markFresh(before, found, fresh);
  }
  if (reached < recall) {
    return { lists: null, why: `lists reached a recall of only ${reached.toFixed(3)}` };
  }
  const lists = await search.rescored(found, k, meetings.members);
  if (!(await complete(vectors, lists))) {
    return { lists: null, why: `too many lists have fewer than ${k} rows` };
  }
  const at = (row: number, place: number): number => lists.distances[row * k + place]!;
  return {
    lists: { ...lists, farthest: null },
    recall: recallOn(measured, at),
    queries: measured.rows.length,
  };
}

function recallOf(found: Lists, vectors: Vectors, { measured, width }: Finding): number {
  return recallOn(measured, (row, place) => {
    const other = found.rows[row * width + place]!;
    if (other === EMPTY) return Number.POSITIVE_INFINITY;
    return squaredDistance(rowOf(vectors, row), rowOf(vectors, other)) / 2;
  });
}

/** The share of rows for which exact search may have to stand in. */
const MOST_INCOMPLETE = 0.1;

/** Rows that met fewer than k others are searched among all; false where there are too many. */
async function complete(
  vectors: Vectors,
  { k, ids, distances }: Pick<NeighbourLists, 'k' | 'ids' | 'distances'>,
): Promise<boolean> {
  const rows: number[] = [];
  for (let i = 0; i < vectors.n; i += 1) if (ids[(i + 1) * k - 1] === -1) rows.push(i);
  if (rows.length > MOST_INCOMPLETE * vectors.n) return false;
  if (rows.length === 0) return true;
  const exact = withoutSelf(await exactSearch(selectRows(vectors, rows), vectors, k + 1), rows);
  for (const [r, row] of rows.entries()) {
    ids.set(exact.ids.subarray(r * k, (r + 1) * k), row * k);
    distances.set(exact.distances.subarray(r * k, (r + 1) * k), row * k);
  }
  return true;
}
