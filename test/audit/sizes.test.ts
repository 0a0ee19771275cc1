import { expect, test } from 'vitest';
import { runMeasures } from '../../src/audit/measure.ts';
import { type SizeReport, sizesOf } from '../../src/audit/sizes.ts';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { drawRows } from '../../src/stats/draws.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 8;
const context = { seed: 0, settings: DEFAULT_SETTINGS };

async function sizes(
  rows: Rows,
  ids: readonly string[],
  options: { reference?: Rows; labels?: readonly string[]; at?: number } = {},
): Promise<Readonly<Record<string, SizeReport>>> {
  const { reference = null, labels, at } = options;
  const source = artefactsOf(rows, reference, { seed: 0, index: 'exact', labels });
  const chosen = ids.map((id) => ABOUT[id]!);
  const values = await runMeasures(chosen, source, context);
  return sizesOf(chosen, source, values, context, at);
}

test('curves end in the value itself and rise to it for what grows with n', async () => {
  const data = gaussianRows(300, DIMS, 1);
  const found = await sizes(rowsFrom(data, DIMS), ['vendi', 'nn-distance', 'mean-distance']);
  const { curve } = found.vendi!;
  expect(curve.map(({ n }) => n)).toEqual([18, 37, 75, 150, 300]);
  const whole = await measureRows(rowsFrom(data, DIMS), ['vendi']);
  expect(curve.at(-1)!.value).toBe(whole.vendi!.value);
  expect(curve[0]!.value).toBeLessThan(curve[3]!.value);
  expect(found.vendi!.method).toBe('draws');
  expect(found['nn-distance']!.trend).toBe('falling');
  expect(found['mean-distance']).toMatchObject({ trend: 'stable', method: 'closed form' });
});

test('the value at fewer rows is about what a sample of that size has', async () => {
  const rows = rowsFrom(clusteredRows(400, DIMS, 6, 0.5, 2), DIMS);
  const found = await sizes(rows, ['vendi.q0.5'], { at: 120 });
  const { at } = found['vendi.q0.5']!;
  expect(at!.n).toBe(120);
  const sample = subsetOf(rows, rows.order.slice(0, 120));
  const value = (await measureRows(sample, ['vendi.q0.5']))['vendi.q0.5']!.value!;
  expect(at!.value / value).toBeCloseTo(1, 1);
});

test('occupied clusters follow in closed form, and beyond the rows where labels were given', async () => {
  const rows = rowsFrom(gaussianRows(60, DIMS, 3), DIMS);
  const labels = Array.from({ length: 60 }, (_, i) => (i < 50 ? 'common' : `rare ${i}`));
  const id = 'effective-clusters.q0';
  const given = (await sizes(rows, [id], { labels }))[id]!;
  expect(given).toMatchObject({ trend: 'rising', method: 'closed form' });
  expect(given.doubled).toBeGreaterThan(11);
  expect((await sizes(rows, [id]))[id]!.doubled).toBeUndefined();
});

test('a reference stays whole: coverage rises with the rows of the dataset alone', async () => {
  const rows = rowsFrom(gaussianRows(200, DIMS, 4), DIMS);
  const reference = rowsFrom(gaussianRows(150, DIMS, 5), DIMS);
  const { curve } = (await sizes(rows, ['coverage'], { reference })).coverage!;
  expect(curve[0]!.value).toBeLessThan(0.6);
  expect(curve.at(-1)!.value).toBeGreaterThan(0.9);
});

test('the order of rows changes no curve, and a few rows have none but their value', async () => {
  const data = clusteredRows(150, DIMS, 5, 0.5, 7);
  const ids = ['vendi', 'silhouette', 'near-duplicates'];
  const labels = Array.from({ length: 150 }, (_, i) => String(data[i * DIMS]! > 0));
  const order = shuffled(150, 9);
  const once = await sizes(rowsFrom(data, DIMS), ids, { labels });
  const other = await sizes(rowsFrom(reorder(data, DIMS, order), DIMS), ids, {
    labels: order.map((i) => labels[i]!),
  });
  for (const id of ids) {
    for (const [i, { value }] of once[id]!.curve.entries()) {
      expect(other[id]!.curve[i]!.value, id).toBeCloseTo(value, 6);
    }
  }
  const few = (await sizes(rowsFrom(gaussianRows(5, DIMS, 1), DIMS), ['vendi'])).vendi!;
  expect(few).toMatchObject({ trend: null });
  expect(few.curve).toHaveLength(1);
});

test('order 2 follows in closed form, below the rows as the mean of draws and above as fresh rows show', async () => {
  const whole = gaussianRows(4000, DIMS, 21);
  const part = rowsFrom(whole.slice(0, 200 * DIMS), DIMS);
  const ids = ['vendi.q2', 'rke'];
  const found = await sizes(part, ids, { at: 400 });
  const fewer = await sizes(part, ids, { at: 60 });
  const truth = await Promise.all(
    [60, 400].map(async (n) => {
      const values = Array.from({ length: 4000 / n }, (_, i) =>
        measureRows(rowsFrom(whole.slice(i * n * DIMS, (i + 1) * n * DIMS), DIMS), ['rke']),
      );
      const all = (await Promise.all(values)).map(({ rke }) => rke!.value!);
      return all.reduce((a, b) => a + b, 0) / all.length;
    }),
  );
  for (const id of ids) {
    expect(found[id]!.method, id).toBe('closed form');
    expect(fewer[id]!.at!.value / truth[0]!, id).toBeCloseTo(1, 1);
    expect(found[id]!.at, id).toMatchObject({ n: 400 });
    expect(found[id]!.at!.value / truth[1]!, id).toBeCloseTo(1, 1);
    expect(found[id]!.at!.value, id).toBeGreaterThan(found[id]!.curve.at(-1)!.value);
  }
});

test('rows of zeros are drawn too and count for nothing: curves of order 2 are those of draws', async () => {
  const data = gaussianRows(200, DIMS, 22);
  data.fill(0, 0, 100 * DIMS);
  const rows = rowsFrom(data, DIMS, 'euclidean');
  const { rke } = await sizes(rows, ['rke'], { at: 40 });
  const draws = await Promise.all(
    Array.from({ length: 40 }, (_, d) =>
      measureRows(subsetOf(rows, drawRows(rows.order, 40, 0, d)), ['rke'], { intervals: false }),
    ),
  );
  const mean = draws.reduce((sum, found) => sum + found.rke!.value! / 40, 0);
  expect(rke!.at!.value / mean).toBeCloseTo(1, 1);
  expect(rke!.curve.at(-1)!.value).toBeGreaterThan(mean);
});

test('above the rows there are, measures without a theory have no value, and labels have one', async () => {
  const rows = rowsFrom(gaussianRows(60, DIMS, 3), DIMS);
  const labels = Array.from({ length: 60 }, (_, i) => (i < 50 ? 'common' : `rare ${i}`));
  const ids = ['vendi', 'effective-clusters.q0', 'effective-clusters.q2'];
  const found = await sizes(rows, ids, { labels, at: 90 });
  expect(found.vendi!.at).toBeUndefined();
  expect(found['effective-clusters.q0']!.at!.value).toBeGreaterThan(11);
  expect(found['effective-clusters.q2']!.at!.value).toBeGreaterThan(
    found['effective-clusters.q2']!.curve.at(-1)!.value,
  );
});
