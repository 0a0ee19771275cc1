import { GROUPS, MIN_GROUPS, occupiedGroups } from './groups.ts';

/**
 * Balanced half-samples (McCarthy 1969): 31 choices of 16 of the 32 groups of rows, orthogonal to each
 * other (the columns of a Hadamard matrix), so that for a mean their spread is exactly what all
 * choices together would give. Bit r of a mask stands for half-sample r: one pass over the pairs of
 * rows measures all of them at once.
 */
export const HALVES = GROUPS - 1;

/** For each group the half-samples that hold it. */
export const HALVES_OF: Int32Array = Int32Array.from({ length: GROUPS }, (_, group) => {
  let mask = 0;
  for (let r = 0; r < HALVES; r += 1) if (parity(group & (r + 1)) === 0) mask |= 1 << r;
  return mask;
});

/** For each half-sample its groups, bit g for group g. */
export const GROUPS_OF: Int32Array = Int32Array.from({ length: HALVES }, (_, r) =>
  HALVES_OF.reduce((mask, halves, g) => ((halves >> r) & 1 ? mask | (1 << g) : mask), 0),
);

/** All of them. */
export const ALL_HALVES = 2 ** HALVES - 1;

function parity(bits: number): number {
  let odd = 0;
  for (let left = bits; left !== 0; left &= left - 1) odd ^= 1;
  return odd;
}

/** Adds one to `counts[at + r]` for every half-sample r in the mask. */
export function countHalves(counts: Float64Array, mask: number, at = 0): void {
  for (let left = mask; left !== 0; left &= left - 1) {
    counts[at + 31 - Math.clz32(left & -left)]! += 1;
  }
}

/** Rows in each half-sample. */
export function halfSizes(sizes: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(HALVES);
  for (let g = 0; g < GROUPS; g += 1) {
    for (let r = 0; r < HALVES; r += 1) if ((HALVES_OF[g]! >> r) & 1) counts[r]! += sizes[g]!;
  }
  return counts;
}

/** How many rows of each group have each bit set: HALVES numbers a group. */
export function countByGroup(masks: Int32Array, groups: Uint8Array): Float64Array {
  const counts = new Float64Array(GROUPS * HALVES);
  for (let i = 0; i < masks.length; i += 1) countHalves(counts, masks[i]!, groups[i]! * HALVES);
  return counts;
}

export interface HalvesError {
  readonly error: number;
  /** Occupied groups, which the quantile of the interval goes by. */
  readonly groups: number;
}

/**
 * The standard error at n of a statistic from its values on the half-samples: their standard
 * deviation, since half of the rows are measured and half are left out. `sides` are the sizes of the
 * groups of each halved sample. null when groups are too few or a value is missing.
 */
export function halvesError(
  values: ArrayLike<number>,
  ...sides: readonly ArrayLike<number>[]
): HalvesError | null {
  const occupied = Math.min(...sides.map(occupiedGroups));
  if (occupied < MIN_GROUPS) return null;
  let sum = 0;
  for (let r = 0; r < HALVES; r += 1) sum += values[r]!;
  const mean = sum / HALVES;
  let squares = 0;
  for (let r = 0; r < HALVES; r += 1) squares += (values[r]! - mean) ** 2;
  return Number.isFinite(squares) ? { error: Math.sqrt(squares / HALVES), groups: occupied } : null;
}

/**
 * Half-samples count the part of the variance that hangs on pairs of rows 3/2 times, on more rows
 * together up to twice (see stats/subsampling.ts). Taking all of it for pairs errs on the wide side.
 */
export const PAIRS = 1.5;

/** The same for statistics that rows alone do not move: what is counted too often is taken off. */
export function pairsError(
  values: ArrayLike<number>,
  ...sides: readonly ArrayLike<number>[]
): HalvesError | null {
  const found = halvesError(values, ...sides);
  return found && { ...found, error: found.error / Math.sqrt(PAIRS) };
}

/**
 * The error that another side brings to a mean over n rows: `sums` has, for each group of rows and each
 * half-sample of the other side, the sum over the rows (HALVES numbers a group). How a single row's
 * number moves with the other side is part of how rows differ, and the error of a mean over rows has
 * it already. What is left is what moves all rows together: the variance of the mean less what each
 * group has by itself. `times` is how often half-samples count it: PAIRS, or 1 for a sum.
 */
export function sharedError(
  sums: Float64Array,
  n: number,
  rows: ArrayLike<number>,
  other: ArrayLike<number>,
  times = PAIRS,
): HalvesError | null {
  const means = new Float64Array(HALVES);
  let within = 0;
  let own = 0;
  for (let g = 0; g < GROUPS; g += 1) {
    const part = sums.subarray(g * HALVES, (g + 1) * HALVES).map((sum) => sum / n);
    for (let r = 0; r < HALVES; r += 1) means[r]! += part[r]!;
    within += varianceOf(part);
    own += (rows[g]! / n) ** 2;
  }
  const found = halvesError(means, rows, other);
  if (found === null) return null;
  const together = Math.max(0, (found.error ** 2 - within) / (1 - own));
  return { ...found, error: Math.sqrt(together / times) };
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/**
 * The same where rows alone move something and pairs the rest. The jackknife counts the part of pairs
 * twice, half-samples 3/2 times, both that of rows once: the one follows from the two.
 */
export function mixedError(
  halves: HalvesError | null,
  jackknife: { readonly error: number } | null,
): HalvesError | null {
  if (halves === null || jackknife === null) return null;
  const [h, j] = [halves.error ** 2, jackknife.error ** 2];
  return { ...halves, error: Math.sqrt(Math.min(h, Math.max(h / PAIRS, 2 * h - j))) };
}

/** The half-samples that each row is in; none when there are too few groups for an error. */
export function halvesOfRows(groups: Uint8Array, sizes: ArrayLike<number>): Int32Array {
  const halves = new Int32Array(groups.length);
  if (occupiedGroups(sizes) < MIN_GROUPS) return halves;
  for (let i = 0; i < halves.length; i += 1) halves[i] = HALVES_OF[groups[i]!]!;
  return halves;
}
