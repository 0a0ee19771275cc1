import type { Vectors } from '../compute/vectors.ts';
import { isUnsure, SLACK, searchAgain } from './again.ts';
import { type HalfNorms, halfNorms } from './half-norms.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';
import { levelsFor } from './threads/rounded.ts';
import { EMPTY, type Lists } from './threads/shared.ts';
import { openSearchThreads, type SearchThreadOptions } from './threads/threads.ts';

/**
 * The k nearest other rows of every row, k from 1 to n − 1, on the processor's threads: as a float64
 * search of all pairs would have them. Half of all products is computed, each for both of its rows; in large
 * sets those of rows rounded to bytes, and whole ones only for pairs that these cannot rule out.
 */
export async function exactGraph(
  vectors: Vectors,
  k: number,
  options: SearchOptions & Pick<SearchThreadOptions, 'threads' | 'build' | 'levels'> = {},
): Promise<NeighbourLists> {
  const { n } = vectors;
  const norms = halfNorms(vectors);
  const width = Math.min(k + SLACK, n - 1);
  const extremes = options.farthest === true;
  const { signal, onProgress, threads, build } = options;
  const { levels = await levelsFor(vectors) } = options;
  // Scores of rounded rows are distances, so those of whole products must be as well.
  const offsets = levels === null ? norms.offsets : norms.each.map((norm) => -norm);
  const search = await openSearchThreads(vectors, {
    ...{ width, offsets, levels, extremes, threads, build, signal, onProgress },
  });
  let lists: Lists;
  let found: Omit<NeighbourLists, 'farthest'>;
  try {
    await search.meetAll();
    lists = await search.lists();
    found = await search.rescored(lists, k);
  } finally {
    await search.close();
  }
  const unsure = unsureRows(lists, width, { ...norms, offsets }, found);
  await searchAgain(vectors, unsure, vectors, norms, found, { ...options, among: true });
  // A row whose products are no numbers has no farthest row either, and stands for it itself.
  const farthest = lists.leastRows.map((row, i) => (row === EMPTY ? i : row));
  return { ...found, farthest: extremes ? Int32Array.from(farthest) : null };
}

function unsureRows(
  { scores }: Lists,
  width: number,
  norms: HalfNorms,
  { k, distances }: Pick<NeighbourLists, 'k' | 'distances'>,
): number[] {
  const unsure: number[] = [];
  for (let i = 0; i < norms.each.length; i += 1) {
    const reach = distances[(i + 1) * k - 1]!;
    const all = width === norms.each.length - 1 && Number.isFinite(reach);
    if (reach === 0 || all) continue;
    const own = norms.each[i]!;
    const last = scores[(i + 1) * width - 1]!;
    // Scores are products where lengths are the same, and else the rounded distance with its sign changed.
    const outside = norms.offsets === null ? own + norms.shared - last : -last;
    if (outside === Number.POSITIVE_INFINITY || isUnsure(outside, own, norms, reach))
      unsure.push(i);
  }
  return unsure;
}
