import { expect, test } from 'vitest';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { type Cover, coverOf } from '../../src/why/cover.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

async function cover(rows: Rows, reference: Rows): Promise<Cover | null> {
  const artefacts = artefactsOf(rows, reference, { seed: 0, index: 'exact' });
  return coverOf(await artefacts('reference'), await artefacts('nearestRows'));
}

const coverage = async (rows: Rows, reference: Rows): Promise<number> =>
  (await measureRows(rows, ['coverage'], { reference, intervals: false })).coverage!.value!;

test.each(['cosine', 'euclidean'] as const)(
  'what only one row covers is what coverage loses without it, for every row (%s)',
  async (space) => {
    const rows = rowsFrom(clusteredRows(60, 6, 4, 0.7, 1), 6, space);
    const reference = rowsFrom(clusteredRows(90, 6, 5, 0.7, 2), 6, space);
    const found = (await cover(rows, reference))!;
    const whole = await coverage(rows, reference);
    const covered = found.covered.reduce((sum, value) => sum + value, 0);
    expect(covered / reference.n).toBeCloseTo(whole, 12);
    expect(Math.max(...found.only)).toBeGreaterThan(0);
    for (let i = 0; i < rows.n; i += 1) {
      const others = Array.from({ length: rows.n }, (_, row) => row).filter((row) => row !== i);
      const left = await coverage(subsetOf(rows, Int32Array.from(others)), reference);
      expect(found.only[i]! / reference.n, `row ${i}`).toBeCloseTo(whole - left, 12);
    }
  },
);

test('two copies cover nothing that only one of them does', async () => {
  const data = gaussianRows(2, 6, 3);
  data.set(data.subarray(0, 6), 6);
  const reference = rowsFrom(gaussianRows(40, 6, 4), 6);
  const found = (await cover(rowsFrom(data, 6), reference))!;
  expect(Array.from(found.only)).toEqual([0, 0]);
});

test('one row on either side has no cover', async () => {
  const [one, many] = [rowsFrom(gaussianRows(1, 6, 5), 6), rowsFrom(gaussianRows(9, 6, 6), 6)];
  expect(await cover(one, many)).toBeNull();
  expect(await cover(many, one)).toBeNull();
});
