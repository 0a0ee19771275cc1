import { expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { drawRows } from '../../src/stats/draws.ts';
import { drawSizes, subsampleError } from '../../src/stats/subsampling.ts';

test('the error of a mean is its standard error', () => {
  const uniform = random(1);
  const n = 1000;
  const data = Float64Array.from({ length: n }, () => gaussian(uniform));
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const { rows } = drawSizes(n, null)!;
  const means = Array.from({ length: 2000 }, (_, d) => {
    const drawn = drawRows(order, rows, 0, d);
    return drawn.reduce((sum, i) => sum + data[i]!, 0) / rows;
  });
  const centre = data.reduce((sum, x) => sum + x, 0) / n;
  const sd = Math.sqrt(data.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (n - 1));
  expect(subsampleError(means, rows, n)!.error / (sd / Math.sqrt(n))).toBeCloseTo(1, 1);
});

test('both sides are thinned by one part, bounded whatever the number of rows', () => {
  expect(drawSizes(500, null)).toEqual({ rows: 175, other: 175 });
  expect(drawSizes(500, 1000)).toEqual({ rows: 175, other: 350 });
  expect(drawSizes(1_000_000, 10_000)).toBeNull();
  expect(Math.max(...Object.values(drawSizes(1_000_000, 900_000)!))).toBeLessThanOrEqual(1600);
});

test('too few rows or draws give no error', () => {
  expect(drawSizes(60, null)).toBeNull();
  expect(drawSizes(0, null)).toBeNull();
  expect(subsampleError([1, 2, 3], 10, 100)).toBeNull();
  expect(subsampleError(Array(20).fill(1), 100, 100)).toBeNull();
  expect(subsampleError(Array(20).fill(1), 10, 100)).toEqual({ error: 0, groups: 20 });
});
