import { intervalFrom } from '../../stats/jackknife.ts';
import { expectedKinds, tallyOf } from '../../stats/rarefaction.ts';
import { leastMean } from '../../stats/shares.ts';
import { occupiedSizes } from '../archive.ts';
import { family } from '../measure.ts';
import { bare, missing, TOO_FEW, type Value, withInterval } from '../value.ts';
import { LEAST_ROWS, STEPS, scoreError } from './qd-score.ts';

/**
 * archive-coverage: share of the cells of an archive that hold a row. Cells (`--cells`) are a grid of descriptors: clusters (of
 * the dataset and its reference together, found on equally many rows of both), numbers in five bins of equally many rows,
 * values as they are. Without being asked it is clusters × length in words; of vectors clusters, of which nearly every one holds
 * a row. On m of n rows Σ 1 − C(n−s, m)/C(n, m) over cells of s rows (Hurlbert 1971).
 *
 * The interval is that of a QD-score whose rows are all worth 1 (qd-score.ts): fresh draws in these cells. Where cells
 * hold many rows its lower end is lower by the chance that they hold none, each by the least mean that its count may come from.
 */
export const archiveCoverage = family({
  family: 'archive-coverage',
  axis: 'tradeoff',
  needs: ['archive'],
  intervalBy: 'how many cells hold one to four rows, in these cells',
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
        : covered(occupiedSizes(archive), archive.of, n);
    return { 'archive-coverage': found };
  },
  rarefy({ archive }, _context, m) {
    const n = archive.labels.length;
    if (n === 0 || archive.of === 0 || m > n) return {};
    const expected = expectedKinds(tallyOf(occupiedSizes(archive)), n, m);
    return { 'archive-coverage': expected / archive.of };
  },
});

function covered(sizes: readonly number[], of: number, n: number): Value {
  const share = sizes.length / of;
  if (n < LEAST_ROWS) return bare(share, n, TOO_FEW);
  const ones = sizes.map((size) => new Float64Array(Math.min(size, STEPS + 1)).fill(1));
  const { error, groups } = scoreError(ones, n);
  const [low, high] = intervalFrom(sizes.length, error, groups, [0, of]);
  const empty = sizes
    .filter((size) => size > STEPS)
    .reduce((sum, size) => sum + Math.exp(-leastMean(size)), 0);
  return withInterval(share, [Math.max(0, (low - empty) / of), high / of], n);
}
