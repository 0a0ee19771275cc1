import { GROUPS } from '../stats/groups.ts';
import { jackknifeError, twoSampleInterval } from '../stats/jackknife.ts';
import type { Rows } from './rows.ts';
import { missing, type Value, withInterval } from './value.ts';

type Sides = { readonly rows: Rows; readonly reference: Rows };

/** Both sides' errors, and any other that comes on top of them, make the interval. */
export interface TwoSampleOptions {
  readonly range: readonly [number, number];
  readonly method?: Value['method'];
  /** The standard error of a draw that the value itself rests on, and how many were drawn. */
  readonly drawn?: { readonly error: number; readonly groups: number };
}

/**
 * A statistic of two samples with its interval: `without(a, b)` is its value without group a of the
 * dataset and group b of the reference, −1 leaving out none.
 */
export function twoSampleValue(
  { rows, reference }: Sides,
  without: (a: number, b: number) => number,
  options: TwoSampleOptions,
): Value {
  const left = (sizes: Int32Array, at: (g: number) => number): (number | null)[] =>
    Array.from({ length: GROUPS }, (_, g) => (sizes[g]! > 0 ? at(g) : null));
  return fromParts(
    { rows, reference },
    without(-1, -1),
    left(rows.sizes, (g) => without(g, -1)),
    left(reference.sizes, (g) => without(-1, g)),
    options,
  );
}

/** The same from values that are known already. */
export function fromParts(
  { rows, reference }: Sides,
  value: number,
  withoutRows: ArrayLike<number | null>,
  withoutReference: ArrayLike<number | null>,
  { range, method = 'exact', drawn }: TwoSampleOptions,
): Value {
  const errors = [
    jackknifeError(value, withoutRows, rows.sizes),
    jackknifeError(value, withoutReference, reference.sizes),
    ...(drawn === undefined ? [] : [drawn]),
  ];
  return { ...withInterval(value, twoSampleInterval(value, errors, range), rows.n), method };
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
