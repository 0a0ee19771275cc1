import { GROUPS } from '../../stats/groups.ts';
import type { Cells, Judged } from '../archive.ts';
import { type About, family, type Rarefied } from '../measure.ts';
import { estimated, missing, type Value } from '../value.ts';

/**
 * What the best row of every cell is worth (`--quality`, `--cells`), less the floor, which is 0, or the lowest quality
 * there is where some are negative: an occupied cell never counts for less than an empty one.
 *
 *   qd-score       Σ over occupied cells of (best quality − floor)
 *   qd-score.mean  the same over all cells, empty ones counted as 0
 *
 * Pugh, Soros & Stanley 2016 (Frontiers in Robotics and AI 3); offset as in pyribs. On m of n rows a cell's best row is
 * its i-th best with the chance that it is drawn and the i − 1 better ones are not: exact, no draws. Left out, a group of rows
 * costs each cell whose best row is in it the step to the best row of another group. For one cell such steps say little of how the best of
 * fresh rows varies, for their sum over cells enough: E step² is 1.2 times the variance of the best of many rows with an
 * exponential tail, twice that of uniform ones. Simulated (`bench/intervals`), that of the sum is somewhat narrow all the
 * same: ARCHITECTURE says how often it holds.
 */
const about = (title: string, reads: string): About => ({
  title,
  reads,
  range: [0, Number.POSITIVE_INFINITY],
  more: 'more',
  growsWithN: true,
  cite: 'Pugh et al. 2016, Front. Robot. AI 3; Mouret & Clune 2015, arXiv 1504.04909',
});

export const qdScore = family({
  family: 'qd-score',
  axis: 'tradeoff',
  needs: ['judged', 'cells', 'rows'],
  measures: {
    'qd-score': about('QD-score', 'The quality of the best row of every cell, added up.'),
    'qd-score.mean': about(
      'QD-score a cell',
      'The quality of the best row of a cell, on average over all cells; an empty one counts for nothing.',
    ),
  },
  finish({ judged, cells, rows }) {
    const n = cells.labels.length;
    const sum = scoreOn(n, judged, cells);
    if (sum === null) {
      const none = missing(n, n === 0 ? 'no rows' : 'no row has a quality and a cell');
      return { 'qd-score': none, 'qd-score.mean': none };
    }
    const left = withoutGroups(judged, cells, rows.groups);
    const valued = (over: number): Value => {
      const without = left.map((score) => score / over);
      return estimated(sum / over, without, rows.sizes, n, [0, Number.POSITIVE_INFINITY]);
    };
    return { 'qd-score': valued(1), 'qd-score.mean': valued(cells.of) };
  },
  rarefy({ judged, cells }, _context, m): Rarefied {
    const sum = m > cells.labels.length ? null : scoreOn(m, judged, cells);
    return sum === null ? {} : { 'qd-score': sum, 'qd-score.mean': sum / cells.of };
  },
});

/** The score without the rows of each group. */
function withoutGroups(
  { numbers, floor }: Judged,
  { labels }: Cells,
  groups: Uint8Array,
): number[] {
  // Of each cell the best row, its group, and the best row of all other groups.
  const cells = new Map<number, { best: number; group: number; next: number }>();
  for (const [row, cell] of labels.entries()) {
    const quality = numbers[row]! - floor;
    if (cell < 0 || Number.isNaN(quality)) continue;
    const group = groups[row]!;
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, { best: quality, group, next: 0 });
    else if (group === known.group) known.best = Math.max(known.best, quality);
    else if (quality > known.best) cells.set(cell, { best: quality, group, next: known.best });
    else known.next = Math.max(known.next, quality);
  }
  const steps = Array.from({ length: GROUPS }, () => 0);
  let sum = 0;
  for (const { best, group, next } of cells.values()) {
    sum += best;
    steps[group]! += best - next;
  }
  return steps.map((step) => sum - step);
}

/** The score that m of the rows are expected to have, drawn without replacement; null where none counts. */
function scoreOn(m: number, { numbers, floor }: Judged, { labels }: Cells): number | null {
  const n = labels.length;
  const members = new Map<number, number[]>();
  for (const [row, cell] of labels.entries()) {
    if (cell < 0 || Number.isNaN(numbers[row]!)) continue;
    const known = members.get(cell);
    if (known === undefined) members.set(cell, [numbers[row]!]);
    else known.push(numbers[row]!);
  }
  if (members.size === 0) return null;
  let sum = 0;
  for (const qualities of members.values()) {
    qualities.sort((a, b) => b - a);
    let absent = 1;
    for (const [better, quality] of qualities.entries()) {
      const next = Math.max(0, absent * ((n - m - better) / (n - better)));
      sum += (quality - floor) * (absent - next);
      absent = next;
      if (absent === 0) break;
    }
  }
  return sum;
}
