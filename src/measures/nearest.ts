import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { MIN_GROUPS, occupiedGroups } from '../stats/groups.ts';
import { GROUPS_OF, HALVES, halfSizes, halvesError, mixedError } from '../stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../stats/jackknife.ts';
import type { Rows } from './rows.ts';
import { missing, type Value, withInterval } from './value.ts';

/** All groups of rows, bit g for group g. */
const ALL = -1;

/**
 * The mean over rows of the mean distance to their `nearest` nearest rows, with its interval. Leaving
 * out one group of rows at a time counts what hangs on pairs of rows twice, so half-samples are
 * measured as well. A row's nearest ones among the rest are known from the longer list that the graph
 * holds: no other search is needed.
 */
export function meanDistanceToNearest(graph: NeighbourGraph, rows: Rows, nearest: number): Value {
  const { n, k } = graph;
  if (k === 0) return missing(n, 'needs at least two rows');
  const width = Math.min(nearest, k);
  const { sizes } = rows;
  const perRow = (i: number, kept: number): number =>
    meanOfFirst(graph, rows.groups, i, width, kept);
  const value = sumOver(rows, ALL, perRow) / n;
  if (occupiedGroups(sizes) < MIN_GROUPS) return withInterval(value, null, n);
  const without = Float64Array.from(sizes, (size, g) => {
    const kept = ALL & ~(1 << g);
    return size === 0 ? value : sumOver(rows, kept, perRow) / (n - size);
  });
  const halved = rescaled(halves(rows, perRow), value);
  const error = mixedError(halvesError(halved, sizes), jackknifeError(value, without, sizes));
  return withInterval(value, twoSampleInterval(value, [error], [0, 2]), n);
}

/** The share of rows whose nearest row is no farther than `limit`, with its interval. */
export function shareWithin(graph: NeighbourGraph, rows: Rows, limit: number): Value {
  const { n, k } = graph;
  if (k === 0) return missing(n, 'needs at least two rows');
  const perRow = (i: number, kept: number): number =>
    meanOfFirst(graph, rows.groups, i, 1, kept) <= limit ? 1 : 0;
  const value = sumOver(rows, ALL, perRow) / n;
  if (occupiedGroups(rows.sizes) < MIN_GROUPS) return withInterval(value, null, n);
  const error = halvesError(halves(rows, perRow), rows.sizes);
  // A pair makes two such rows: among none or all of them there are half as many draws as rows.
  return withInterval(value, twoSampleInterval(value, [error], [0, 1], n / 2), n);
}

/** Sum over the rows of the groups in `kept`, of which bit g stands for group g. */
function sumOver(
  { n, groups }: Rows,
  kept: number,
  perRow: (row: number, kept: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) if ((kept >> groups[i]!) & 1) sum += perRow(i, kept);
  return sum;
}

function halves(rows: Rows, perRow: (row: number, kept: number) => number): Float64Array {
  const sizes = halfSizes(rows.sizes);
  return Float64Array.from(
    { length: HALVES },
    (_, r) => sumOver(rows, GROUPS_OF[r]!, perRow) / sizes[r]!,
  );
}

/** Distances are larger among fewer rows, and so is their spread: as large as it is at this n. */
function rescaled(values: Float64Array, value: number): Float64Array {
  const mean = values.reduce((sum, half) => sum + half, 0) / values.length;
  return mean > 0 ? values.map((half) => (half * value) / mean) : values;
}

/** Mean distance to the first `width` neighbours of row i that are in the groups of `kept`. */
function meanOfFirst(
  graph: NeighbourGraph,
  groups: Uint8Array,
  i: number,
  width: number,
  kept: number,
): number {
  let sum = 0;
  let count = 0;
  for (let j = i * graph.k; j < (i + 1) * graph.k && count < width; j += 1) {
    if (((kept >> groups[graph.ids[j]!]!) & 1) === 0) continue;
    sum += graph.distances[j]!;
    count += 1;
  }
  // Fewer than that among the known neighbours: the farthest of them is the best that is known.
  const farthest = graph.distances[(i + 1) * graph.k - 1]!;
  return (sum + (width - count) * farthest) / width;
}
