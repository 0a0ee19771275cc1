import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { GROUPS } from '../stats/groups.ts';
import type { Rows } from './rows.ts';
import { estimated, missing, type Value } from './value.ts';

/**
 * The mean over rows of a function of the mean distance to their `nearest` nearest rows, with its
 * interval. A row's nearest ones without a group are known from the longer list that the graph holds,
 * so leaving out a group needs no other search.
 */
export function meanOfNearest(
  graph: NeighbourGraph,
  rows: Rows,
  nearest: number,
  range: readonly [number, number],
  of: (distance: number) => number = (distance) => distance,
): Value {
  const { n, k } = graph;
  if (k === 0) return missing(n, 'needs at least two rows');
  const width = Math.min(nearest, k);
  const sums = new Float64Array(GROUPS);
  let whole = 0;
  for (let i = 0; i < n; i += 1) {
    const all = of(meanWithout(graph, rows.groups, i, width, -1));
    whole += all;
    // Only its own group and those of its nearest rows change anything for a row.
    const own = rows.groups[i]!;
    sums[own]! -= all;
    for (let j = 0; j < width; j += 1) {
      const g = rows.groups[graph.ids[i * k + j]!]!;
      if (g === own || seenBefore(graph, rows.groups, i, j, g)) continue;
      sums[g]! += of(meanWithout(graph, rows.groups, i, width, g)) - all;
    }
  }
  const without = sums.map((change, g) => (whole + change) / (n - rows.sizes[g]!));
  return estimated(whole / n, without, rows.sizes, n, range);
}

function seenBefore(
  graph: NeighbourGraph,
  groups: Uint8Array,
  i: number,
  upTo: number,
  g: number,
): boolean {
  for (let j = 0; j < upTo; j += 1) if (groups[graph.ids[i * graph.k + j]!] === g) return true;
  return false;
}

/** Mean distance to the first `width` neighbours of row i that are not in group g. */
function meanWithout(
  graph: NeighbourGraph,
  groups: Uint8Array,
  i: number,
  width: number,
  g: number,
): number {
  let sum = 0;
  let count = 0;
  for (let j = i * graph.k; j < (i + 1) * graph.k && count < width; j += 1) {
    if (groups[graph.ids[j]!] === g) continue;
    sum += graph.distances[j]!;
    count += 1;
  }
  // All listed neighbours in one group: the farthest of them is the best that is known.
  return count === 0 ? graph.distances[(i + 1) * graph.k - 1]! : sum / count;
}
