import { expect, test } from 'vitest';
import { clusteredRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 12;

test('the interval of a span is that of fresh draws, which have other medoids', async () => {
  const found: { value: number; interval: readonly [number, number] }[] = [];
  const source = clusteredRows(60 * 300, DIMS, 6, 0.6, 100);
  for (let draw = 0; draw < 60; draw += 1) {
    const data = source.slice(draw * 300 * DIMS, (draw + 1) * 300 * DIMS);
    const rows = rowsFrom(data, DIMS);
    const { value, interval } = (await measureRows(rows, ['span'])).span!;
    found.push({ value: value!, interval: interval! });
  }
  const mean = found.reduce((sum, { value }) => sum + value, 0) / found.length;
  const held = found.filter(({ interval: [low, high] }) => low <= mean && mean <= high);
  expect(held.length).toBeGreaterThanOrEqual(51);
  const spread = Math.sqrt(found.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 60);
  const width = found.reduce((sum, { interval }) => sum + interval[1] - interval[0], 0) / 60;
  expect(width / (3.92 * spread)).toBeLessThan(2);
});

test('equal rows have a span of nothing, exactly; of few rows none is told how sure it is', async () => {
  const same = rowsFrom(new Float32Array(60 * DIMS).fill(1), DIMS);
  expect((await measureRows(same, ['span'])).span).toMatchObject({ value: 0 });
  const few = rowsFrom(clusteredRows(12, DIMS, 3, 0.5, 1), DIMS);
  expect((await measureRows(few, ['span'])).span).toMatchObject({
    interval: null,
    why: 'too few rows for an interval',
  });
});

test('clusters of equally many rows are even, and surely so', async () => {
  const data = new Float32Array(300 * DIMS);
  for (let i = 0; i < 300; i += 1) data[i * DIMS + (i % 10)] = 1;
  const labels = Array.from({ length: 300 }, (_, i) => String(i % 10));
  const values = await measureRows(rowsFrom(data, DIMS), ['cluster-entropy.normalised'], {
    labels,
  });
  const { value, interval } = values['cluster-entropy.normalised']!;
  expect(value).toBeCloseTo(1, 9);
  expect(interval![0]).toBeGreaterThan(0.99);
});
