import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { cpu, type Device, openDevice } from '../../src/compute/device.ts';
import { assign, assignBytes } from '../../src/compute/kernels/assign.ts';
import { groupedKernelSums } from '../../src/compute/kernels/grouped-sums.ts';
import { kernelSums, type PairFunction } from '../../src/compute/kernels/kernel-sums.ts';
import { minimumDistances } from '../../src/compute/kernels/minimum-distance.ts';
import { nearest, nearestBytes } from '../../src/compute/kernels/nearest.ts';
import { products } from '../../src/compute/kernels/products.ts';
import { rangeCounts } from '../../src/compute/kernels/range-counts.ts';
import {
  negativeHalfNorms,
  QUERY_ROWS,
  tileBytes,
  tilesOf,
} from '../../src/compute/kernels/tiles.ts';
import {
  BLOCK_ROWS,
  normaliseRows,
  rowOf,
  type Vectors,
  vectorsOf,
} from '../../src/compute/vectors.ts';
import { exactSearch } from '../../src/neighbours/exact.ts';
import { gaussianRows } from '../support/data.ts';
import { expectClose, names, only, rows, SHAPES } from '../support/kernels.ts';
import { dot, halfSquare, ofPairs, total } from '../support/oracle.ts';
import { softwareVulkan } from '../support/vulkan.ts';

/** The files that hold every kernel against plain loops. */
const FILES = ['kernels', 'linear-kernels'].map((name) => `test/compute/${name}.test.ts`);

