import { family } from '../measure.ts';
import { bare, missing } from '../value.ts';

/**
 * covering-radius: the largest distance from a reference row to its nearest dataset row (the directed
 * Hausdorff distance): so far must one reach from the dataset to meet all of the reference. Cosine distance,
 * or in euclidean space the euclidean one. One stray reference row decides it: read it beside `coverage`.
 */
export const coveringRadius = family({
  family: 'covering-radius',
  axis: 'against',
  needs: ['rows', 'nearestRows'],
  at: { one: 0, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'none: extremes and counts have no honest one',
  measures: {
    'covering-radius': {
      title: 'Covering radius',
      reads:
        'How far the reference row that is worst served is from the nearest row of the dataset.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'less',
      growsWithN: true,
      rows: 'space',
      unit: 'distance',
      cite: 'Sener & Savarese 2018 (coverage radius), arXiv 1708.00489',
    },
  },
  finish({ rows, nearestRows: { queries, lists } }) {
    if (rows.n === 0 || queries.n === 0) {
      return { 'covering-radius': missing(rows.n, 'no rows on one side') };
    }
    let largest = 0;
    for (let i = 0; i < queries.n; i += 1)
      largest = Math.max(largest, lists.distances[i * lists.k]!);
    const radius = rows.vectors === rows.unit ? largest : Math.sqrt(2 * largest);
    const why = 'an extreme of the sample has no honest interval';
    return { 'covering-radius': bare(radius, rows.n, why) };
  },
});
