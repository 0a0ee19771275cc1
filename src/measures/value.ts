import { jackknifeInterval } from '../stats/jackknife.ts';
import type { Value } from './measure.ts';
import type { Spectra, Spectrum } from './spectrum.ts';

/** Ways of making a `Value` that every family shares. */

const TOO_FEW = 'too few rows for an interval';

/** A number that does not exist on this data, and why. */
export const missing = (n: number, why: string): Value => ({
  value: null,
  interval: null,
  why,
  n,
  method: 'exact',
});

/** A number for which no honest interval is known. */
export const bare = (value: number, n: number, why: string): Value => ({
  value,
  interval: null,
  why,
  n,
  method: 'exact',
});

/** A number with its interval from the values without each group of rows. */
export function estimated(
  value: number,
  without: ArrayLike<number | null>,
  sizes: ArrayLike<number>,
  n: number,
  range: readonly [number, number],
): Value {
  return withInterval(value, jackknifeInterval(value, without, sizes, range), n);
}

export const withInterval = (
  value: number,
  interval: readonly [number, number] | null,
  n: number,
): Value => ({
  value,
  interval,
  ...(interval === null ? { why: TOO_FEW } : {}),
  n,
  method: 'exact',
});

/** A statistic of the spectrum with its interval; null from the statistic means that it does not exist. */
export function ofSpectrum(
  { whole, without, sizes }: Spectra,
  range: readonly [number, number],
  statistic: (spectrum: Spectrum) => number | null,
  why: string,
): Value {
  const value = statistic(whole);
  if (value === null) return missing(whole.n, why);
  const left = without.map((spectrum) => (spectrum === null ? null : statistic(spectrum)));
  return estimated(value, left, sizes, whole.n, range);
}
