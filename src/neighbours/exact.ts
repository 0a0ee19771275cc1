import { throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { nearest } from '../compute/kernels/nearest.ts';
import { products } from '../compute/kernels/products.ts';
import {
  BLOCK_ROWS,
  rowOf,
  selectRows,
  squaredDistance,
  type Vectors,
} from '../compute/vectors.ts';
import type { NeighbourIndex, NeighbourLists } from './neighbours.ts';

/** Rows of queries in a tile: with 4,096 targets the product tile is 16 MB and never leaves the runtime. */
const QUERY_ROWS = 1024;

/**
 * Candidates kept beyond k. Products are float32, so rows whose distances are nearly the same may come
 * back in the wrong order; the final order is made in float64 among k + SLACK candidates.
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
 * Exact search: fused product + top-k over tiles of queries × blocks, merged per query, rescored in
 * float64; distances are those of a float64 search of all pairs. Cost n·m·d; memory beside the vectors
 * is one tile and the result.
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
  options: RunOptions = {},
): Promise<NeighbourLists> {
  const width = Math.min(k, targets.n);
  const pool = Math.min(k + SLACK, targets.n);
  const ids = new Int32Array(queries.n * width);
  const distances = new Float64Array(queries.n * width);
  const farthest = new Int32Array(queries.n);
  const offsets = targets.blocks.map((block) => offsetsOf(block, targets.dims));
  const longest = largestHalfNorm(offsets);
  for (const [b, block] of queries.blocks.entries()) {
    const rows = block.length / queries.dims;
    for (let first = 0; first < rows; first += QUERY_ROWS) {
      throwIfAborted(options.signal);
      const count = Math.min(QUERY_ROWS, rows - first);
      const tile = block.subarray(first * queries.dims, (first + count) * queries.dims);
      const best = await mergeBlocks(tile, count, targets, offsets, pool);
      const start = b * BLOCK_ROWS + first;
      const rescored = new Float64Array(pool);
      const unsure: number[] = [];
      for (let i = 0; i < count; i += 1) {
        const query = rowOf(queries, start + i);
        const candidates = best.ids.subarray(i * pool, (i + 1) * pool);
        for (let j = 0; j < pool; j += 1) {
          rescored[j] = squaredDistance(query, rowOf(targets, candidates[j]!)) / 2;
        }
        sortPairs(candidates, rescored);
        ids.set(candidates.subarray(0, width), (start + i) * width);
        distances.set(rescored.subarray(0, width), (start + i) * width);
        farthest[start + i] = best.farthest[i]!;
        const reach = width === 0 ? 0 : rescored[width - 1]!;
        if (pool === targets.n || reach === 0) continue;
        const own = halfNorm(query);
        const nearestOutside = own - best.cutoff[i]! - ROUNDING * (own + longest);
        if (nearestOutside < reach) unsure.push(start + i);
      }
      await searchAgain(queries, unsure, targets, offsets, { k: width, ids, distances }, options);
      options.onProgress?.({
        stage: 'neighbours',
        done: start + count,
        total: queries.n,
        unit: 'rows',
      });
      await breathe();
    }
  }
  return { k: width, ids, distances, farthest };
}

/**
 * Searches the queries at `rows` once more, rescoring in float64 every row whose rounded distance is
 * not clearly beyond the k-th found so far.
 */
async function searchAgain(
  queries: Vectors,
  rows: readonly number[],
  targets: Vectors,
  offsets: readonly Float32Array[],
  found: Pick<NeighbourLists, 'k' | 'ids' | 'distances'>,
  { signal }: RunOptions,
): Promise<void> {
  const { k } = found;
  for (let first = 0; first < rows.length; first += WIDE_ROWS) {
    const part = rows.slice(first, first + WIDE_ROWS);
    const tileRows = selectRows(queries, part).blocks[0]!;
    const own = part.map((row) => halfNorm(rowOf(queries, row)));
    const candidates: number[][] = part.map(() => []);
    for (const [b, block] of targets.blocks.entries()) {
      throwIfAborted(signal);
      const tile = await products(tileRows, block, targets.dims);
      const width = offsets[b]!.length;
      for (const [a, row] of part.entries()) {
        const reach = found.distances[(row + 1) * k - 1]!;
        for (let j = 0; j < width; j += 1) {
          const norms = own[a]! - offsets[b]![j]!;
          if (norms - tile[a * width + j]! - ROUNDING * norms > reach) continue;
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

/**
 * The `width` largest scores of each query over all blocks, ties to the lower row number; the smallest
 * of them; and the row with the smallest score of all.
 */
async function mergeBlocks(
  queries: Float32Array,
  count: number,
  targets: Vectors,
  offsets: readonly Float32Array[],
  width: number,
): Promise<{ ids: Int32Array; farthest: Int32Array; cutoff: Float32Array }> {
  const ids = new Int32Array(count * width).fill(-1);
  const scores = new Float32Array(count * width).fill(-Infinity);
  const farthest = new Int32Array(count);
  const lowest = new Float32Array(count).fill(Infinity);
  for (const [b, block] of targets.blocks.entries()) {
    const offset = b * BLOCK_ROWS;
    const k = Math.min(width, block.length / targets.dims);
    const tile = await nearest(queries, block, offsets[b]!, targets.dims, k);
    for (let i = 0; i < count; i += 1) {
      if (tile.least[i]! < lowest[i]!) {
        lowest[i] = tile.least[i]!;
        farthest[i] = offset + Number(tile.leastIndex[i]!);
      }
      const end = (i + 1) * width - 1;
      for (let j = 0; j < k; j += 1) {
        const score = tile.values[i * k + j]!;
        if (score <= scores[end]!) break;
        let at = end;
        while (at > i * width && scores[at - 1]! < score) {
          scores[at] = scores[at - 1]!;
          ids[at] = ids[at - 1]!;
          at -= 1;
        }
        scores[at] = score;
        ids[at] = offset + Number(tile.indices[i * k + j]!);
      }
    }
  }
  const cutoff = Float32Array.from({ length: count }, (_, i) => scores[(i + 1) * width - 1]!);
  return { ids, farthest, cutoff };
}

/** −½‖y‖² of every row: added to x·y it orders rows by euclidean distance. */
function offsetsOf(block: Float32Array, dims: number): Float32Array {
  const offsets = new Float32Array(block.length / dims);
  for (let i = 0; i < offsets.length; i += 1) {
    offsets[i] = -halfNorm(block.subarray(i * dims, (i + 1) * dims));
  }
  return offsets;
}

/** ½‖x‖². */
function halfNorm(row: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j += 1) sum += row[j]! * row[j]!;
  return sum / 2;
}

function largestHalfNorm(offsets: readonly Float32Array[]): number {
  let largest = 0;
  for (const block of offsets) for (const offset of block) largest = Math.max(largest, -offset);
  return largest;
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
