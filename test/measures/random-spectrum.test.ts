import { expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import { symmetricEigenvalues } from '../../src/compute/eigen.ts';
import { selectRows, type Vectors } from '../../src/compute/vectors.ts';
import { logVendiBeyond } from '../../src/measures/random-spectrum.ts';
import { kernelShares } from '../../src/measures/spectrum.ts';
import { squareOf } from '../../src/measures/square.ts';
import { hillNumber } from '../../src/stats/hill.ts';
import { clusteredRows, reorder } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 24;

/** From the n×n matrix. */
async function logVendi(rows: Vectors, sigma: number): Promise<number> {
  const matrix = await squareOf(cpu, rows, (squared) => Math.exp(-squared / (2 * sigma ** 2)));
  return Math.log(hillNumber(kernelShares(await symmetricEigenvalues(matrix, rows.n)), 1));
}

test.each([0.3, 0.5, 1])(
  'from a quarter of the rows and features of all, the Gaussian kernel’s score is met at σ = %d',
  async (sigma) => {
    const { unit, order } = rowsFrom(clusteredRows(1200, DIMS, 12, 0.6, 3), DIMS);
    const m = 300;
    const of = (count: number): Promise<number> =>
      logVendi(selectRows(unit, order.subarray(0, count)), sigma);
    const solved = { m, whole: await of(m), half: await of(m / 2) };
    const found = await logVendiBeyond({ vectors: unit, order }, solved, {
      sigma,
      seed: 1,
      count: 96,
    });
    const truth = await logVendi(unit, sigma);
    expect(truth).toBeGreaterThan(solved.whole);
    expect(Math.abs(found.log - truth)).toBeLessThan(Math.max(0.02, 2 * found.error));
    expect(Math.abs(found.log - truth)).toBeLessThan((truth - solved.whole) / 2);
  },
);

test('equal rows are one, and a set repeated what the set is', async () => {
  const same = rowsFrom(new Float32Array(400 * DIMS).fill(1), DIMS);
  const none = { m: 100, whole: 0, half: 0 };
  const one = await logVendiBeyond({ vectors: same.unit, order: same.order }, none, {
    sigma: 1,
    seed: 1,
  });
  expect(one.log).toBeCloseTo(0, 5);
  expect(one.error).toBeCloseTo(0, 5);
  const data = clusteredRows(40, DIMS, 5, 0.5, 4);
  const places = Array.from({ length: 800 }, (_, i) => i % 40);
  const { unit, order } = rowsFrom(reorder(data, DIMS, places), DIMS);
  const once = await logVendi(rowsFrom(data, DIMS).unit, 1);
  const of = (count: number): Promise<number> =>
    logVendi(selectRows(unit, order.subarray(0, count)), 1);
  const solved = { m: 400, whole: await of(400), half: await of(200) };
  const found = await logVendiBeyond({ vectors: unit, order }, solved, { sigma: 1, seed: 1 });
  expect(found.log).toBeCloseTo(once, 2);
});
