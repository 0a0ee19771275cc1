import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { GROUPS } from '../../stats/groups.ts';
import { crossingMeans } from '../crossing.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { fromParts, tooFew } from '../two-samples.ts';

/**
 * novelty: the share of rows that are farther from the nearest reference row than 95 % of the reference
 * rows are from their own nearest other one. A second draw of the reference's source has about 5 %.
 */
const QUANTILE = 0.95;

export const novelty = family({
  family: 'novelty',
  axis: 'against',
  needs: ['rows', 'reference', 'nearestReference'],
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
    const beyond = (limit: number): ReturnType<typeof crossingMeans> =>
      crossingMeans(crossing, (_, place) => (distances[place]! > limit ? 1 : 0));
    const { whole, withoutQueries } = beyond(ownDistance(neighbours, other, -1));
    // Without a group of the reference both the limit and some nearest rows are others.
    const withoutReference = Array.from({ length: GROUPS }, (_, g) =>
      other.sizes[g] === 0 || other.n - other.sizes[g]! < 2
        ? null
        : beyond(ownDistance(neighbours, other, g)).withoutTargets[g]!,
    );
    const value = fromParts({ rows, reference: other }, whole, withoutQueries, withoutReference, {
      range: [0, 1],
    });
    return { novelty: value };
  },
});

/** The distance to the nearest other row that 95 % of the rows stay within, without a group of them. */
function ownDistance({ k, ids, distances }: NeighbourGraph, rows: Rows, group: number): number {
  const nearest: number[] = [];
  for (let i = 0; i < rows.n; i += 1) {
    if (rows.groups[i] === group) continue;
    let place = i * k;
    while (place < (i + 1) * k - 1 && rows.groups[ids[place]!] === group) place += 1;
    nearest.push(distances[place]!);
  }
  const sorted = Float64Array.from(nearest).sort();
  return sorted[Math.ceil(QUANTILE * sorted.length) - 1]!;
}
