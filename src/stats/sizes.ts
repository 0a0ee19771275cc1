/** A measure's expected value on `n` rows. */
export interface CurvePoint {
  readonly n: number;
  readonly value: number;
}

/** How a value moves as rows are added. */
export type Trend = 'stable' | 'rising' | 'falling';

/** Rows of a draw at most: what bounds the cost of curves whatever the number of rows. */
export const MOST_DRAWN = 8_192;
/** Fewer rows than this say nothing. */
const LEAST_ROWS = 16;

/** How many rows the points of a curve have, largest first, and how many draws each is the mean of. */
export function curveLevels(n: number): { readonly n: number; readonly draws: number }[] {
  const most = Math.min(Math.floor(n / 2), MOST_DRAWN);
  return [1, 1, 1, 2]
    .map((draws, halvings) => ({ n: Math.floor(most / 2 ** halvings), draws }))
    .filter((level) => level.n >= LEAST_ROWS);
}

/** A change per doubling of the rows below this part of the value is no change. */
const SMALL = 0.02;

/**
 * Whether a value has levelled off: the last doubling of the rows moved it by less than 2 %, or by less
 * than its standard error, which cannot be told from nothing. From the last two points of a curve whose
 * last one is the value on all rows; null when there are too few points.
 */
export function trendOf(curve: readonly CurvePoint[], error: number): Trend | null {
  const [last, before] = [curve.at(-1), curve.at(-2)];
  if (last === undefined || before === undefined || before.n >= last.n) return null;
  const change = (last.value - before.value) / Math.log2(last.n / before.n);
  const size = Math.max(Math.abs(last.value), Math.abs(before.value));
  if (Math.abs(change) <= Math.max(SMALL * size, error)) return 'stable';
  return change > 0 ? 'rising' : 'falling';
}
