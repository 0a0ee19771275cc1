import { expect, test } from 'vitest';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { spectraOfRows } from '../../src/measures/row-spectrum.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { type Spectrum, spectraOf } from '../../src/measures/spectrum.ts';
import { gaussianRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 40;

/** The two ways to the same eigenvalues: n×n products of rows, and d×d second moments. */
async function expectSame(rows: Rows): Promise<void> {
  const { whole, without, sizes } = await spectraOfRows(rows);
  const source = artefactsOf(rows, null, { seed: 0, index: 'auto' });
  const other = await spectraOf(await source('moments'));
  expect(sizes).toEqual(other.sizes);
  same(whole, other.whole);
  for (const [g, spectrum] of without.entries()) {
    const there = other.without[g]!;
    if (spectrum === null) expect(there).toBeNull();
    else same(spectrum, there);
  }
}

function same(one: Spectrum, other: Spectrum): void {
  expect(one.n).toBe(other.n);
  expect(one.dims).toBe(other.dims);
  close(one.kernel, other.kernel);
  close(one.covariance, other.covariance);
  close(one.variances, other.variances);
  if (other.meanDistance === null) expect(one.meanDistance).toBeNull();
  else expect(one.meanDistance).toBeCloseTo(other.meanDistance, 12);
}

function close(one: Float64Array, other: Float64Array): void {
  expect(one.length).toBe(other.length);
  const largest = Math.max(0, ...other);
  for (const [i, value] of one.entries()) {
    expect(Math.abs(value - other[i]!)).toBeLessThan(1e-12 * largest + 1e-15);
  }
}

test('fewer rows than dimensions have the spectra that second moments give, whole and without any group', async () => {
  await expectSame(rowsFrom(gaussianRows(37, DIMS, 1), DIMS));
});

test('so have rows of any length', async () => {
  await expectSame(rowsFrom(gaussianRows(30, DIMS, 2), DIMS, 'euclidean'));
});

test('so have rows of zeros, doublets, two rows, one row', async () => {
  const data = gaussianRows(20, DIMS, 3);
  data.fill(0, 0, DIMS);
  data.copyWithin(2 * DIMS, DIMS, 2 * DIMS);
  await expectSame(rowsFrom(data, DIMS));
  for (const n of [1, 2]) await expectSame(rowsFrom(gaussianRows(n, DIMS, 4), DIMS));
});

test('equal rows have one direction and no covariance, however many they are', async () => {
  for (const [n, dims] of [
    [7, DIMS],
    [30, 7],
  ] as const) {
    const row = gaussianRows(1, dims, 5);
    const data = Float32Array.from({ length: n * dims }, (_, i) => row[i % dims]!);
    for (const space of ['cosine', 'euclidean'] as const) {
      const source = artefactsOf(rowsFrom(data, dims, space), null, { seed: 0, index: 'auto' });
      const { whole } = await source('spectrum');
      expect(Array.from(whole.kernel)).toEqual([1]);
      expect(Array.from(whole.covariance)).toEqual(Array(dims).fill(0));
      expect(Array.from(whole.variances)).toEqual(Array(dims).fill(0));
    }
  }
});
