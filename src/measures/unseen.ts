import { GROUPS, MIN_GROUPS } from '../stats/groups.ts';
import { shareInterval } from '../stats/shares.ts';
import { chao, goodTuring, goodTuringError, type Seen } from '../stats/unseen.ts';
import type { About } from './measure.ts';
import { bare, estimated, missing, TOO_FEW, type Value, withInterval } from './value.ts';

/** What is said of the two measures of unseen kinds, whatever the kinds are. */
export const CHAO = {
  range: [0, Number.POSITIVE_INFINITY],
  more: 'more',
  growsWithN: true,
  cite: 'Chao 1984, Scand. J. Statistics 11; 1987, Biometrics 43',
} as const satisfies Partial<About>;

export const GOOD_TURING = {
  range: [0, 1],
  growsWithN: true,
  cite: 'Good 1953, Biometrika 40',
} as const satisfies Partial<About>;

export const NONE_ONCE = 'no kind was seen only once, so nothing points to more of them';

/** Kinds of rows: how often each occurs, over all and in each group (GROUPS × kinds). */
export interface Kinds {
  readonly counts: Int32Array;
  readonly inGroup: Int32Array;
  /** Rows that are of a kind, and how many of those are in each group. */
  readonly rows: number;
  readonly sizes: Int32Array;
}

/** Counts labels 0 … k − 1, one a row; rows with a negative one are of no kind. */
export function kindsOf(labels: ArrayLike<number>, groups: Uint8Array, k: number): Kinds {
  const counts = new Int32Array(k);
  const inGroup = new Int32Array(GROUPS * k);
  const sizes = new Int32Array(GROUPS);
  let rows = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i]!;
    if (label < 0) continue;
    counts[label]! += 1;
    inGroup[groups[i]! * k + label]! += 1;
    sizes[groups[i]!]! += 1;
    rows += 1;
  }
  return { counts, inGroup, rows, sizes };
}

/** A statistic of the counts of kinds, with its interval from leaving out each group of rows. */
export function ofKinds(
  { counts, inGroup, rows, sizes }: Kinds,
  n: number,
  range: readonly [number, number],
  statistic: (counts: Int32Array, rows: number) => number,
): Value {
  if (rows === 0) return missing(n, 'no rows');
  const k = counts.length;
  const without = Array.from(sizes, (size, g) =>
    size === rows
      ? null
      : statistic(
          counts.map((count, kind) => count - inGroup[g * k + kind]!),
          rows - size,
        ),
  );
  return estimated(statistic(counts, rows), without, sizes, n, range);
}

/** The share of fresh draws that would be of a kind that was seen, with its interval. */
export function goodTuringOf(seen: Seen, n: number): Value {
  const { draws } = seen;
  if (draws === 0) return missing(n, 'no rows');
  const share = goodTuring(seen);
  if (draws < LEAST_DRAWS) return bare(share, n, TOO_FEW);
  return withInterval(share, shareInterval(share, goodTuringError(seen), Z95, draws), n);
}

/** Draws below which nothing is said of the spread: as many as groups that a jackknife would need. */
const LEAST_DRAWS = MIN_GROUPS;
/** The two-sided 95 % quantile of the normal distribution. */
const Z95 = 1.96;

export function chaoOf(seen: Seen, n: number, bundled = 1): Value {
  if (seen.draws === 0) return missing(n, 'no rows');
  const { value, interval } = chao(seen, bundled);
  if (interval === null) return bare(value, n, NONE_ONCE);
  return { value, interval, n, method: 'exact' };
}
