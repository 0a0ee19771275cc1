import { describe, expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { rowOf, vectorsOf } from '../../src/compute/vectors.ts';
import { type Projection, type ProjectOptions, project } from '../../src/project/project.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { sortedDistances } from '../support/brute.ts';
import { gaussianRows, reorder } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 12;
const { path } = fixtures();

const npy = (name: string, data: Float32Array, dims = DIMS): string =>
  path(name, npyBytes('<f4', `${data.length / dims}, ${dims}`, bytesOf(data)));

async function layoutOf(input: string, options?: ProjectOptions): Promise<Float32Array> {
  const projection = await project(input, options);
  await projection.close();
  return projection.layout;
}

/** Rows around five orthogonal axes, with the axis of each. */
function planted(n: number, seed: number): { data: Float32Array; truth: number[] } {
  const uniform = random(seed);
  const truth = Array.from({ length: n }, (_, i) => i % 5);
  const data = Float32Array.from({ length: n * DIMS }, (_, at) => {
    const axis = truth[Math.floor(at / DIMS)] === at % DIMS ? 1 : 0;
    return axis + 0.1 * gaussian(uniform);
  });
  return { data, truth };
}

/** Share of each row's 10 nearest rows on the map that are of its own cluster. */
function purity(layout: Float32Array, truth: readonly number[]): number {
  const points = vectorsOf(layout, 2);
  let hits = 0;
  for (let i = 0; i < points.n; i += 1) {
    const reach = sortedDistances(points, rowOf(points, i), i)[9]!;
    for (let j = 0; j < points.n; j += 1) {
      const [dx, dy] = [layout[2 * i]! - layout[2 * j]!, layout[2 * i + 1]! - layout[2 * j + 1]!];
      if (j !== i && (dx * dx + dy * dy) / 2 <= reach && truth[i] === truth[j]) hits += 1;
    }
  }
  return hits / (10 * points.n);
}

describe('the map', () => {
  const { data, truth } = planted(250, 1);
  const file = npy('planted.npy', data);

  test('keeps planted clusters apart', async () => {
    expect(purity(await layoutOf(file), truth)).toBeGreaterThan(0.95);
  });

  test('keeps neighbours: rows near each other on the map are near each other in the data', async () => {
    const vectors = vectorsOf(data, DIMS);
    const points = vectorsOf(await layoutOf(file), 2);
    const nearest = (of: typeof points, i: number): number[] => {
      const row = rowOf(of, i);
      return Array.from({ length: of.n }, (_, j) => j)
        .filter((j) => j !== i)
        .map((j) => ({ j, d: Math.hypot(...row.map((value, c) => value - rowOf(of, j)[c]!)) }))
        .sort((a, b) => a.d - b.d)
        .slice(0, 15)
        .map(({ j }) => j);
    };
    let kept = 0;
    for (let i = 0; i < 250; i += 10) {
      const there = new Set(nearest(vectors, i));
      kept += nearest(points, i).filter((j) => there.has(j)).length;
    }
    // By chance 15 of 249 would be: 6 %; with the clusters alone right 31 %.
    expect(kept / (25 * 15)).toBeGreaterThan(0.4);
  });

  test('is the same for the same rows and seed, and another for another seed', async () => {
    const once = await layoutOf(file, { seed: 2, epochs: 60 });
    expect(await layoutOf(file, { seed: 2, epochs: 60 })).toEqual(once);
    expect(await layoutOf(file, { seed: 3, epochs: 60 })).not.toEqual(once);
  });
});

describe('sets with hardly a neighbourhood', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17])('%i rows all have a place', async (n) => {
    const layout = await layoutOf(npy(`tiny-${n}.npy`, gaussianRows(n, DIMS, n)));
    expect(layout).toHaveLength(2 * n);
    expect(Array.from(layout).every(Number.isFinite)).toBe(true);
    const places = Array.from({ length: n }, (_, i) => layout.subarray(2 * i, 2 * i + 2).join());
    expect(new Set(places).size).toBe(n);
  });

  test.each([3, 30])('%i equal rows have places near each other', async (n) => {
    const copies = reorder(gaussianRows(1, DIMS, 1), DIMS, Array(n).fill(0));
    const layout = await layoutOf(npy(`equal-${n}.npy`, copies));
    expect(Array.from(layout).every(Number.isFinite)).toBe(true);
  });

  test('duplicates of a few rows', async () => {
    const order = Array.from({ length: 120 }, (_, i) => i % 3);
    const layout = await layoutOf(
      npy('copies.npy', reorder(gaussianRows(3, DIMS, 2), DIMS, order)),
    );
    expect(Array.from(layout).every(Number.isFinite)).toBe(true);
  });

  test('rows of one dimension', async () => {
    const layout = await layoutOf(npy('line.npy', gaussianRows(30, 1, 3), 1));
    expect(Array.from(layout).every(Number.isFinite)).toBe(true);
  });

  test('zero rows in the euclidean space', async () => {
    const data = gaussianRows(20, DIMS, 4).fill(0, 0, 4 * DIMS);
    const layout = await layoutOf(npy('zeros.npy', data), { space: 'euclidean' });
    expect(Array.from(layout).every(Number.isFinite)).toBe(true);
  });
});

describe('the rows of a projection', () => {
  const rows = samples(25, 1);
  const file = path('rows.jsonl', jsonl(rows));
  const read = async (projection: Projection) => {
    const found = [];
    for await (const row of projection.rows()) found.push(row);
    return found;
  };

  test('come in the order of the input, with place, cluster and everything that was read', async () => {
    const projection = await project(file);
    const found = await read(projection);
    await projection.close();
    expect(projection.n).toBe(25);
    expect(found.map(({ row }) => row.text)).toEqual(rows.map(({ text }) => text));
    expect(found.map(({ row }) => row.columns)).toEqual(rows);
    expect(found.map(({ x }) => x)).toEqual(rows.map((_, i) => projection.layout[2 * i]));
    expect(found.map(({ y }) => y)).toEqual(rows.map((_, i) => projection.layout[2 * i + 1]));
    expect(found.every(({ cluster }) => Number.isInteger(cluster))).toBe(true);
  });

  test('have the labels that were given', async () => {
    const projection = await project(file, { labels: 'theme' });
    const found = await read(projection);
    await projection.close();
    expect(found.map(({ cluster }) => cluster)).toEqual(rows.map(({ theme }) => theme));
  });
});

test.each([
  [{ neighbours: 1 }, /--neighbours/],
  [{ minDist: -1 }, /--min-dist/],
  [{ spread: 0 }, /--spread/],
  [{ epochs: 0 }, /--epochs/],
  [{ clusters: 2, labels: 'theme' }, /contradict/],
  [{ clusters: 0 }, /--clusters/],
])('%o is refused before anything is read', async (options, message) => {
  await expect(project('/nowhere/at/all.jsonl', options)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(message),
  });
});
