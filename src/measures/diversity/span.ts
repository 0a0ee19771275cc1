import { rowOf, squaredDistance } from '../../compute/vectors.ts';
import { centralRow } from '../central.ts';
import { family } from '../measure.ts';
import { missing, unsure } from '../value.ts';

/**
 * span: the 90th percentile of the cosine distances of the rows to their medoid, the row with the least
 * total distance to all (Cox et al. 2021): how far the set reaches, outliers left out.
 */
const QUANTILE = 0.9;

export const span = family({
  family: 'span',
  axis: 'diversity',
  needs: ['rows'],
  // Another draw has another medoid: order statistics around this one would be too narrow.
  interval: 'subsample',
  at: { one: 0, identical: 0, disjoint: 1, duplicated: 'same' },
  measures: {
    span: {
      title: 'Span',
      reads: 'How far from the most central row the rows reach, the farthest tenth left out.',
      range: [0, 2],
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Cox et al. 2021 (span), arXiv 2101.06030',
    },
  },
  finish({ rows: { n, unit, order } }) {
    if (n === 0) return { span: missing(0, 'no rows') };
    const medoid = rowOf(unit, centralRow(unit, order));
    const distances = new Float64Array(n);
    for (let i = 0; i < n; i += 1) distances[i] = squaredDistance(rowOf(unit, i), medoid) / 2;
    distances.sort();
    return { span: unsure(distances[Math.ceil(QUANTILE * n) - 1]!, n) };
  },
});
