import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { GROUPS } from '../../stats/groups.ts';
import { type Crossing, nearestWithout } from '../crossing.ts';
import { family } from '../measure.ts';
import { fromParts, tooFew } from '../two-samples.ts';

/**
 * authenticity: the share of rows that are no copy of the reference (Alaa et al. 2022). A row counts as a
 * copy when it is as near to its nearest reference row as that row is to its own nearest other reference
 * row, or nearer. Equal counts as a copy: copies of reference rows that occur twice are copies too, where
 * the strict comparison of peers would pass them. A second draw of the reference's source has about a half.
 */
export const authenticity = family({
  family: 'authenticity',
  axis: 'against',
  needs: ['rows', 'reference', 'nearestReference'],
  measures: {
    authenticity: {
      title: 'Authenticity',
      reads: 'The share of rows that are no near-copy of a reference row; low means memorised.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      rows: 'space',
      unit: 'share of rows',
      cite: 'Alaa et al. 2022, arXiv 2102.08921',
    },
  },
  finish({ rows, reference: { rows: other, neighbours }, nearestReference: crossing }) {
    const few = tooFew({ rows, reference: other }, 1, 2);
    if (few !== null) return { authenticity: few };
    const own = new Float64Array(GROUPS);
    const change = new Float64Array(GROUPS);
    let sum = 0;
    for (let i = 0; i < rows.n; i += 1) {
      const value = authentic(crossing, neighbours, i, -1);
      sum += value;
      own[rows.groups[i]!]! += value;
      for (const g of groupsBehind(crossing, neighbours, i)) {
        change[g]! += authentic(crossing, neighbours, i, g) - value;
      }
    }
    const { n, sizes } = rows;
    const value = fromParts(
      { rows, reference: other },
      sum / n,
      own.map((part, g) => (sum - part) / (n - sizes[g]!)),
      change.map((part) => (sum + part) / n),
      { range: [0, 1] },
    );
    return { authenticity: value };
  },
});

/** 1 for a row that is no copy, with a group of the reference left out; −1 leaves out none. */
function authentic(crossing: Crossing, own: NeighbourGraph, row: number, group: number): number {
  const place = nearestWithout(crossing, row, group);
  const target = crossing.lists.ids[place]!;
  return crossing.lists.distances[place]! > ownDistance(crossing, own, target, group) ? 1 : 0;
}

/** How far a reference row is from its nearest other one outside a group. */
function ownDistance(
  { targets: { groups } }: Crossing,
  { k, ids, distances }: NeighbourGraph,
  row: number,
  group: number,
): number {
  let place = row * k;
  while (place < (row + 1) * k - 1 && groups[ids[place]!] === group) place += 1;
  return distances[place]!;
}

/** The groups that a row's verdict hangs on: of its nearest reference row, and of that row's own. */
function groupsBehind(
  { targets: { groups }, lists }: Crossing,
  { k, ids }: NeighbourGraph,
  row: number,
): Set<number> {
  const target = lists.ids[row * lists.k]!;
  return new Set([groups[target]!, groups[ids[target * k]!]!]);
}
