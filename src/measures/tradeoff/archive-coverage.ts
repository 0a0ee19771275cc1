import { expectedKinds, tallyOf } from '../../stats/rarefaction.ts';
import { occupiedSizes } from '../archive.ts';
import { family } from '../measure.ts';
import { missing, unsure } from '../value.ts';

/**
 * archive-coverage: share of the cells of an archive that hold a row. Cells (`--cells`) are a grid of descriptors: clusters (of
 * the dataset and its reference together, found on equally many rows of both), numbers in five bins of equally many rows,
 * values as they are. Without being asked it is clusters × length in words; of vectors clusters, of which nearly every one holds
 * a row. On m of n rows Σ 1 − C(n−s, m)/C(n, m) over cells of s rows (Hurlbert 1971).
 */
export const archiveCoverage = family({
  family: 'archive-coverage',
  axis: 'tradeoff',
  needs: ['archive'],
  interval: 'subsample',
  measures: {
    'archive-coverage': {
      title: 'Archive coverage',
      reads: 'The share of the archive’s cells in which there is at least one row.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      unit: 'share of cells',
      cite: 'Mouret & Clune 2015 (MAP-Elites), arXiv 1504.04909',
    },
  },
  finish({ archive }) {
    const n = archive.labels.length;
    const found =
      n === 0 || archive.of === 0
        ? missing(n, 'no rows')
        : unsure(occupiedSizes(archive).length / archive.of, n);
    return { 'archive-coverage': found };
  },
  rarefy({ archive }, _context, m) {
    const n = archive.labels.length;
    if (n === 0 || archive.of === 0 || m > n) return {};
    const expected = expectedKinds(tallyOf(occupiedSizes(archive)), n, m);
    return { 'archive-coverage': expected / archive.of };
  },
});
