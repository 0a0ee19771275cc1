/**
 * Intervals by subsampling without replacement (Politis & Romano 1994). A statistic is measured on
 * many draws of b of the n rows; its spread over the draws, rescaled, is its standard error at n.
 * Bootstrap copies would be duplicates, which is what neighbour measures count; leaving out a
 * small group at a time, as the jackknife does, overstates what hangs on pairs and triples of rows
 * (each part of the variance that needs k rows together counts up to k times; with draws of b rows
 * 1 + b/n + … + (b/n)^(k−1) times), so b is a small part of n.
 */

/** Draws that an interval is made from: its width is then known to about a tenth. */
export const DRAWS = 40;

/** Part of the rows in a draw. */
const PART = 0.35;
/** Rows of a draw at most: what bounds the cost of intervals whatever the number of rows. */
const MOST_ROWS = 800;
/** Rows of a draw at least: neighbours among fewer say nothing about neighbours among all. */
const LEAST_ROWS = 24;

/**
 * Rows in each draw of n rows, and as the same part of the other side's m rows; null when there are
 * too few for an interval.
 */
export function drawSizes(n: number, m: number | null): { rows: number; other: number } | null {
  const part = Math.min(PART, MOST_ROWS / Math.max(n, m ?? 0));
  const rows = Math.round(part * n);
  const other = Math.round(part * (m ?? n));
  return Math.min(rows, other) < LEAST_ROWS ? null : { rows, other };
}

/**
 * The standard error at n from values on draws of b of the n rows: their standard deviation times
 * √(b/(n − b)), which is √(b/n) with the correction for draws that share rows. null below eight
 * values.
 */
export function subsampleError(
  values: readonly number[],
  b: number,
  n: number,
): { error: number; groups: number } | null {
  const { length } = values;
  if (length < 8 || b >= n) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { error: Math.sqrt((squares / (length - 1)) * (b / (n - b))), groups: length };
}
