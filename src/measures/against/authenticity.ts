import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { crossingValue } from '../crossing.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { has, tooFew } from '../two-samples.ts';

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
  at: { one: null, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'a group of rows at a time, and 31 half-samples of the reference; Wilson',
  peers:
    'Others pass copies of reference rows that are there twice: they compare distances of 0 with <.',
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
    const { ids, distances } = crossing.lists;
    const value = crossingValue(
      crossing,
      (kept) => (place) =>
        distances[place]! > ownDistance(neighbours, other, ids[place]!, kept) ? 1 : 0,
      [0, 1],
      rows.n,
    );
    return { authenticity: value };
  },
});

/** How far a reference row is from its nearest other one in the kept groups. */
function ownDistance(
  { k, ids, distances }: NeighbourGraph,
  { groups }: Rows,
  row: number,
  kept: number,
): number {
  let place = row * k;
  while (place < (row + 1) * k - 1 && !has(kept, groups[ids[place]!]!)) place += 1;
  return distances[place]!;
}
