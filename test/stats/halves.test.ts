import { expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { GROUPS_OF, HALVES, halvesError, mixedError, pairsError } from '../../src/stats/halves.ts';
import { jackknifeError } from '../../src/stats/jackknife.ts';

const bits = (mask: number): number => {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count += 1;
  return count;
};

test('each half-sample holds half of the groups, and any two of them a quarter', () => {
  for (let r = 0; r < HALVES; r += 1) {
    expect(bits(GROUPS_OF[r]!)).toBe(GROUPS / 2);
    for (let s = 0; s < r; s += 1) expect(bits(GROUPS_OF[r]! & GROUPS_OF[s]!)).toBe(GROUPS / 4);
  }
});

test('the error of a mean is that of the jackknife', () => {
  const uniform = random(3);
  const sizes = Array.from({ length: GROUPS }, () => 7);
  const groups = sizes.map(() => gaussian(uniform));
  const sum = groups.reduce((a, b) => a + b, 0);
  const halves = Array.from(GROUPS_OF, (mask) =>
    groups.reduce((total, mean, g) => total + ((mask >> g) & 1 ? mean / 16 : 0), 0),
  );
  const without = groups.map((mean) => (sum - mean) / 31);
  const jackknife = jackknifeError(sum / 32, without, sizes)!;
  const half = halvesError(halves, sizes)!;
  expect(half.error / jackknife.error).toBeCloseTo(1, 1);
  expect(mixedError(half, jackknife)!.error / half.error).toBeCloseTo(1, 1);
  expect(pairsError(halves, sizes)!.error).toBeCloseTo(half.error / Math.sqrt(1.5), 12);
});

test('few groups, or a value that does not exist, give no error', () => {
  const few = Array.from({ length: GROUPS }, (_, g) => (g < 7 ? 5 : 0));
  const many = Array.from({ length: GROUPS }, () => 5);
  const ones = Array.from({ length: HALVES }, () => 1);
  expect(halvesError(ones, few)).toBeNull();
  expect(halvesError(ones, many, few)).toBeNull();
  expect(halvesError([Number.NaN, ...ones.slice(1)], many)).toBeNull();
  expect(halvesError(ones, many)!.error).toBe(0);
  expect(mixedError(null, { error: 1 })).toBeNull();
});
