import { describe, expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { centresOf, findClusters, givenClusters } from '../../src/clusters/clusters.ts';
import { defaultClusters, sphericalKMeans } from '../../src/clusters/kmeans.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { gaussianRows, reorder, shuffled } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 16;

/** Rows around k orthogonal axes, cluster c having about `weight(c)` parts of them, and their clusters. */
function planted(
  n: number,
  k: number,
  spread: number,
  seed: number,
): { data: Float32Array; truth: number[] } {
  const uniform = random(seed);
  const truth = Array.from({ length: n }, (_, i) => (i < k ? i : Math.floor(uniform() ** 2 * k)));
  const data = Float32Array.from({ length: n * DIMS }, (_, at) => {
    const axis = truth[Math.floor(at / DIMS)] === at % DIMS ? 1 : 0;
    return axis + spread * gaussian(uniform);
  });
  return { data, truth };
}

const find = (rows: Rows, k?: number, seed = 0) =>
  findClusters(rows.unit, { k, seed, order: rows.order });

/** Whether two partitions are the same, whatever the numbers of their parts. */
function sameParts(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const pairs = new Set(Array.from(a, (label, i) => `${label} ${b[i]}`));
  return pairs.size === new Set(Array.from(a)).size && pairs.size === new Set(Array.from(b)).size;
}

describe('planted clusters are found exactly', () => {
  test.each([
    [2, 60],
    [7, 400],
    [16, 1000],
  ])('%i of them among %i rows', async (k, n) => {
    const { data, truth } = planted(n, k, 0.06, k);
    const found = await find(rowsFrom(data, DIMS), k);
    expect(found.k).toBe(k);
    expect(sameParts(found.labels, truth)).toBe(true);
  });

  test('when one holds nearly all rows', async () => {
    const { data, truth } = planted(500, 6, 0.05, 3);
    const order = Array.from({ length: 500 }, (_, i) => (i < 6 ? i : truth.indexOf(0)));
    const noise = gaussianRows(500, DIMS, 4);
    const lumped = reorder(data, DIMS, order).map((value, i) => value + 0.02 * noise[i]!);
    const found = await find(rowsFrom(lumped, DIMS), 6);
    expect(Array.from(found.sizes)).toEqual([495, 1, 1, 1, 1, 1]);
  });

  test('in rows of very different lengths: only directions count', async () => {
    const { data, truth } = planted(300, 5, 0.05, 5);
    const scaled = data.map((value, at) => value * 10 ** ((Math.floor(at / DIMS) % 5) - 2));
    const found = await find(rowsFrom(scaled, DIMS, 'euclidean'), 5);
    expect(sameParts(found.labels, truth)).toBe(true);
  });
});

describe('found clusters', () => {
  const data = gaussianRows(500, DIMS, 6);
  const rows = rowsFrom(data, DIMS);

  test('are numbered by size, largest first', async () => {
    const { sizes, labels, k } = await find(rows, 9);
    expect(Array.from(sizes)).toEqual(Array.from(sizes).sort((a, b) => b - a));
    for (let c = 0; c < k; c += 1) {
      expect(labels.filter((label) => label === c)).toHaveLength(sizes[c]!);
    }
  });

  test('have each row in the cluster of the nearest centre', async () => {
    const fit = await sphericalKMeans(rows.unit, 9, { seed: 0, order: rows.order });
    for (let i = 0; i < rows.n; i += 1) {
      const cosines = Array.from({ length: fit.k }, (_, c) => {
        let sum = 0;
        for (let j = 0; j < DIMS; j += 1) {
          sum += rows.unit.blocks[0]![i * DIMS + j]! * fit.centres[c * DIMS + j]!;
        }
        return sum;
      });
      expect(cosines[fit.labels[i]!]).toBeCloseTo(Math.max(...cosines), 6);
    }
  });

  test('are the same for the same seed, and may differ for another', async () => {
    const once = await find(rows, 12, 3);
    expect(await find(rows, 12, 3)).toEqual(once);
    expect(sameParts((await find(rows, 12, 4)).labels, once.labels)).toBe(false);
  });

  test('do not depend on the order of the rows', async () => {
    const order = shuffled(500, 7);
    const once = await find(rows, 12);
    const again = await find(rowsFrom(reorder(data, DIMS, order), DIMS), 12);
    expect(Array.from(again.labels)).toEqual(order.map((row) => once.labels[row]));
  });

  test('have unit centres in the direction of their rows', async () => {
    const clusters = await find(rows, 9);
    const centres = centresOf(clusters);
    for (let c = 0; c < clusters.k; c += 1) {
      const centre = centres.subarray(c * DIMS, (c + 1) * DIMS);
      expect(Math.hypot(...centre)).toBeCloseTo(1, 6);
    }
  });
});

describe('sets too small or too uniform for the clusters asked for', () => {
  const distinct = (n: number, different: number): Rows =>
    rowsFrom(
      reorder(
        gaussianRows(different, DIMS, 8),
        DIMS,
        Array.from({ length: n }, (_, i) => i % different),
      ),
      DIMS,
    );

  test('more clusters than different rows: one cluster for each different row', async () => {
    const found = await find(distinct(60, 4), 10);
    expect(found.k).toBe(4);
    expect(Array.from(found.sizes)).toEqual([15, 15, 15, 15]);
  });

  test('more clusters than rows: one for each row', async () => {
    expect((await find(rowsFrom(gaussianRows(5, DIMS, 9), DIMS), 50)).k).toBe(5);
  });

  test('as many clusters as different rows, some of which are rare: each is found', async () => {
    const order = Array.from({ length: 200 }, (_, i) => Math.min(i, 11));
    const rows = rowsFrom(reorder(gaussianRows(12, DIMS, 10), DIMS, order), DIMS);
    expect((await find(rows, 12)).k).toBe(12);
  });

  test('one row, or one row many times: one cluster', async () => {
    expect(await find(distinct(1, 1))).toMatchObject({ k: 1, labels: Int32Array.of(0) });
    expect(await find(distinct(50, 1), 8)).toMatchObject({ k: 1, sizes: Int32Array.of(50) });
  });

  test('no rows: no clusters', async () => {
    expect(await find(rowsFrom(new Float32Array(0), DIMS))).toMatchObject({ k: 0 });
  });

  test('opposite rows: two clusters, and a mean without direction breaks nothing', async () => {
    const rows = rowsFrom(Float32Array.of(1, 0, -1, 0, 1, 0, -1, 0), 2);
    expect((await find(rows, 2)).k).toBe(2);
    const one = await find(rows, 1);
    expect(one.k).toBe(1);
    expect(Array.from(centresOf(one)).every(Number.isFinite)).toBe(true);
  });

  test('zero rows, which have no direction', async () => {
    const data = gaussianRows(20, DIMS, 11).fill(0, 0, 5 * DIMS);
    const found = await find(rowsFrom(data, DIMS, 'euclidean'), 3);
    expect(found.sizes.reduce((a, b) => a + b, 0)).toBe(20);
    const zeros = await find(rowsFrom(new Float32Array(6 * DIMS), DIMS, 'euclidean'), 3);
    expect(zeros.sizes.reduce((a, b) => a + b, 0)).toBe(6);
  });
});

test.each([
  [0, 0],
  [1, 1],
  [5, 5],
  [8, 8],
  [64, 8],
  [100, 10],
  [10_000, 100],
  [1_000_000, 256],
])('%i rows get %i clusters where no number is asked for', (n, k) => {
  expect(defaultClusters(n)).toBe(k);
});

describe('clusters that came with the data', () => {
  const rows = rowsFrom(gaussianRows(7, DIMS, 12), DIMS);

  test('are numbered by size, then by name, and keep their names', () => {
    const labels = ['cat', 'dog', 'dog', 'bee', 'dog', 'ant', 'ant'];
    const given = givenClusters(rows.unit, labels);
    expect(given.names).toEqual(['dog', 'ant', 'bee', 'cat']);
    expect(Array.from(given.labels)).toEqual([3, 0, 0, 2, 0, 1, 1]);
    expect(Array.from(given.sizes)).toEqual([3, 2, 1, 1]);
    expect(given).toMatchObject({ source: 'given', k: 4 });
  });

  test('have the sums of their rows', () => {
    const { sums } = givenClusters(rows.unit, ['a', 'a', 'a', 'a', 'a', 'b', 'b']);
    const block = rows.unit.blocks[0]!;
    expect(sums[DIMS]).toBeCloseTo(block[5 * DIMS]! + block[6 * DIMS]!, 6);
  });
});
