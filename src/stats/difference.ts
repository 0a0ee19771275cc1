import { quantile95 } from './jackknife.ts';
import { tTest } from './student.ts';

/** A number with its 95 % interval, which need not be symmetric. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
  /** Groups or draws that the interval is made from. */
  readonly groups: number;
}

export interface Difference {
  readonly value: number;
  readonly interval: readonly [number, number];
  /** Chance of so large a difference when there is none; null where neither number has any spread. */
  readonly p: number | null;
}

/** The chance that is taken of finding a difference where there is none. */
export const LEVEL = 0.05;

/** Whether what `more` of is asked differs by more or less than chance explains; null where that is not shown. */
export function verdictOf(
  difference: number,
  p: number | null,
  more: 'more' | 'less',
): 'more' | 'less' | null {
  if (p === null || p >= LEVEL || difference === 0) return null;
  return difference > 0 === (more === 'more') ? 'more' : 'less';
}

/**
 * a − b with its interval from those of a and b (Zou & Donner 2008, "MOVER"; with correlated estimates
 * Zou 2007): each end takes from either interval the side that it is about, so that ends which lie
 * unequally far away, or stop at the end of a range, stay right. The p-value is that of the
 * difference over the error which the end toward zero implies.
 */
export function differenceOf(a: Estimate, b: Estimate, correlation = 0): Difference {
  const value = a.value - b.value;
  const half = (x: number, y: number): number =>
    Math.sqrt(Math.max(0, x * x + y * y - 2 * correlation * x * y));
  const below = half(a.value - a.interval[0], b.interval[1] - b.value);
  const above = half(a.interval[1] - a.value, b.value - b.interval[0]);
  const groups = Math.min(a.groups, b.groups);
  const towardZero = value > 0 ? below : above;
  const error = towardZero / quantile95(groups);
  const p = error > 0 ? tTest(value / error, groups - 1) : null;
  // p follows from the same error, so this only makes it agree with the interval where T95 is rounded or stops at its last entry.
  const touches = Math.abs(value) <= towardZero;
  return {
    value,
    interval: [value - below, value + above],
    p: p !== null && touches ? Math.max(p, LEVEL) : p,
  };
}

/**
 * How strongly two numbers move together, from their values on the same draws, on the careful side: a
 * correlation above zero narrows differences, so one standard error (of Fisher's z) is taken off it.
 */
export function carefulCorrelation(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  if (n < 8) return 0;
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  if (!(xx > 0 && yy > 0)) return 0;
  const found = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  if (found <= 0) return found;
  return Math.tanh(Math.max(0, Math.atanh(Math.min(found, 1 - 1e-12)) - 1 / Math.sqrt(n - 3)));
}
