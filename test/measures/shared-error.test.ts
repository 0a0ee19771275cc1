import { expect, test } from 'vitest';
import { rowOf, squaredDistance } from '../../src/compute/vectors.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { GROUPS_OF, HALVES, PAIRS, sharedError } from '../../src/stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../../src/stats/jackknife.ts';
import { clusteredRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * Means over the rows of one side that hang on the neighbours of another: here one side is really
 * halved, every distance taken by itself, and the intervals must agree.
 */
const DIMS = 6;
const rows = rowsFrom(clusteredRows(150, DIMS, 9, 0.7, 3), DIMS);
const reference = rowsFrom(clusteredRows(130, DIMS, 7, 0.6, 4), DIMS);

const between = (a: Rows, b: Rows): number[][] =>
  Array.from({ length: a.n }, (_, i) =>
    Array.from(
      { length: b.n },
      (_, j) => squaredDistance(rowOf(a.vectors, i), rowOf(b.vectors, j)) / 2,
    ),
  );
const cross = between(rows, reference);
const own = { rows: between(rows, rows), reference: between(reference, reference) };
const inHalf =
  ({ groups }: Rows, r: number) =>
  (i: number) =>
    r < 0 || ((GROUPS_OF[r]! >> groups[i]!) & 1) === 1;

/** The distance of row i of a set to its k-th nearest other one among those that are kept. */
function reach(distances: number[][], i: number, k: number, kept: (j: number) => boolean): number {
  const others = distances[i]!.filter((_, j) => j !== i && kept(j)).sort((a, b) => a - b);
  return others[k - 1]!;
}

const nearest = (list: readonly number[], kept: (j: number) => boolean): number =>
  list.reduce((best, d, j) => (kept(j) && (best < 0 || d < list[best]!) ? j : best), -1);

/** Half-sample −1 is all of the other side. */
const NUMBERS: Readonly<Record<string, (i: number, r: number) => number>> = {
  precision: (i, r) => {
    const kept = inHalf(reference, r);
    return Number(
      cross[i]!.some((d, j) => kept(j) && d <= reach(own.reference, j, 5, kept) * (1 + 1e-9)),
    );
  },
  recall: (j, r) => {
    const kept = inHalf(rows, r);
    return Number(
      cross.some((list, i) => kept(i) && list[j]! <= reach(own.rows, i, 5, kept) * (1 + 1e-9)),
    );
  },
  coverage: (j, r) => {
    const radius = reach(own.reference, j, 5, inHalf(reference, r));
    return Number(cross.some((list, i) => inHalf(rows, r)(i) && list[j]! <= radius * (1 + 1e-9)));
  },
  novelty: (i, r) => {
    const kept = inHalf(reference, r);
    const within = Array.from({ length: reference.n }, (_, j) => j)
      .filter(kept)
      .map((j) => reach(own.reference, j, 1, kept))
      .sort((a, b) => a - b);
    return Number(
      cross[i]![nearest(cross[i]!, kept)]! > within[Math.ceil(0.95 * within.length) - 1]!,
    );
  },
  authenticity: (i, r) => {
    const kept = inHalf(reference, r);
    const j = nearest(cross[i]!, kept);
    return Number(cross[i]![j]! > reach(own.reference, j, 1, kept));
  },
};

/** Those that half-samples count once. */
const SUMS = new Set(['precision', 'recall']);

test.each(Object.keys(NUMBERS))('%s', async (id) => {
  const { value, interval } = (await measureRows(rows, [id], { reference }))[id]!;
  const overReference = id === 'recall' || id === 'coverage';
  const [counted, other] = overReference ? [reference, rows] : [rows, reference];
  const numbers = (r: number): number[] =>
    Array.from({ length: counted.n }, (_, i) => NUMBERS[id]!(i, r));
  const whole = numbers(-1);
  expect(value).toBeCloseTo(whole.reduce((a, b) => a + b, 0) / counted.n, 12);

  const sums = new Float64Array(GROUPS * HALVES);
  for (let r = 0; r < HALVES; r += 1) {
    for (const [i, number] of numbers(r).entries()) {
      sums[counted.groups[i]! * HALVES + r]! += number;
    }
  }
  const without = Array.from({ length: GROUPS }, (_, g) => {
    const left = whole.filter((_, i) => counted.groups[i] !== g);
    return left.reduce((a, b) => a + b, 0) / left.length;
  });
  const errors = [
    jackknifeError(value!, without, counted.sizes),
    sharedError(sums, counted.n, counted.sizes, other.sizes, SUMS.has(id) ? 1 : PAIRS),
  ];
  const expected = twoSampleInterval(value!, errors, [0, 1], counted.n)!;
  // Balls beyond the fifteen known neighbours of a half are cut off or left out: seldom, and by little.
  expect(Math.abs(interval![0] - expected[0])).toBeLessThan(0.02);
  expect(Math.abs(interval![1] - expected[1])).toBeLessThan(0.02);
});

test('what every row does by itself is no error of the other side', () => {
  // Each group moves alone: nothing moves all of them together.
  const sums = new Float64Array(GROUPS * HALVES);
  for (let r = 0; r < HALVES; r += 1) sums[r * HALVES + r] = 10;
  const sizes = new Int32Array(GROUPS).fill(10);
  expect(sharedError(sums, 320, sizes, sizes)!.error).toBeLessThan(0.003);
  // All move together.
  const together = sums.map((_, at) => (at % HALVES < 16 ? 5 : 6));
  const { error } = sharedError(together, 320, sizes, sizes, 1)!;
  expect(error).toBeCloseTo(0.05, 3);
});
