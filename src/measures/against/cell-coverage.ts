import { family } from '../measure.ts';
import { bare, missing } from '../value.ts';

/**
 * cell-coverage: share of the reference's clusters that hold at least one row of the dataset. The
 * clusters are fitted on the reference alone (spherical k-means, √m within 8…256); every dataset row
 * falls into the one whose centre is nearest, however far away: read it beside `coverage`.
 */
export const cellCoverage = family({
  family: 'cell-coverage',
  axis: 'against',
  needs: ['regions'],
  at: { one: 1, identical: 1, disjoint: 1, duplicated: 1 },
  intervalBy: 'none: extremes and counts have no honest one',
  measures: {
    'cell-coverage': {
      title: 'Cell coverage',
      reads: 'The share of the reference’s clusters in which the dataset has at least one row.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'share of clusters',
      cite: 'archive coverage: Mouret & Clune 2015, arXiv 1504.04909',
    },
  },
  finish({ regions }) {
    const { k } = regions.clusters;
    const n = regions.labels.length;
    if (k === 0 || n === 0) return { 'cell-coverage': missing(n, 'no rows on one side') };
    const occupied = regions.sizes.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0);
    return { 'cell-coverage': bare(occupied / k, n, 'a count has no honest interval') };
  },
});
