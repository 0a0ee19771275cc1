import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { crossingValue } from '../crossing.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { has, tooFew } from '../two-samples.ts';

/**
 * novelty: the share of rows that are farther from the nearest reference row than 95 % of the reference
 * rows are from their own nearest other one. A second draw of the reference's source has about 5 %.
 */
const QUANTILE = 0.95;

export const novelty = family({
  family: 'novelty',
  axis: 'against',
  needs: ['rows', 'reference', 'nearestReference'],
  at: { one: null, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'a group of rows at a time, and 31 half-samples of the reference; Wilson',
  measures: {
    novelty: {
      title: 'Novelty',
      reads:
        'The share of rows farther from the reference than its own rows are from each other; about 5 % for a second draw.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      rows: 'space',
      unit: 'share of rows',
      cite: 'Knorr & Ng 1998 (VLDB), distance-based outliers',
    },
  },
  finish({ rows, reference: { rows: other, neighbours }, nearestReference: crossing }) {
    const few = tooFew({ rows, reference: other }, 1, 2);
    if (few !== null) return { novelty: few };
    const { distances } = crossing.lists;
    const value = crossingValue(
      crossing,
      (kept) => {
        const limit = ownDistance(neighbours, other, kept);
        return (place) => (distances[place]! > limit ? 1 : 0);
      },
      [0, 1],
      rows.n,
    );
    return { novelty: value };
  },
});

/** The distance to the nearest other row that 95 % of the rows stay within, in the kept groups. */
function ownDistance({ k, ids, distances }: NeighbourGraph, rows: Rows, kept: number): number {
  const nearest: number[] = [];
  for (let i = 0; i < rows.n; i += 1) {
    if (!has(kept, rows.groups[i]!)) continue;
    let place = i * k;
    while (place < (i + 1) * k - 1 && !has(kept, rows.groups[ids[place]!]!)) place += 1;
    nearest.push(distances[place]!);
  }
  const sorted = Float64Array.from(nearest).sort();
  return sorted[Math.ceil(QUANTILE * sorted.length) - 1] ?? Number.NaN;
}
