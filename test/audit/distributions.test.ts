import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { histogramOf, spectrumOf } from '../../src/audit/distributions.ts';
import type { DistributionsReport } from '../../src/audit/report.ts';
import { fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';

const DIMS = 8;
const { path } = fixtures();
const npy = (name: string, data: Float32Array): string =>
  path(name, npyBytes('<f4', `${data.length / DIMS}, ${DIMS}`, Buffer.from(data.buffer.slice(0))));

const distributions = async (
  data: string,
  options: Parameters<typeof audit>[1] = {},
): Promise<DistributionsReport> =>
  (await audit(data, { map: false, curves: false, ...options })).report.distributions;

const sum = (shares: readonly number[]): number => shares.reduce((a, b) => a + b, 0);

describe('the distributions of a report', () => {
  test('hold shares of all pairs and all rows, of the dataset and of the reference', async () => {
    const data = npy('data.npy', clusteredRows(120, DIMS, 4, 0.2, 1));
    const reference = npy('reference.npy', gaussianRows(90, DIMS, 2));
    const { spectrum, pairs, nearest, lengths } = await distributions(data, { reference });
    expect(pairs!.dataset.n).toBe((120 * 119) / 2);
    expect(pairs!.reference!.n).toBe((90 * 89) / 2);
    expect(nearest!.dataset.n).toBe(120);
    expect(nearest!.reference!.n).toBe(90);
    expect(nearest!.dataset.mean).toBeGreaterThan(nearest!.reference!.mean);
    for (const { dataset, reference: other, from, width } of [pairs!, nearest!]) {
      expect(sum(dataset.shares)).toBeCloseTo(1, 9);
      expect(sum(other!.shares)).toBeCloseTo(1, 9);
      expect(from + width * dataset.shares.length).toBeCloseTo(1, 9);
    }
    expect(spectrum!.dataset.ranks).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sum(spectrum!.dataset.shares)).toBeCloseTo(1, 9);
    expect(spectrum!.reference!.half).toBeGreaterThanOrEqual(spectrum!.dataset.half);
    expect(lengths).toBeNull();
  });

  test('are of drawn pairs where there are many, and the same for rows in any order', async () => {
    const rows = gaussianRows(600, DIMS, 3);
    const turned = new Float32Array(rows.length);
    for (let i = 0; i < 600; i += 1)
      turned.set(rows.subarray(i * DIMS, (i + 1) * DIMS), (599 - i) * DIMS);
    const options = { measures: 'vendi' };
    const one = await distributions(npy('rows.npy', rows), options);
    expect(one.pairs!.dataset.n).toBe(100_000);
    expect(one.pairs!.dataset.mean).toBeCloseTo(0, 1);
    const other = await distributions(npy('turned.npy', turned), options);
    expect(other.pairs!.dataset.shares).toEqual(one.pairs!.dataset.shares);
  });

  test('are only of what was measured', async () => {
    const data = npy('few.npy', gaussianRows(40, DIMS, 4));
    const found = await distributions(data, { measures: 'cluster-entropy' });
    expect(found).toMatchObject({ spectrum: null, nearest: null, lengths: null });
  });

  test('of one row are empty, of equal rows one step', async () => {
    const one = await distributions(npy('one.npy', gaussianRows(1, DIMS, 5)));
    expect(one.pairs).toBeNull();
    expect(one.nearest).toBeNull();
    const equal = await distributions(npy('equal.npy', new Float32Array(30 * DIMS).fill(1)));
    expect(equal.pairs!.dataset.shares).toEqual([1]);
    expect(equal.nearest!.dataset.shares).toEqual([1]);
    expect(equal.spectrum!.dataset).toMatchObject({ ranks: [1], shares: [1], half: 1, most: 1 });
  });

  test('keep at most 64 ranks of a spectrum, first and last among them', () => {
    const kernel = Float64Array.from({ length: 512 }, (_, i) => 0.9 ** i);
    const total = kernel.reduce((a, b) => a + b, 0);
    const spectrum = spectrumOf({
      ...{ n: 1000, pointing: 1000, dims: 512, kernel: kernel.map((value) => value / total) },
      ...{ covariance: kernel, variances: kernel, meanDistance: 1 },
    });
    expect(spectrum.ranks.length).toBeLessThanOrEqual(64);
    expect([spectrum.ranks[0], spectrum.ranks.at(-1)]).toEqual([1, 512]);
    // The sum of the first k of a geometric series is 1 − 0.9ᵏ.
    expect(spectrum.half).toBe(Math.ceil(Math.log(0.5) / Math.log(0.9)));
    expect(spectrum.most).toBe(Math.ceil(Math.log(0.1) / Math.log(0.9)));
  });

  test('put what lies beyond the last bin into it', () => {
    const bins = () => ({ from: 0, width: 1, count: 3, open: true });
    const found = histogramOf(Float64Array.of(0, 1, 1, 7), null, bins)!;
    expect(found.dataset).toEqual({ n: 4, mean: 2.25, shares: [0.25, 0.5, 0.25] });
    expect(histogramOf(new Float64Array(0), null, bins)).toBeNull();
  });
});
