import { expect, test } from 'vitest';
import { expectedKinds, extrapolatedKinds } from '../../src/stats/kinds.ts';

test('kinds among m rows are the mean over all choices of m rows', () => {
  const counts = [3, 1, 2];
  const rows = counts.flatMap((count, kind) => Array.from({ length: count }, () => kind));
  for (let m = 1; m <= 6; m += 1) {
    let sum = 0;
    let choices = 0;
    for (let mask = 0; mask < 64; mask += 1) {
      const chosen = rows.filter((_, i) => (mask >> i) & 1);
      if (chosen.length !== m) continue;
      choices += 1;
      sum += new Set(chosen).size;
    }
    expect(expectedKinds(counts, m)).toBeCloseTo(sum / choices, 12);
  }
});

test('one row shows one kind, all rows all kinds, more rows the estimate of the unseen ones', () => {
  const counts = [500, 1, 1, 1, 2, 40, 0];
  expect(expectedKinds(counts, 1)).toBeCloseTo(1, 12);
  expect(expectedKinds(counts, 545)).toBe(6);
  expect(expectedKinds([], 3)).toBe(0);
  expect(extrapolatedKinds(counts, 545)).toBe(6);
  // Chao1: 6 + (544/545)·3²/(2·1).
  expect(extrapolatedKinds(counts, 1e9)).toBeCloseTo(6 + ((544 / 545) * 9) / 2, 6);
  expect(extrapolatedKinds([5, 9], 1e6)).toBe(2);
  expect(extrapolatedKinds([1], 10)).toBe(1);
  expect(extrapolatedKinds(counts, 600)).toBeLessThan(extrapolatedKinds(counts, 700));
});
