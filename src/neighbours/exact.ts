import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { cpu } from '../compute/device.ts';
import { NEAREST_TARGETS, type NearestTile, nearest } from '../compute/kernels/nearest.ts';
import { QUERY_ROWS, type Tile, tilesOf } from '../compute/kernels/tiles.ts';
import { rowOf, squaredDistance, type Vectors } from '../compute/vectors.ts';
import { isUnsure, SLACK, searchAgain } from './again.ts';
import { type HalfNorms, halfNorm, halfNorms } from './half-norms.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';
import { sortPairs } from './order.ts';

/**
 * Exact search: fused product + top-k over tiles of queries × targets, merged per query, rescored in
 * float64; distances are those of a float64 search of all pairs. Cost n·m·d; memory beside the vectors
 * is `nearestBytes` and the result.
 */
export async function exactSearch(
  queries: Vectors,
  targets: Vectors,
  k: number,
  options: SearchOptions = {},
): Promise<NeighbourLists> {
  const norms = halfNorms(targets);
  const best = await searchTiles(queries, targets, norms, Math.min(k + SLACK, targets.n), options);
  const { width: pool } = best;
  const width = Math.min(k, targets.n);
  const ids = new Int32Array(queries.n * width);
  const distances = new Float64Array(queries.n * width);
  const rescored = new Float64Array(pool);
  const unsure: number[] = [];
  for (let i = 0; i < queries.n; i += 1) {
    const query = rowOf(queries, i);
    const candidates = best.ids.subarray(i * pool, (i + 1) * pool);
    for (let j = 0; j < pool; j += 1) {
      rescored[j] = squaredDistance(query, rowOf(targets, candidates[j]!)) / 2;
    }
    sortPairs(candidates, rescored);
    ids.set(candidates.subarray(0, width), i * width);
    distances.set(rescored.subarray(0, width), i * width);
    const reach = width === 0 ? 0 : rescored[width - 1]!;
    if (pool < targets.n && reach > 0) {
      const own = halfNorm(query);
      const outside = own + norms.shared - best.scores[(i + 1) * pool - 1]!;
      if (isUnsure(outside, own, norms, reach)) unsure.push(i);
    }
    if (i % YIELD_EVERY === 0) {
      throwIfAborted(options.signal);
      await breathe();
    }
  }
  await searchAgain(queries, unsure, targets, norms, { k: width, ids, distances }, options);
  return { k: width, ids, distances, farthest: best.farthest };
}

/** Targets in a tile that few queries meet: joining wide ones costs more than it saves. */
const FEW_QUERIES_TARGETS = 16_384;
/** Queries that are rescored before timers and signals get their turn. */
const YIELD_EVERY = 4096;

/** The best targets of every query so far, descending; ties go to the lower row number. */
interface Best {
  readonly width: number;
  readonly ids: Int32Array;
  readonly scores: Float32Array;
  readonly farthest: Int32Array | null;
  readonly lowest: Float32Array;
}

async function searchTiles(
  queries: Vectors,
  targets: Vectors,
  norms: HalfNorms,
  width: number,
  { device = cpu, farthest = false, signal, onProgress }: SearchOptions,
): Promise<Best> {
  const best: Best = {
    width,
    ids: new Int32Array(queries.n * width).fill(-1),
    scores: new Float32Array(queries.n * width).fill(Number.NEGATIVE_INFINITY),
    farthest: farthest ? new Int32Array(queries.n) : null,
    lowest: new Float32Array(farthest ? queries.n : 0).fill(Number.POSITIVE_INFINITY),
  };
  const { n, dims } = queries;
  const most = n > QUERY_ROWS ? NEAREST_TARGETS : FEW_QUERIES_TARGETS;
  for (const tile of tilesOf(targets, most)) {
    const k = Math.min(width, tile.rows);
    for (const asked of tilesOf(queries, QUERY_ROWS)) {
      throwIfAborted(signal);
      const added = norms.offsets?.subarray(tile.first, tile.first + tile.rows) ?? null;
      const found = await nearest(device, asked.data, tile.data, added, dims, k, { farthest });
      keepBest(best, asked, tile, found, k);
      // A query is done when it has met all targets; what is done so far is shared out over the rows.
      const met = tile.first + tile.rows * ((asked.first + asked.rows) / n);
      const done = Math.floor((n * met) / targets.n);
      onProgress?.({ stage: 'neighbours', done, total: n, unit: 'rows' });
      await breathe();
    }
  }
  return best;
}

function keepBest(best: Best, asked: Tile, tile: Tile, found: NearestTile, k: number): void {
  const { width, ids, scores, farthest, lowest } = best;
  for (let i = 0; i < asked.rows; i += 1) {
    const row = asked.first + i;
    if (farthest !== null && found.least![i]! < lowest[row]!) {
      lowest[row] = found.least![i]!;
      farthest[row] = tile.first + found.leastIndex![i]!;
    }
    const start = row * width;
    const end = start + width - 1;
    for (let j = 0; j < k; j += 1) {
      const score = found.values[i * k + j]!;
      if (score <= scores[end]!) break;
      let at = end;
      while (at > start && scores[at - 1]! < score) {
        scores[at] = scores[at - 1]!;
        ids[at] = ids[at - 1]!;
        at -= 1;
      }
      scores[at] = score;
      ids[at] = tile.first + found.indices[i * k + j]!;
    }
  }
}
