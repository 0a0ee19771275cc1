import { GROUPS, MIN_GROUPS } from '../stats/groups.ts';
import { GROUPS_OF, HALVES, halvesError } from '../stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../stats/jackknife.ts';
import type { Rows } from './rows.ts';
import { missing, type Value, withInterval } from './value.ts';

type Sides = { readonly rows: Rows; readonly reference: Rows };

export interface TwoSampleOptions {
  readonly range: readonly [number, number];
  readonly method?: Value['method'];
  /** The standard error of a draw that the value itself rests on, and how many were drawn. */
  readonly drawn?: { readonly error: number; readonly groups: number };
  /** Of how many independent draws it is a share. Default: the rows of the smaller side. */
  readonly draws?: number;
}

/** Bit g for group g: all of them. */
export const ALL_GROUPS = -1;

/** Whether a set of groups has group g. */
export const has = (kept: number, g: number): boolean => ((kept >> g) & 1) === 1;

/** The groups, of both sides, without which a statistic is measured for its interval. */
export function partsOf({ rows, reference }: Sides): readonly (readonly [number, number])[] {
  if (Math.min(occupied(rows), occupied(reference)) < MIN_GROUPS) return [];
  const singles = Array.from({ length: GROUPS }, (_, g) => ALL_GROUPS & ~(1 << g));
  return [
    ...singles.map((kept) => [kept, ALL_GROUPS] as const),
    ...singles.map((kept) => [ALL_GROUPS, kept] as const),
    ...Array.from(GROUPS_OF, (half) => [half, half] as const),
  ];
}

const occupied = ({ sizes }: Rows): number => sizes.filter((size) => size > 0).length;

/**
 * A statistic of two samples with its interval: `at(a, b)` is its value on the rows of groups `a` and the
 * reference rows of groups `b`. Leaving out one group at a time counts twice what hangs on pairs of rows,
 * which is most of a distance between samples of one source; so both sides are halved as well, which
 * counts it three times, and what it is follows from the two.
 */
export function twoSampleValue(
  sides: Sides,
  at: (a: number, b: number) => number,
  options: TwoSampleOptions,
): Value {
  const values = partsOf(sides).map(([a, b]) => at(a, b));
  return fromParts(sides, at(ALL_GROUPS, ALL_GROUPS), values, options);
}

/** The same from the values on `partsOf`, which are known already. */
export function fromParts(
  { rows, reference }: Sides,
  value: number,
  parts: readonly number[],
  { range, method = 'exact', drawn, draws = Math.min(rows.n, reference.n) }: TwoSampleOptions,
): Value {
  const n = rows.n;
  if (parts.length === 0) return { ...withInterval(value, null, n), method };
  const one = jackknifeError(value, parts.slice(0, GROUPS), rows.sizes);
  const other = jackknifeError(value, parts.slice(GROUPS, 2 * GROUPS), reference.sizes);
  const halved = halvesError(parts.slice(-HALVES), rows.sizes, reference.sizes);
  if (one === null || other === null || halved === null) {
    return { ...withInterval(value, null, n), method };
  }
  const [j, h] = [one.error ** 2 + other.error ** 2, halved.error ** 2];
  // Rows count once in both, pairs twice in j and three times in h; never below pairs alone.
  const error = Math.sqrt(Math.min(j, Math.max(j / 2, 2 * j - h)));
  const errors = [{ ...halved, error }, ...(drawn === undefined ? [] : [drawn])];
  return { ...withInterval(value, twoSampleInterval(value, errors, range, draws), n), method };
}

/** What a statistic says when a side has fewer rows than it needs; null when both have enough. */
export function tooFew(
  { rows, reference }: Sides,
  least: number,
  leastReference = least,
): Value | null {
  if (rows.n >= least && reference.n >= leastReference) return null;
  const why =
    rows.n === 0 || reference.n === 0
      ? 'no rows on one side'
      : least === leastReference
        ? `needs at least ${least} rows on either side`
        : `needs at least ${leastReference} rows in the reference`;
  return missing(rows.n, why);
}
