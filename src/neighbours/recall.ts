import { selectRows, type Vectors } from '../compute/vectors.ts';
import { exactSearch } from './exact.ts';
import { drawRows } from './lists.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';

/** The true neighbours of a few rows, each row left out of its own list. */
export interface Truth {
  readonly rows: Int32Array;
  readonly k: number;
  readonly ids: Int32Array;
  readonly distances: Float64Array;
}

/** Searches for the k nearest other rows of `count` drawn rows among all rows. */
export async function drawTruth(
  vectors: Vectors,
  k: number,
  count: number,
  { device, signal, seed }: SearchOptions & { readonly seed: number },
): Promise<Truth> {
  const rows = drawRows(vectors.n, Math.min(count, vectors.n), seed);
  const found = await exactSearch(selectRows(vectors, rows), vectors, k + 1, { device, signal });
  return { rows, k, ...withoutSelf(found, rows) };
}

/** The rows of a truth from `first` up to `last` as a truth of their own. */
export const partOf = (
  { rows, k, ids, distances }: Truth,
  first: number,
  last?: number,
): Truth => ({
  rows: rows.subarray(first, last),
  k,
  ids: ids.subarray(first * k, last === undefined ? undefined : last * k),
  distances: distances.subarray(first * k, last === undefined ? undefined : last * k),
});

/** Drops each row from its own list; where duplicates pushed it out of the list, drops the last. */
export function withoutSelf(
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
 * Share of true neighbours that are found. A listed row counts when it is no farther than the true k-th
 * neighbour: which of several equal rows came back is no miss. `distanceOf` is the distance that a row
 * has in a place of its list.
 */
export function recallOn(
  { rows, k, distances }: Truth,
  distanceOf: (row: number, place: number) => number,
): number {
  if (k === 0 || rows.length === 0) return 1;
  let hits = 0;
  for (const [s, row] of rows.entries()) {
    const reach = distances[s * k + k - 1]! + 1e-9;
    for (let j = 0; j < k; j += 1) if (distanceOf(row, j) <= reach) hits += 1;
  }
  return hits / (rows.length * k);
}
