import type { Vectors } from '../compute/vectors.ts';
import { isUnsure, SLACK, searchAgain } from './again.ts';
import { type HalfNorms, halfNorms } from './half-norms.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';
import { EMPTY, type Lists, type Panel } from './threads/shared.ts';
import { CACHE_BYTES, openSearchThreads, PANEL_ROWS } from './threads/threads.ts';

/**
 * The k nearest other rows of every row, k from 1 to n − 1, on the processor's threads: as a float64
 * search of all pairs would have them. Half of all products is computed, each for both of its rows.
 */
export async function exactGraph(
  vectors: Vectors,
  k: number,
  options: SearchOptions & { readonly threads?: number | undefined } = {},
): Promise<NeighbourLists> {
  const { n, dims } = vectors;
  const norms = halfNorms(vectors);
  const width = Math.min(k + SLACK, n - 1);
  const extremes = options.farthest === true;
  const { signal, onProgress, threads } = options;
  const { offsets } = norms;
  const search = await openSearchThreads(vectors, {
    ...{ width, offsets, extremes, threads, signal, onProgress },
  });
  let lists: Lists;
  let found: NeighbourLists;
  try {
    const panels = panelsOf(n);
    await search.tiles(panels, allPairs(panels.length, dims));
    lists = await search.lists();
    found = await search.rescored(lists, k);
  } finally {
    await search.close();
  }
  const unsure = unsureRows(lists, width, norms, found);
  await searchAgain(vectors, unsure, vectors, norms, found, { ...options, among: true });
  // A row whose products are no numbers has no farthest row either, and stands for it itself.
  const farthest = lists.leastRows.map((row, i) => (row === EMPTY ? i : row));
  return { ...found, farthest: extremes ? Int32Array.from(farthest) : null };
}

function panelsOf(n: number): Panel[] {
  return Array.from({ length: Math.ceil(n / PANEL_ROWS) }, (_, p) => ({
    first: p * PANEL_ROWS,
    rows: Math.min(PANEL_ROWS, n - p * PANEL_ROWS),
  }));
}

/** All pairs of panels, each once, in such an order that a thread can go on with copies it has. */
function allPairs(count: number, dims: number): Int32Array {
  const together = Math.max(1, Math.floor(CACHE_BYTES / (8 * PANEL_ROWS * dims)));
  const pairs = new Int32Array(count * (count + 1));
  let at = 0;
  for (let start = 0; start < count; start += together) {
    const end = Math.min(count, start + together);
    for (let a = 0; a < end; a += 1) {
      for (let b = Math.max(a, start); b < end; b += 1) {
        pairs[at] = a;
        pairs[at + 1] = b;
        at += 2;
      }
    }
  }
  return pairs;
}

function unsureRows(
  { scores }: Lists,
  width: number,
  norms: HalfNorms,
  { k, distances }: NeighbourLists,
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
    if (isUnsure(outside, own, norms, reach)) unsure.push(i);
  }
  return unsure;
}
