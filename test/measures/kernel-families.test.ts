import { describe, expect, test } from 'vitest';
import type { Rows } from '../../src/measures/rows.ts';
import { clusteredRows, gaussianRows, reorder } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

/** What kernel, covering and distribution measures are known to be on data that needs no peer. */
const DIMS = 12;
const EFFECTIVE = ['vendi.rbf', 'rke', 'rke.rbf', 'dcscore', 'dcscore.sharp', 'magnitude'];

const identity = (n: number): Float32Array =>
  Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

const copies = (n: number): Rows =>
  rowsFrom(
    reorder(
      gaussianRows(1, DIMS, 1),
      DIMS,
      Array.from({ length: n }, () => 0),
    ),
    DIMS,
  );

const values = async (
  rows: Rows,
  ids: readonly string[],
  options: Parameters<typeof measureRows>[2] = {},
): Promise<number[]> => {
  const found = await measureRows(rows, ids, { ...options, intervals: false });
  return ids.map((id) => found[id]!.value!);
};

describe('effective numbers of rows', () => {
  test('are 1 on identical rows', async () => {
    for (const value of await values(copies(40), EFFECTIVE)) expect(value).toBeCloseTo(1, 5);
  });

  test('are the number of rows where rows are far apart for the bandwidth', async () => {
    const rows = rowsFrom(identity(DIMS), DIMS);
    const found = await values(rows, EFFECTIVE, { settings: { bandwidth: 0.05 } });
    for (const value of found) expect(value).toBeCloseTo(DIMS, 4);
  });

  test('of a set repeated are those of the set', async () => {
    const data = clusteredRows(60, DIMS, 4, 0.5, 3);
    const thrice = reorder(
      data,
      DIMS,
      Array.from({ length: 180 }, (_, i) => i % 60),
    );
    const once = await values(rowsFrom(data, DIMS), EFFECTIVE);
    const again = await values(rowsFrom(thrice, DIMS), EFFECTIVE);
    for (const [i, value] of once.entries()) expect(again[i]).toBeCloseTo(value, 4);
  });

  test('DCScore is the sum of what a softmax gives each row of itself', async () => {
    const rows = rowsFrom(clusteredRows(50, DIMS, 4, 0.5, 4), DIMS);
    const [flat] = rows.unit.blocks;
    const row = (i: number): Float32Array => flat!.subarray(i * DIMS, (i + 1) * DIMS);
    const cosine = (i: number, j: number): number =>
      row(i).reduce((sum, value, c) => sum + value * row(j)[c]!, 0);
    for (const [id, bandwidth, temperature] of [
      ['dcscore', 1, 1],
      ['dcscore', 0.5, 0.25],
      ['dcscore.sharp', 1, 0.05],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 50; i += 1) {
        let all = 0;
        for (let j = 0; j < 50; j += 1) all += Math.exp(cosine(i, j) / temperature);
        sum += Math.exp(1 / temperature) / all;
      }
      const [found] = await values(rows, [id], { settings: { bandwidth } });
      expect(found! / sum).toBeCloseTo(1, 5);
    }
  });

  test('magnitude of two rows is 2 / (1 + exp(−d))', async () => {
    const rows = rowsFrom(Float32Array.of(1, 0, 0, 1), 2);
    const [found] = await values(rows, ['magnitude']);
    expect(found).toBeCloseTo(2 / (1 + Math.exp(-Math.SQRT2)), 6);
  });
});

describe('a dataset against itself', () => {
  test('is at no distance, served in full and copied in full, whatever the rank', async () => {
    const ids = ['frechet', 'energy-distance', 'sliced-wasserstein', 'covering-radius'];
    for (const n of [5, 80]) {
      const rows = rowsFrom(clusteredRows(n, DIMS, 3, 0.4, 5), DIMS);
      for (const value of await values(rows, ids, { reference: rows })) {
        expect(value).toBeLessThan(1e-5);
      }
      const rest = ['facility-location', 'mauve', 'mauve.star', 'novelty', 'authenticity'];
      const [served, ...others] = await values(rows, rest, { reference: rows });
      expect(served).toBeCloseTo(1, 6);
      expect(others[0]).toBeCloseTo(1, 6);
      expect(others[1]).toBeCloseTo(1, 6);
      expect(others.slice(2)).toEqual([0, 0]);
    }
  });

  test('identical rows too', async () => {
    const rows = copies(30);
    const ids = ['frechet', 'energy-distance', 'sliced-wasserstein', 'mauve', 'authenticity'];
    const found = await values(rows, ids, { reference: rows });
    for (const [i, wanted] of [0, 0, 0, 1, 0].entries()) expect(found[i]).toBeCloseTo(wanted, 5);
  });
});

