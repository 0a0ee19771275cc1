import { GROUPS } from '../stats/groups.ts';
import { jackknifeError } from '../stats/jackknife.ts';
import type { TextPairs } from './texts.ts';
import { estimated, missing, ofSample, type Value } from './value.ts';

/**
 * The mean of a similarity over pairs of rows as a value. Leaving out a group leaves out every pair that
 * one of its rows is in: a jackknife of the U-statistic, also of an incomplete one (then the chance choice of pairs counts
 * twice, which errs on the wide side).
 */
export function meanOfPairs(pairs: TextPairs, sums: Float64Array): Value {
  const { sample, counts, compared, possible } = pairs;
  const n = sample.of;
  if (compared === 0) return missing(n, 'needs at least two rows');
  const total = sums.reduce((a, b) => a + b, 0);
  const left = Array.from({ length: GROUPS }, (_, g) => {
    const some = compared - inGroup(counts, g);
    return some === 0 ? null : (total - inGroup(sums, g)) / some;
  });
  const mean = total / compared;
  const value = estimated(mean, left, sample.sizes, n, [0, 1]);
  if (compared === possible && sample.rows.length === n) return value;
  return ofSample(value, jackknifeError(mean, left, sample.sizes)?.error ?? 0);
}

/** The mean over pairs that n of the rows, or n fresh ones, are expected to have: that of all pairs. */
export const meanOn = (n: number, { compared }: TextPairs, sums: Float64Array): number | null =>
  n < 2 || compared === 0 ? null : sums.reduce((a, b) => a + b, 0) / compared;

/** What the pairs with a row of group g make up of sums by the groups of both rows. */
function inGroup(sums: Float64Array, g: number): number {
  let sum = -sums[g * GROUPS + g]!;
  for (let h = 0; h < GROUPS; h += 1) sum += sums[g * GROUPS + h]! + sums[h * GROUPS + g]!;
  return sum;
}
