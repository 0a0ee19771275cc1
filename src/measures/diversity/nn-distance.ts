import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { GROUPS } from '../../stats/groups.ts';
import { family, type Value } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { estimated, missing } from '../value.ts';

/**
 * nn-distance   mean over rows of the cosine distance to the nearest other row (Chamfer)
 * knn-distance  mean over rows of the mean distance to the 5 nearest
 *
 * 0 for rows that all have an equal twin. Intervals leave out a group of rows at a time; the graph
 * holds enough neighbours to know each row's nearest ones among the rest without another search.
 */
const NEAREST = 5;

export const nnDistance = family({
  family: 'nn-distance',
  axis: 'diversity',
  needs: ['cosineNeighbours', 'rows'],
  measures: {
    'nn-distance': {
      title: 'Nearest-neighbour distance',
      reads: 'How far a row is from the row most like it, on average.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      unit: 'cosine distance',
      cite: 'Cox et al. 2021 (Chamfer), arXiv 2111.02488',
    },
    'knn-distance': {
      title: 'Distance to the 5 nearest',
      reads: 'How far a row is from the five rows most like it, on average.',
      range: [0, 2],
      more: 'more',
      growsWithN: true,
      unit: 'cosine distance',
      cite: 'Cao et al. 2023 (InstructionMining, KNN-i), arXiv 2307.06290',
    },
  },
  finish({ cosineNeighbours, rows }) {
    return {
      'nn-distance': meanOfNearest(cosineNeighbours, rows, 1),
      'knn-distance': meanOfNearest(cosineNeighbours, rows, NEAREST),
    };
  },
});

function meanOfNearest(graph: NeighbourGraph, rows: Rows, nearest: number): Value {
  const { n, k } = graph;
  if (k === 0) return missing(n, 'needs at least two rows');
  const width = Math.min(nearest, k);
  const sums = new Float64Array(GROUPS);
  let whole = 0;
  // Most groups are not among a row's nearest: their removal changes nothing for it.
  let common = 0;
  for (let i = 0; i < n; i += 1) {
    const all = meanWithout(graph, rows.groups, i, width, -1);
    whole += all;
    common += all;
    const own = rows.groups[i]!;
    sums[own]! -= all;
    for (let j = 0; j < width; j += 1) {
      const g = rows.groups[graph.ids[i * k + j]!]!;
      if (g === own || seenBefore(graph, rows.groups, i, j, g)) continue;
      sums[g]! += meanWithout(graph, rows.groups, i, width, g) - all;
    }
  }
  const without = sums.map((change, g) => (common + change) / (n - rows.sizes[g]!));
  return estimated(whole / n, without, rows.sizes, n, [0, 2]);
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
