import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { gaussian, type Random, random } from '../../src/base/random.ts';
import { sphericalKMeans } from '../../src/clusters/kmeans.ts';
import { cpu, openDevice } from '../../src/compute/device.ts';
import { openSeeder } from '../../src/compute/seeding.ts';
import { normaliseRows, rowOf, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import type { WasmBuild } from '../../src/compute/wasm.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

const BUILDS: readonly WasmBuild[] = ['simd', 'scalar'];

function unitRows(n: number, dims: number, seed: number): Vectors {
  const uniform = random(seed);
  const data = Float32Array.from({ length: n * dims }, () => gaussian(uniform));
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

/** Greedy k-means++ in its plainest form. */
function plainSeeds(rows: Vectors, k: number, uniform: Random): number[] {
  const { n } = rows;
  const count = Math.min(k, n);
  const distance = (i: number, j: number): number =>
    Math.max(
      0,
      rowOf(rows, i).reduce((rest, value, at) => rest - value * rowOf(rows, j)[at]!, 1),
    );
  const centres = [Math.floor(uniform() * n)];
  let nearest = Array.from({ length: n }, (_, i) => distance(i, centres[0]!));
  while (centres.length < count) {
    const total = nearest.reduce((sum, value) => sum + value, 0);
    const trials = Array.from({ length: 2 + Math.floor(Math.log(count)) }, () => {
      let left = uniform() * total;
      return nearest.findIndex((value) => {
        left -= value;
        return left < 0;
      });
    });
    const tried = trials.map((row) => nearest.map((value, i) => Math.min(value, distance(i, row))));
    const sums = tried.map((values) => values.reduce((sum, value) => sum + value, 0));
    const best = sums.indexOf(Math.min(...sums));
    centres.push(trials[best]!);
    nearest = tried[best]!;
  }
  return centres;
}

async function seeds(
  rows: Vectors,
  k: number,
  seed: number,
  options: { build?: WasmBuild; threads?: number } = {},
): Promise<number[]> {
  const seeder = await openSeeder(rows, { threads: 1, ...options });
  try {
    return [...(await seeder.seed(k, random(seed)))];
  } finally {
    await seeder.close();
  }
}

describe.each(BUILDS)('the %s build', (build) => {
  test.each([
    [1, 3, 1],
    [2, 4, 2],
    [37, 5, 6],
    [256, 8, 12],
    [301, 13, 20],
    [700, 32, 60],
  ])(
    'chooses among %i rows of %i dimensions the %i that the definition does',
    async (n, dims, k) => {
      const rows = unitRows(n, dims, n);
      expect(await seeds(rows, k, 7, { build })).toEqual(plainSeeds(rows, k, random(7)));
    },
  );

  test('the choice is the same on any number of threads', async () => {
    const rows = unitRows(1500, 24, 3);
    const alone = await seeds(rows, 40, 1, { build });
    expect(await seeds(rows, 40, 1, { build, threads: 2 })).toEqual(alone);
    expect(await seeds(rows, 40, 1, { build, threads: 3 })).toEqual(alone);
  });
});

test('clusters on a wasm device, which are seeded here, are those on the cpu', async () => {
  const unit = unitRows(600, 16, 8);
  const order = Int32Array.from({ length: unit.n }, (_, i) => i);
  const wasm = await openDevice('wasm');
  const [here, there] = await Promise.all(
    [wasm, cpu].map((device) => sphericalKMeans(unit, 12, { seed: 1, order, device, starts: 2 })),
  );
  await wasm.close();
  expect(here!.k).toBe(12);
  expect(here!.labels).toEqual(there!.labels);
});

test('one seeder gives many seedings, of any size', async () => {
  const rows = unitRows(400, 6, 2);
  const seeder = await openSeeder(rows, { threads: 1 });
  for (const k of [3, 90, 10]) {
    expect([...(await seeder.seed(k, random(k)))]).toEqual(plainSeeds(rows, k, random(k)));
  }
  await seeder.close();
});

test('every different row is found before any is repeated', async () => {
  const few = unitRows(5, 8, 4);
  const data = new Float32Array(200 * 8);
  for (let i = 0; i < 200; i += 1) data.set(rowOf(few, i % 5), i * 8);
  const found = await seeds(vectorsOf(data, 8), 5, 1);
  expect(new Set(found.map((row) => row % 5)).size).toBe(5);
});

test('more centres than different rows are drawn uniformly, all of them rows', async () => {
  const data = new Float32Array(30 * 4);
  for (let i = 0; i < 30; i += 1) data[i * 4] = 1;
  const found = await seeds(vectorsOf(data, 4), 12, 1);
  expect(found).toHaveLength(12);
  expect(found.every((row) => row >= 0 && row < 30)).toBe(true);
  expect(new Set(found).size).toBeGreaterThan(3);
});

test('no rows, no dimensions or no centres give none; more than there are rows give as many', async () => {
  expect(await seeds(unitRows(0, 4, 1), 3, 1)).toEqual([]);
  expect(await seeds({ n: 0, dims: 0, blocks: [] }, 3, 1)).toEqual([]);
  expect(await seeds(unitRows(4, 4, 1), 0, 1)).toEqual([]);
  expect(await seeds(unitRows(4, 4, 1), 9, 1)).toHaveLength(4);
});

test('a number of centres that is none is refused', async () => {
  await expect(seeds(unitRows(4, 4, 1), 1.5, 1)).rejects.toMatchObject({ kind: 'usage' });
});
