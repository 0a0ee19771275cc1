import { expect, test } from 'vitest';
import { curveLevels, MOST_DRAWN, trendOf } from '../../src/stats/sizes.ts';

const curve = (...values: number[]): { n: number; value: number }[] =>
  values.map((value, i) => ({ n: 100 * 2 ** i, value }));

test('a curve has halves of the rows, bounded whatever their number, and none of a few', () => {
  expect(curveLevels(400).map(({ n }) => n)).toEqual([200, 100, 50, 25]);
  expect(curveLevels(1_000_000)[0]!.n).toBe(MOST_DRAWN);
  expect(curveLevels(20)).toEqual([]);
});

test('a value has levelled off when the last doubling hardly moved it, or less than its error', () => {
  expect(trendOf(curve(1, 2, 4), 0)).toBe('rising');
  expect(trendOf(curve(4, 2, 1), 0)).toBe('falling');
  expect(trendOf(curve(1, 2, 2.02), 0)).toBe('stable');
  expect(trendOf(curve(1, 2, 2.4), 0.5)).toBe('stable');
  expect(trendOf(curve(-5, -4, -3), 0)).toBe('rising');
  expect(trendOf(curve(0, 0), 0)).toBe('stable');
  expect(trendOf(curve(1), 0)).toBeNull();
});

test('a change over many doublings is told by the doubling', () => {
  const far = [
    { n: 1000, value: 100 },
    { n: 1_024_000, value: 110 },
  ];
  expect(trendOf(far, 0)).toBe('stable');
});
