/**
 * What becomes of a difference when something is held equal: it stays, vanishes (less than half is left, and
 * no more than chance), turns round, or is unclear: no longer more than chance, but not small either.
 */
export type Controlled = 'stays' | 'vanishes' | 'turns' | 'unclear';

/** A difference below this part of the larger value is none. */
const SMALL = 0.02;

/**
 * Of two values before and after, measured on equally many rows; `noise` is what chance alone makes of their
 * difference, 95 %. null where there was no difference to begin with, or a value is missing.
 */
export function afterControl(
  before: readonly [number | null, number | null],
  after: readonly [number | null, number | null],
  noise: number,
): Controlled | null {
  const was = gapOf(before, noise);
  const is = gapOf(after, noise);
  if (was === null || is === null || !was.clear) return null;
  if (is.clear) return is.gap > 0 === was.gap > 0 ? 'stays' : 'turns';
  return Math.abs(is.gap) < Math.abs(was.gap) / 2 ? 'vanishes' : 'unclear';
}

function gapOf(
  [a, b]: readonly [number | null, number | null],
  noise: number,
): { gap: number; clear: boolean } | null {
  if (a === null || b === null) return null;
  const least = Math.max(noise, SMALL * Math.max(Math.abs(a), Math.abs(b)));
  return { gap: a - b, clear: Math.abs(a - b) > least };
}
