import { GROUPS } from '../../stats/groups.ts';
import { intervalFrom } from '../../stats/jackknife.ts';
import type { Cells, Judged } from '../archive.ts';
import { type About, family, type Rarefied } from '../measure.ts';
import { bare, missing, TOO_FEW, type Value, withInterval } from '../value.ts';

/**
 * What the best row of every cell is worth (`--quality`, `--cells`), less the floor, which is 0, or the lowest quality
 * there is where some are negative: an occupied cell never counts for less than an empty one.
 *
 *   qd-score       Σ over occupied cells of (best quality − floor)
 *   qd-score.mean  the same over all cells, empty ones counted as 0
 *
 * Pugh, Soros & Stanley 2016 (Frontiers in Robotics and AI 3); offset as in pyribs. On m of n rows a cell's best row is
 * its i-th best with the chance that it is drawn and the i − 1 better ones are not: exact, no draws.
 *
 * The interval is for fresh draws in these cells and above this floor, both of which are part of the question. With q₁ ≥ q₂ ≥ …
 * the qualities of a cell over the floor, and 0 after the last, the best of as many fresh rows varies by
 *
 *   E Σ (−1)^(k+1) (qₖ − qₖ₊₁)²
 *
 * since the rows above any height come independently: where k of them lie above one height and none above a higher one
 * is told by the k-th step, and the alternating sum takes all k to none (as Good & Toulmin 1956 do with kinds). For an exponential
 * tail that is its π²/6. Leaving rows out takes the first step alone, up to twice as much and more where cells hold many rows.
 */
const RANGE = [0, Number.POSITIVE_INFINITY] as const;
/** Rows below which nothing is said of the spread. */
export const LEAST_ROWS = 24;

const about = (title: string, reads: string): About => ({
  title,
  reads,
  range: RANGE,
  more: 'more',
  growsWithN: true,
  cite: 'Pugh et al. 2016, Front. Robot. AI 3; Mouret & Clune 2015, arXiv 1504.04909',
});

export const qdScore = family({
  family: 'qd-score',
  axis: 'tradeoff',
  needs: ['judged', 'cells'],
  intervalBy: 'steps between the best rows of each cell, above this floor and in these cells',
  measures: {
    'qd-score': about('QD-score', 'The quality of the best row of every cell, added up.'),
    'qd-score.mean': about(
      'QD-score a cell',
      'The quality of the best row of a cell, on average over all cells; an empty one counts for nothing.',
    ),
  },
  finish({ judged, cells }) {
    const n = cells.labels.length;
    const held = cellsOf(judged, cells);
    if (held.length === 0) {
      const none = missing(n, n === 0 ? 'no rows' : 'no row has a quality and a cell');
      return { 'qd-score': none, 'qd-score.mean': none };
    }
    const sum = scoreOn(n, n, held);
    const { error, groups } = scoreError(held, n);
    const valued = (over: number): Value =>
      n < LEAST_ROWS
        ? bare(sum / over, n, TOO_FEW)
        : withInterval(sum / over, intervalFrom(sum / over, error / over, groups, RANGE), n);
    return { 'qd-score': valued(1), 'qd-score.mean': valued(cells.of) };
  },
  rarefy({ judged, cells }, _context, m): Rarefied {
    const n = cells.labels.length;
    const held = cellsOf(judged, cells);
    if (m > n || held.length === 0) return {};
    const sum = scoreOn(m, n, held);
    return { 'qd-score': sum, 'qd-score.mean': sum / cells.of };
  },
});

/** Qualities over the floor of the rows of each cell that has any, best first. */
function cellsOf({ numbers, floor }: Judged, { labels }: Cells): Float64Array[] {
  const members = new Map<number, number[]>();
  for (const [row, cell] of labels.entries()) {
    if (cell < 0 || Number.isNaN(numbers[row]!)) continue;
    const known = members.get(cell);
    if (known === undefined) members.set(cell, [numbers[row]! - floor]);
    else known.push(numbers[row]! - floor);
  }
  return Array.from(members.values(), (qualities) => Float64Array.from(qualities).sort().reverse());
}

/** The score that m of n rows are expected to have, drawn without replacement. */
function scoreOn(m: number, n: number, cells: readonly Float64Array[]): number {
  let sum = 0;
  for (const qualities of cells) {
    let absent = 1;
    for (const [better, quality] of qualities.entries()) {
      const next = Math.max(0, absent * ((n - m - better) / (n - better)));
      sum += quality * (absent - next);
      absent = next;
      if (absent === 0) break;
    }
  }
  return sum;
}

/** Σ (−1)^(k+1) over the first four steps, smoothed as Euler's transform does: ½ + … of a binomial of four. */
const WEIGHTS = [15 / 16, -11 / 16, 5 / 16, -1 / 16];
/** Steps that count. */
export const STEPS = WEIGHTS.length;
/** Where a few cells have steps that cancel, no less than this part of their sum. */
const LEAST = 1 / 5;

/** The standard error of the score, and of how many independent numbers it is as sure as the error of their mean. */
export function scoreError(
  cells: readonly Float64Array[],
  n: number,
): { error: number; groups: number } {
  let [variance, squares, size, first] = [0, 0, 0, 0];
  for (const qualities of cells) {
    let own = 0;
    for (const [k, weight] of WEIGHTS.entries()) {
      const step = (qualities[k] ?? 0) - (qualities[k + 1] ?? 0);
      own += weight * step ** 2;
      size += Math.abs(weight) * step ** 2;
      if (k === 0) first += step;
    }
    variance += own;
    squares += own ** 2;
  }
  // As many rows, however many fall into each cell.
  const error = Math.sqrt(Math.max(variance - first ** 2 / n, LEAST * size));
  const freedom = squares === 0 ? GROUPS : (2 * variance ** 2) / squares;
  return { error, groups: 1 + Math.max(1, Math.floor(freedom)) };
}
