import { MIN_GROUPS } from './groups.ts';
import { shareInterval } from './shares.ts';

/** Two-sided 95 % quantiles of Student's t with 1, 2, … 31 degrees of freedom. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042, 2.04,
];

/**
 * The standard error of a statistic from its values without each group (delete-a-group jackknife
 * with unequal groups; Busing, Meijer & van der Leeden 1999). `sizes[g]` is the number of rows in
 * group g; empty groups are passed over. null when fewer than MIN_GROUPS groups are occupied or a
 * value is missing.
 */
export function jackknifeError(
  whole: number,
  without: ArrayLike<number | null>,
  sizes: ArrayLike<number>,
): { error: number; groups: number } | null {
  let n = 0;
  let groups = 0;
  for (let g = 0; g < sizes.length; g += 1) {
    n += sizes[g]!;
    if (sizes[g]! > 0) groups += 1;
  }
  if (groups < MIN_GROUPS) return null;
  // Pseudo-values h·whole − (h − 1)·left, h = n / size, as distances from the whole.
  const pseudo: { beyond: number; h: number }[] = [];
  for (let g = 0; g < sizes.length; g += 1) {
    const size = sizes[g]!;
    if (size === 0) continue;
    const left = without[g];
    if (left === null || left === undefined || !Number.isFinite(left)) return null;
    const h = n / size;
    pseudo.push({ beyond: (h - 1) * (whole - left), h });
  }
  const centre = pseudo.reduce((sum, { beyond, h }) => sum + beyond / h, 0);
  const squares = pseudo.reduce((sum, { beyond, h }) => sum + (beyond - centre) ** 2 / (h - 1), 0);
  const variance = squares / groups;
  return { error: Math.sqrt(variance), groups };
}

/** The interval of a statistic of independent rows, kept inside the range that it can take. */
export function jackknifeInterval(
  whole: number,
  without: ArrayLike<number | null>,
  sizes: ArrayLike<number>,
  range: readonly [number, number] = [-Infinity, Infinity],
): readonly [number, number] | null {
  const found = jackknifeError(whole, without, sizes);
  if (found === null) return null;
  let draws = 0;
  for (let g = 0; g < sizes.length; g += 1) draws += sizes[g]!;
  return intervalFrom(whole, found.error, found.groups, range, draws);
}

/**
 * The interval of a statistic of two samples, from the error that each of them contributes; of a share
 * of `draws` independent draws.
 */
export function twoSampleInterval(
  whole: number,
  parts: readonly ({ error: number; groups: number } | null)[],
  range: readonly [number, number] = [-Infinity, Infinity],
  draws = 0,
): readonly [number, number] | null {
  let variance = 0;
  let groups = Infinity;
  for (const part of parts) {
    if (part === null) return null;
    variance += part.error ** 2;
    groups = Math.min(groups, part.groups);
  }
  return intervalFrom(whole, Math.sqrt(variance), groups, range, draws);
}

/**
 * value ± t·error, t by the number of groups or draws that the error is made from. What goes from 0 to
 * 1 is a share and has Wilson's interval instead (see shares.ts), of so many draws.
 */
export function intervalFrom(
  whole: number,
  error: number,
  groups: number,
  [low, high]: readonly [number, number] = [-Infinity, Infinity],
  draws = 0,
): readonly [number, number] {
  const t = quantile95(groups);
  if (low === 0 && high === 1) return shareInterval(whole, error, t, draws);
  return [Math.max(low, whole - t * error), Math.min(high, whole + t * error)];
}

/** The two-sided 95 % quantile of Student's t for an error that is made from so many groups or draws. */
export const quantile95 = (groups: number): number => T95[Math.min(groups - 1, T95.length) - 1]!;
