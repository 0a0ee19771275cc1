import { GROUPS } from '../stats/groups.ts';
import { intervalFrom, jackknifeInterval } from '../stats/jackknife.ts';
import type { Distribution } from '../stats/quantiles.ts';
import type { Rows } from './rows.ts';
import type { Spectra, Spectrum } from './spectrum.ts';

/** One measured number. Never a bare one: an interval, or the reason why there is none. */
export interface Value {
  /** null when the number does not exist on this data; `why` says why. */
  readonly value: number | null;
  /** 95 %, for the expected value at this n over fresh draws from the same source. */
  readonly interval: readonly [number, number] | null;
  /** Why value or interval is null, or what the reader must know to use them. */
  readonly why?: string;
  /** Rows that the number is about. */
  readonly n: number;
  readonly method: 'exact' | 'sampled';
  /** Standard error from measuring a sample of the rows only; part of the interval. */
  readonly samplingError?: number;
  /** How the numbers of single rows are spread, where the value is their mean. */
  readonly distribution?: Distribution;
  /** A few rows that show what the number counts. */
  readonly rows?: readonly number[];
}

export const TOO_FEW = 'too few rows for an interval';

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

/**
 * A number whose interval is still to be made by subsampling; only for families that say so. `sampled`:
 * from how many rows it was measured, and the standard error that this brings.
 */
export const unsure = (
  value: number,
  n: number,
  sampled?: { readonly n: number; readonly error: number },
): Value => ({
  value,
  interval: null,
  n: sampled?.n ?? n,
  ...(sampled === undefined
    ? { method: 'exact' }
    : { method: 'sampled', samplingError: sampled.error }),
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

/**
 * A number with its interval from a jackknife's error and, where only a part was counted, from the
 * standard error that this brings (0 when all was).
 */
export function counted(
  value: number,
  found: { readonly error: number; readonly groups: number } | null,
  samplingError: number,
  n: number,
  range: readonly [number, number],
): Value {
  const interval =
    found === null
      ? null
      : intervalFrom(value, Math.hypot(found.error, samplingError), found.groups, range, n);
  const plain = withInterval(value, interval, n);
  return samplingError === 0 ? plain : { ...plain, method: 'sampled', samplingError };
}

/**
 * A number of words to words, as a share of different ones is, with ends that are no nearer than those of its reciprocal. A few rows
 * that repeat themselves at length move such a number a great deal while they are few and little where they are more, so that the
 * errors of its own scale are too small just where they are many; its reciprocal goes up evenly with them.
 */
export function careful(
  value: Value,
  without: ArrayLike<number | null>,
  sizes: ArrayLike<number>,
  range: readonly [number, number],
): Value {
  if (value.value === null || value.interval === null || !(value.value > 0)) return value;
  const inverse = Array.from(without, (left) => (left === null || left === 0 ? null : 1 / left));
  const found = jackknifeInterval(1 / value.value, inverse, sizes);
  if (found === null) return value;
  // Where the reciprocal may be as good as zero, ten times the number stands for no bound.
  const [low, high] = [1 / found[1], 1 / Math.max(found[0], 0.1 / value.value)];
  return {
    ...value,
    interval: [
      Math.max(range[0], Math.min(value.interval[0], low)),
      Math.min(range[1], Math.max(value.interval[1], high)),
    ],
  };
}

/** A value that only some of the rows were measured for; its interval holds the error of that already. */
export const ofSample = (value: Value, error: number): Value => ({
  ...value,
  method: 'sampled',
  samplingError: error,
});

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

/** Means of a per-row number, over all rows and without each group. NaN where no rows are left. */
export function means(
  perRow: ArrayLike<number>,
  groups: Uint8Array,
): { whole: number; without: Float64Array } {
  const sums = new Float64Array(GROUPS);
  const counts = new Float64Array(GROUPS);
  let sum = 0;
  for (let i = 0; i < groups.length; i += 1) {
    sums[groups[i]!]! += perRow[i]!;
    counts[groups[i]!]! += 1;
    sum += perRow[i]!;
  }
  const n = groups.length;
  return { whole: sum / n, without: sums.map((part, g) => (sum - part) / (n - counts[g]!)) };
}

/** The mean of a per-row number as a value with its interval. */
export function meanValue(
  perRow: ArrayLike<number>,
  rows: Pick<Rows, 'n' | 'groups' | 'sizes'>,
  range: readonly [number, number],
): Value {
  if (rows.n === 0) return missing(0, 'no rows');
  const { whole, without } = means(perRow, rows.groups);
  return estimated(whole, without, rows.sizes, rows.n, range);
}