describe('distances between distributions', () => {
  test('Fréchet of a shift is its square, below full rank as above', async () => {
    for (const n of [6, 200]) {
      const data = gaussianRows(n, DIMS, 6);
      const shifted = data.map((value, at) => (at % DIMS === 0 ? value + 2 : value));
      const [found] = await values(rowsFrom(shifted, DIMS, 'euclidean'), ['frechet'], {
        reference: rowsFrom(data, DIMS, 'euclidean'),
      });
      expect(found).toBeCloseTo(4, 4);
    }
  });

  test('sliced Wasserstein of a shift is its length ÷ √d, with sets of unequal size', async () => {
    const data = gaussianRows(40, DIMS, 7);
    const twice = new Float32Array(80 * DIMS);
    twice.set(data.map((value) => value + 1));
    twice.set(twice.subarray(0, 40 * DIMS), 40 * DIMS);
    const [found] = await values(rowsFrom(twice, DIMS, 'euclidean'), ['sliced-wasserstein'], {
      reference: rowsFrom(data, DIMS, 'euclidean'),
    });
    // The shift's length along a random direction, squared, is 1 on average of d directions.
    expect(found).toBeGreaterThan(0.75);
    expect(found).toBeLessThan(1.25);
  });

  test('far sets fill no bucket together', async () => {
    const near = gaussianRows(60, DIMS, 8).map((v, at) => (at % DIMS === 0 ? v + 100 : v));
    const far = gaussianRows(60, DIMS, 9).map((v, at) => (at % DIMS === 1 ? v + 100 : v));
    const reference = rowsFrom(far, DIMS);
    const ids = ['mauve', 'novelty', 'authenticity'];
    const [mauve, novelty, authentic] = await values(rowsFrom(near, DIMS), ids, { reference });
    expect(mauve).toBeLessThan(0.01);
    expect([novelty, authentic]).toEqual([1, 1]);
  });
});

test('NovelSum of three rows by hand', async () => {
  // Distances: 1–2 and 2–3 are 1 − cos 60° = ½, 1–3 is 1 − cos 120° = 1½.
  const angle = (degrees: number): number[] => [
    Math.cos((degrees * Math.PI) / 180),
    Math.sin((degrees * Math.PI) / 180),
  ];
  const rows = rowsFrom(Float32Array.from([0, 60, 120].flatMap(angle)), 2);
  const ofEnd = (0.5 + 1.5 / 2) / 1.5;
  const ofMiddle = (0.5 * 1.5) / 1.5;
  const [found] = await values(rows, ['novelsum']);
  expect(found).toBeCloseTo((2 * ofEnd + ofMiddle) / 3, 3);
});

test('the k-centre radius of fewer rows than centres is 0, and of a line about its spacing', async () => {
  const few = rowsFrom(gaussianRows(7, DIMS, 10), DIMS);
  expect(await values(few, ['k-centre'])).toEqual([0]);
  const line = Float32Array.from({ length: 256 * 2 }, (_, at) => (at % 2 === 0 ? at / 2 : 0));
  const [found] = await values(rowsFrom(line, 2, 'euclidean'), ['k-centre']);
  // Sixteen centres on 256 points: 7.5 at best, at most twice that.
  expect(found).toBeGreaterThanOrEqual(7.5);
  expect(found).toBeLessThanOrEqual(16);
});

test('the span leaves the farthest tenth out', async () => {
  const near = Array.from({ length: 45 }, () => [1, 0]).flat();
  const far = Array.from({ length: 5 }, () => [-1, 0]).flat();
  expect(await values(rowsFrom(Float32Array.from([...near, ...far]), 2), ['span'])).toEqual([0]);
});

test('batches of one source are less apart than batches could be, and two are needed', async () => {
  const rows = rowsFrom(clusteredRows(320, DIMS, 5, 0.5, 11), DIMS);
  const [found] = await values(rows, ['diversity-coefficient']);
  const [apart] = await values(rows, ['mean-distance']);
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThan(apart!);
  const few = await measureRows(copies(40), ['diversity-coefficient']);
  expect(few['diversity-coefficient']!.value).toBeNull();
});
