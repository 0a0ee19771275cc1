import { throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { nearest } from '../compute/kernels/nearest.ts';
import { BLOCK_ROWS, rowOf, squaredDistance, type Vectors } from '../compute/vectors.ts';
import type { NeighbourIndex, NeighbourLists } from './neighbours.ts';

/** Rows of queries in a tile: with 4,096 targets the product tile is 16 MB and never leaves the runtime. */
const QUERY_ROWS = 1024;

/**
 * Candidates kept beyond k. Products are float32, so rows whose distances agree to 1e-7 may come back
 * in the wrong order; the final order is made in float64 among k + SLACK candidates.
 */
const SLACK = 4;

/**
 * Exact search: fused product + top-k over tiles of queries × blocks, merged per query, rescored in
 * float64. Cost n·m·d; memory beside the vectors is one tile and the result.
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
  for (const [b, block] of queries.blocks.entries()) {
    const rows = block.length / queries.dims;
    for (let first = 0; first < rows; first += QUERY_ROWS) {
      throwIfAborted(options.signal);
      const count = Math.min(QUERY_ROWS, rows - first);
      const tile = block.subarray(first * queries.dims, (first + count) * queries.dims);
      const best = await mergeBlocks(tile, count, targets, offsets, pool);
      const start = b * BLOCK_ROWS + first;
      const rescored = new Float64Array(pool);
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
      }
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

/** The `width` largest scores of each query over all blocks; ties go to the lower row number. */
async function mergeBlocks(
  queries: Float32Array,
  count: number,
  targets: Vectors,
  offsets: readonly Float32Array[],
  width: number,
): Promise<{ ids: Int32Array; farthest: Int32Array }> {
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
  return { ids, farthest };
}

/** −½‖y‖² of every row: added to x·y it orders rows by euclidean distance. */
function offsetsOf(block: Float32Array, dims: number): Float32Array {
  const offsets = new Float32Array(block.length / dims);
  for (let i = 0; i < offsets.length; i += 1) {
    let sum = 0;
    for (let j = i * dims; j < (i + 1) * dims; j += 1) sum += block[j]! * block[j]!;
    offsets[i] = -sum / 2;
  }
  return offsets;
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
