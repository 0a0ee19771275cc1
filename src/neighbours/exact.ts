import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { cpu } from '../compute/device.ts';
import { NEAREST_TARGETS, type NearestTile, nearest } from '../compute/kernels/nearest.ts';
import { products } from '../compute/kernels/products.ts';
import { negativeHalfNorms, QUERY_ROWS, type Tile, tilesOf } from '../compute/kernels/tiles.ts';
import {
  BLOCK_ROWS,
  rowOf,
  selectRows,
  squaredDistance,
  type Vectors,
} from '../compute/vectors.ts';
import type { NeighbourIndex, NeighbourLists, SearchOptions } from './neighbours.ts';

/**
 * Candidates kept beyond k. Products are float32, so rows whose distances agree to 1e-7 may come back
 * in the wrong order; the final order is made in float64 among k + SLACK candidates.
 */
const SLACK = 4;

/**
 * Error of a score relative to ½‖x‖² + ½‖y‖². Where it could hide a nearer row from the candidates
 * (clumps of near-duplicates, euclidean rows far from the origin), the query is searched again.
 */
const ROUNDING = 4e-6;

/** Rows that are searched again at a time: a tile of products comes back, and must stay small. */
const WIDE_ROWS = 256;

/**
 * Exact search: fused product + top-k over tiles of queries × targets, merged per query, rescored in
 * float64; distances are those of a float64 search of all pairs. Cost n·m·d; memory beside the vectors
 * is `nearestBytes` and the result.
 */
export function exactIndex(vectors: Vectors): NeighbourIndex {
  return {
    kind: 'exact',
    n: vectors.n,
    dims: vectors.dims,
    search: (queries, k, options) => exactSearch(queries, vectors, k, options),
  };
}

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
      if (outside - ROUNDING * (own + norms.largest) < reach) unsure.push(i);
    }
    if (i % YIELD_EVERY === 0) {
      throwIfAborted(options.signal);
      await breathe();
    }
  }
  await searchAgain(queries, unsure, targets, norms, { k: width, ids, distances }, options);
  return { k: width, ids, distances, farthest: best.farthest };
}

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

/**
 * Searches the queries at `rows` once more, rescoring in float64 every row whose rounded distance is
 * not clearly beyond the k-th found so far.
 */
async function searchAgain(
  queries: Vectors,
  rows: readonly number[],
  targets: Vectors,
  norms: HalfNorms,
  found: Pick<NeighbourLists, 'k' | 'ids' | 'distances'>,
  { device = cpu, signal }: SearchOptions,
): Promise<void> {
  const { k } = found;
  for (let first = 0; first < rows.length; first += WIDE_ROWS) {
    const part = rows.slice(first, first + WIDE_ROWS);
    const asked = selectRows(queries, part).blocks[0]!;
    const own = part.map((row) => halfNorm(rowOf(queries, row)));
    const candidates: number[][] = part.map(() => []);
    for (const [b, block] of targets.blocks.entries()) {
      throwIfAborted(signal);
      const tile = await products(device, asked, block, targets.dims);
      const width = block.length / targets.dims;
      for (const [a, row] of part.entries()) {
        const reach = found.distances[(row + 1) * k - 1]!;
        for (let j = 0; j < width; j += 1) {
          const both = own[a]! + norms.each[b * BLOCK_ROWS + j]!;
          if (both - tile[a * width + j]! - ROUNDING * both > reach) continue;
          candidates[a]!.push(b * BLOCK_ROWS + j);
        }
      }
    }
    for (const [a, row] of part.entries()) {
      const query = rowOf(queries, row);
      const nearest = candidates[a]!.map((id) => ({
        id,
        distance: squaredDistance(query, rowOf(targets, id)) / 2,
      })).sort((x, y) => x.distance - y.distance || x.id - y.id);
      for (let j = 0; j < k; j += 1) {
        found.ids[row * k + j] = nearest[j]!.id;
        found.distances[row * k + j] = nearest[j]!.distance;
      }
    }
    await breathe();
  }
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
  for (const tile of tilesOf(targets, NEAREST_TARGETS)) {
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

/** ½‖y‖² of every target, and what a score must have added to it so that it orders by distance. */
interface HalfNorms {
  readonly each: Float32Array;
  readonly largest: number;
  /** What all have in common, where they are the same but for rounding, as among unit rows; else 0. */
  readonly shared: number;
  /** −½‖y‖² where they differ; null where they do not, and products alone order by distance. */
  readonly offsets: Float32Array | null;
}

function halfNorms({ n, dims, blocks }: Vectors): HalfNorms {
  const offsets = new Float32Array(n);
  for (const [b, block] of blocks.entries()) {
    offsets.set(negativeHalfNorms(block, dims), b * BLOCK_ROWS);
  }
  const each = offsets.map((offset) => -offset);
  let [least, largest] = [Number.POSITIVE_INFINITY, 0];
  for (const norm of each) {
    least = Math.min(least, norm);
    largest = Math.max(largest, norm);
  }
  const same = largest - least <= SAME_NORM * least;
  return { each, largest, shared: same ? largest : 0, offsets: same ? null : offsets };
}

function halfNorm(row: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j += 1) sum += row[j]! * row[j]!;
  return sum / 2;
}

/** Relative difference of squared lengths that float32 products of unit rows do not see anyway. */
const SAME_NORM = 1e-6;

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

/** Orders one list by (distance, row number); insertion sort, as lists are short and nearly sorted. */
export function sortPairs(ids: Int32Array, distances: Float64Array): void {
  for (let i = 1; i < ids.length; i += 1) {
    const id = ids[i]!;
    const distance = distances[i]!;
    let j = i;
    while (
      j > 0 &&
      (distances[j - 1]! > distance || (distances[j - 1]! === distance && ids[j - 1]! > id))
    ) {
      ids[j] = ids[j - 1]!;
      distances[j] = distances[j - 1]!;
      j -= 1;
    }
    ids[j] = id;
    distances[j] = distance;
  }
}