describe.each(names)('on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name);
  });
  afterAll(() => device.close());

  describe.each(SHAPES)('$what ($n × $m, d = $d)', ({ n, m, d }) => {
    const x = rows(n, d, 1);
    const y = rows(m, d, 2);
    const inner = (): number[][] => ofPairs(x, y, dot);
    const data = x.blocks[0]!;

    test('products are inner products', async () => {
      const found = await products(device, data.subarray(0, 64 * d), y.blocks[0]!, d);
      const width = Math.min(m, BLOCK_ROWS);
      const wanted = inner()
        .slice(0, 64)
        .flatMap((row) => row.slice(0, width));
      expectClose(found, wanted, 1e-5 * d);
    });

    test('assignment finds the centre with the largest x·c + offset', async () => {
      const centres = y.blocks[0]!;
      const offsets = negativeHalfNorms(centres, d);
      const { index, score } = await assign(device, data, centres, offsets, d);
      const scores = inner().map((row) => Array.from(offsets, (offset, c) => row[c]! + offset));
      const best = scores.map((row) => row.reduce((a, b) => Math.max(a, b)));
      expectClose(score, best, 1e-5 * d);
      const chosen = Array.from(index, (c, i) => scores[i]![c]!);
      expectClose(chosen, best, 1e-5 * d);
    });

    test.each([1, 3])('the k = %i best targets come back, best first', async (asked) => {
      const targets = y.blocks[0]!;
      const count = targets.length / d;
      const k = Math.min(asked, count);
      const offsets = negativeHalfNorms(targets, d);
      const some = data.subarray(0, 64 * d);
      const found = await nearest(device, some, targets, offsets, d, k, { farthest: true });
      const scores = inner()
        .slice(0, 64)
        .map((row) => Array.from(offsets, (offset, c) => row[c]! + offset));
      const sorted = scores.map((row) => row.toSorted((a, b) => b - a));
      expectClose(
        found.values,
        sorted.flatMap((row) => row.slice(0, k)),
        1e-5 * d,
      );
      const chosen = Array.from(found.indices, (t, at) => scores[Math.floor(at / k)]![t]!);
      expectClose(
        chosen,
        sorted.flatMap((row) => row.slice(0, k)),
        1e-5 * d,
      );
      expectClose(
        found.least!,
        sorted.map((row) => row.at(-1)!),
        1e-5 * d,
      );
      const least = Array.from(found.leastIndex!, (t, i) => scores[i]![t]!);
      expectClose(
        least,
        sorted.map((row) => row.at(-1)!),
        1e-5 * d,
      );
    });

    test('exact search is that of plain loops, in float64 and with the farthest row', async () => {
      const k = 4;
      const {
        ids,
        distances,
        farthest,
        k: width,
      } = await exactSearch(x, y, k, {
        device,
        farthest: true,
      });
      expect(width).toBe(Math.min(k, m));
      const wanted = ofPairs(x, y, halfSquare).map((row) =>
        row
          .map((distance, t) => ({ distance, t }))
          .sort((a, b) => a.distance - b.distance || a.t - b.t),
      );
      expect([...ids]).toEqual(wanted.flatMap((row) => row.slice(0, k).map(({ t }) => t)));
      expectClose(
        distances,
        wanted.flatMap((row) => row.slice(0, k).map(({ distance }) => distance)),
        1e-12 * d,
      );
      const far = Array.from(farthest!, (t, i) => halfSquare(rowOf(x, i), rowOf(y, t)));
      expectClose(
        far,
        wanted.map((row) => row.at(-1)!.distance),
        1e-5 * d,
      );
    });

    test('range counts count the targets within reach of each query', async () => {
      const pairs = ofPairs(x, y, halfSquare);
      // Between the middle distance and the next, where rounding cannot matter.
      const reach = pairs.map((row) => {
        const sorted = row.toSorted((a, b) => a - b);
        const middle = Math.floor(sorted.length / 2);
        return middle + 1 < sorted.length ? (sorted[middle]! + sorted[middle + 1]!) / 2 : 1e6;
      });
      const near = ({ of, at }: { of: number[]; at: number }): boolean =>
        of.every((distance) => Math.abs(distance - at) > 1e-4);
      const clear = pairs.map((of, i) => near({ of, at: reach[i]! }));
      const found = await rangeCounts(device, x, y, reach);
      for (const [i, row] of pairs.entries()) {
        const count = row.filter((distance) => distance <= reach[i]!).length;
        if (clear[i]) expect(found[i]).toBe(count);
        else expect(Math.abs(found[i]! - count)).toBeLessThanOrEqual(2);
      }
    });

    test('the minimum distance to a set is that to its nearest row', async () => {
      const found = await minimumDistances(device, x, y);
      const wanted = ofPairs(x, y, halfSquare);
      expectClose(
        found.distances,
        wanted.map((row) => row.reduce((a, b) => Math.min(a, b))),
        1e-5 * d,
      );
      const own = Array.from(found.rows, (t, i) => wanted[i]![t]!);
      expect([...found.distances]).toEqual(own);
    });

    const functions: readonly [PairFunction, (a: Float32Array, b: Float32Array) => number][] = [
      [{ kind: 'poly3' }, (a, b) => (dot(a, b) / d + 1) ** 3],
      [{ kind: 'rbf', sigma: 1.5 }, (a, b) => Math.exp(-halfSquare(a, b) / 2.25)],
      [{ kind: 'distance' }, (a, b) => Math.sqrt(2 * halfSquare(a, b))],
    ];
    test.each(functions)('sums of %o over all targets', async (pair, value) => {
      const found = await kernelSums(device, x, y, pair);
      const wanted = ofPairs(x, y, value).map(total);
      const size = ofPairs(x, y, (a, b) => Math.abs(value(a, b))).map(total);
      expectClose(found, wanted, 2e-5 * Math.max(1, ...size));
    });

    test.each(functions)('sums of %o over the targets of each group', async (pair, value) => {
      const groups = Uint8Array.from({ length: m }, (_, t) => (t * 7) % 3);
      const found = await groupedKernelSums(device, x, y, { groups, count: 3 }, pair);
      const wanted = ofPairs(x, y, value).flatMap((row) =>
        [0, 1, 2].map((g) => total(row.filter((_, t) => groups[t] === g))),
      );
      const size = ofPairs(x, y, (a, b) => Math.abs(value(a, b))).map(total);
      expectClose(found, wanted, 2e-5 * Math.max(1, ...size));
    });
  });

  test.each([
    { n: 1500, k: 5, what: 'many rows, few centres' },
    { n: 1100, k: 1200, what: 'parts of both' },
    { n: 3, k: 4700, what: 'more centres than a tile' },
  ])('assignment to the nearest of $k: $what', async ({ n, k }) => {
    const d = 3;
    const x = gaussianRows(n, d, 10);
    const centres = gaussianRows(k, d, 11);
    const offsets = negativeHalfNorms(centres, d);
    const { index, score } = await assign(device, x, centres, offsets, d);
    const scores = ofPairs(vectorsOf(x, d), vectorsOf(centres, d), dot).map((row) =>
      row.map((product, c) => product + offsets[c]!),
    );
    const best = scores.map((row) => row.reduce((a, b) => Math.max(a, b)));
    expectClose(score, best, 1e-5);
    expectClose(
      Array.from(index, (c, i) => scores[i]![c]!),
      best,
      1e-5,
    );
  });

  test('of centres that are equal the first wins, however many there are', async () => {
    const centres = Float32Array.from({ length: 2 * 1100 }, (_, at) => (at % 2) + 1);
    const { index } = await assign(
      device,
      gaussianRows(600, 2, 12),
      centres,
      negativeHalfNorms(centres, 2),
      2,
    );
    expect(index.every((c) => c === 0)).toBe(true);
  });

  test('sets without rows give empty results, and no targets give none', async () => {
    const none = vectorsOf(new Float32Array(0), 3);
    const some = rows(2, 3, 1);
    const found = await minimumDistances(device, some, none);
    expect([...found.distances, ...found.rows]).toEqual([Infinity, Infinity, -1, -1]);
    expect((await minimumDistances(device, none, some)).distances).toHaveLength(0);
    expect([...(await rangeCounts(device, some, none, [1, 1]))]).toEqual([0, 0]);
    expect([...(await kernelSums(device, some, none, { kind: 'poly3' }))]).toEqual([0, 0]);
    expect(await rangeCounts(device, none, some, [])).toHaveLength(0);
    expect(await products(device, new Float32Array(0), some.blocks[0]!, 3)).toHaveLength(0);
    const { index } = await assign(
      device,
      new Float32Array(0),
      some.blocks[0]!,
      new Float32Array(2),
      3,
    );
    expect(index).toHaveLength(0);
    expect((await exactSearch(some, none, 2, { device })).ids).toHaveLength(0);
    expect((await exactSearch(none, some, 2, { device })).ids).toHaveLength(0);
  });

  test('exact search among unit rows, whose lengths do not matter, is that of plain loops', async () => {
    const data = gaussianRows(90, 6, 9);
    normaliseRows(data, 6);
    const set = vectorsOf(data, 6);
    const { ids } = await exactSearch(set, set, 5, { device });
    const wanted = ofPairs(set, set, halfSquare).map((row) =>
      Array.from(row.keys()).sort((a, b) => row[a]! - row[b]! || a - b),
    );
    expect([...ids]).toEqual(wanted.flatMap((order) => order.slice(0, 5)));
  });

  test('among equal rows the lowest row number wins, at distance 0', async () => {
    const twice = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0);
    const set = vectorsOf(twice, 2);
    const { distances, rows: found } = await minimumDistances(device, set, set);
    expect([...found]).toEqual([0, 1, 0, 1, 0]);
    expect([...distances]).toEqual([0, 0, 0, 0, 0]);
    const lists = await exactSearch(set, set, 3, { device });
    expect([...lists.ids.subarray(0, 6)]).toEqual([0, 2, 4, 1, 3, 0]);
    expect([...lists.distances.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('rows of zeros and rows far from each other make no NaN', async () => {
    const set = vectorsOf(Float32Array.of(0, 0, 100, 0, 0, -100), 2);
    const sums = await kernelSums(device, set, set, { kind: 'distance' });
    expectClose(sums, [200, 100 + Math.SQRT2 * 100, 100 + Math.SQRT2 * 100], 1e-2);
    const rbf = await kernelSums(device, set, set, { kind: 'rbf', sigma: 1 });
    expectClose(rbf, [1, 1, 1], 1e-5);
  });

  test('the small part that KID lives on is not lost in the ones', async () => {
    const [n, d] = [600, 64];
    const x = vectorsOf(
      gaussianRows(n, d, 8).map((v) => v * 1e-3),
      d,
    );
    const found = await kernelSums(device, x, x, { kind: 'poly3' });
    const wanted = ofPairs(x, x, (a, b) => (dot(a, b) / d + 1) ** 3).map(total);
    expectClose(found, wanted, 1e-9 * n);
  });
});

describe.runIf(only === undefined)('tiles', () => {
  test('are consecutive rows, joined where they span blocks', () => {
    const n = 2 * BLOCK_ROWS + 5;
    const data = Float32Array.from({ length: n * 2 }, (_, i) => i);
    const { blocks } = vectorsOf(data, 2);
    const apart: Vectors = { n, dims: 2, blocks: blocks.map((block) => block.slice()) };
    for (const size of [QUERY_ROWS, BLOCK_ROWS, 2 * BLOCK_ROWS, 5 * BLOCK_ROWS]) {
      const joined: number[] = [];
      for (const { first, rows: count, data: tile } of tilesOf(apart, size)) {
        expect(first).toBe(joined.length / 2);
        expect(tile.length).toBe(count * 2);
        joined.push(...tile);
      }
      expect(joined).toEqual([...data]);
    }
  });

  test('exact search agrees with plain loops where targets span tiles of many blocks', async () => {
    const targets = rows(33_000, 2, 6);
    const queries = rows(3, 2, 7);
    const { ids, farthest } = await exactSearch(queries, targets, 5, { farthest: true });
    const wanted = ofPairs(queries, targets, halfSquare).map((row) =>
      Array.from(row.keys()).sort((a, b) => row[a]! - row[b]! || a - b),
    );
    expect([...ids]).toEqual(wanted.flatMap((order) => order.slice(0, 5)));
    expect([...farthest!]).toEqual(wanted.map((order) => order.at(-1)!));
  });

  test('what a pass holds is known beforehand and does not grow with the targets', () => {
    const shape = { queries: 100_000, targets: 100_000, dims: 384 };
    expect(nearestBytes(shape, 19)).toBeLessThan(150e6);
    expect(nearestBytes({ ...shape, targets: 1e9 }, 19)).toBe(nearestBytes(shape, 19));
    expect(tileBytes({ queries: 1e9, targets: 1e9, dims: 384 }, 2)).toBeLessThan(20e6);
    expect(assignBytes(cpu, 4096, 256)).toBeLessThan(2e6);
    expect(assignBytes(cpu, 4096, 1e6)).toBeLessThan(5e6);
  });
});

const vulkan = softwareVulkan();
const environment = { ...process.env, ...vulkan?.environment };
const trial =
  only === undefined
    ? spawnSync(process.execPath, [packagePath('dist', 'src', 'compute', 'trial.js'), 'webgpu'], {
        env: environment,
        encoding: 'utf8',
      }).stdout.trim()
    : '';
const mustWork = process.env.CI !== undefined && vulkan !== null;
if (only === undefined && trial !== 'works' && !mustWork) {
  console.warn(`Kernels are not tested on WebGPU: ${trial || 'its trial failed'}`);
}

test.runIf(only === undefined && (trial === 'works' || mustWork))(
  'all of this, and of linear kernels, holds on webgpu',
  { timeout: 300_000 },
  () => {
    const vitest = packagePath('node_modules', 'vitest', 'vitest.mjs');
    expect(existsSync(vitest)).toBe(true);
    const child = spawnSync(process.execPath, [vitest, 'run', ...FILES], {
      cwd: packagePath(),
      env: { ...environment, GAMUT_TEST_DEVICE: 'webgpu' },
      encoding: 'utf8',
    });
    expect(child.status, `${child.stdout}\n${child.stderr}`).toBe(0);
    expect(child.stdout).toMatch(/Files .*2 passed/);
  },
);
