import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openUmapPool } from '../../src/project/engines/wasm.ts';
import { type ProjectOptions, project } from '../../src/project/project.ts';
import { settle } from '../../src/project/settle.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 12;
const { path } = fixtures();
const npy = (name: string, data: Float32Array, dims = DIMS): string =>
  path(name, npyBytes('<f4', `${data.length / dims}, ${dims}`, bytesOf(data)));

async function placesOf(input: string, options?: ProjectOptions): Promise<Float32Array> {
  const projection = await project(input, options);
  await projection.close();
  return projection.layout;
}

const N = 300;
const data = clusteredRows(N, DIMS, 6, 0.4, 1);
const half = data.slice(0, (N / 2) * DIMS);
const other = data.slice((N / 2) * DIMS);
const file = npy('map.npy', half);

describe.each([
  {},
  { metric: 'euclidean' },
  { metric: 'correlation' },
  { components: 3 },
  { method: 'pca' },
  { method: 'pca', components: 3, metric: 'euclidean' },
] satisfies ProjectOptions[])('on a saved map made with %o', (how) => {
  const folder = path(`saved-${JSON.stringify(how).replace(/\W/g, '')}`, '');

  test('its own rows lie where they lay, also among others and in another order', async () => {
    await rm(folder, { force: true });
    const { components = 2 } = how as ProjectOptions;
    const made = await placesOf(file, { ...how, saveMap: folder });
    expect(await placesOf(file, { onto: folder })).toEqual(made);
    const both = npy('both.npy', Float32Array.of(...other, ...half));
    const places = await placesOf(both, { onto: folder });
    expect(places.subarray((N / 2) * components)).toEqual(made);
  });

  test('a new row lands at the same place in any company, near the rows it is like', async () => {
    const { components = 2 } = how as ProjectOptions;
    const all = await placesOf(npy('new.npy', other), { onto: folder });
    const one = npy('one.npy', other.slice(7 * DIMS, 8 * DIMS));
    const place = await placesOf(one, { onto: folder, seed: 9 });
    // The products behind a PCA's coordinates may be rounded otherwise for another number of rows.
    for (const [c, value] of place.entries()) {
      expect(value).toBeCloseTo(all[7 * components + c]!, how.method === 'pca' ? 5 : 12);
    }
    expect(all.every(Number.isFinite)).toBe(true);
  });
});

describe('what does not fit a saved map is refused in one sentence', () => {
  const folder = path('refusing', '');
  const make = async () => {
    await rm(folder, { force: true, recursive: true });
    await placesOf(file, { saveMap: folder, epochs: 5 });
  };

  test('rows of another width, and texts on a map of vectors', async () => {
    await make();
    const narrow = npy('narrow.npy', gaussianRows(5, 3, 1), 3);
    await expect(project(narrow, { onto: folder })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(
        /holds vectors of 3 dimensions and the map in .* vectors of 12/,
      ),
    });
    const texts = path('texts.jsonl', jsonl(samples(5, 1)));
    await expect(project(texts, { onto: folder })).rejects.toMatchObject({
      message: expect.stringMatching(/holds texts and the map/),
    });
  });

  test('a folder without a map, or with a damaged one', async () => {
    await expect(project(file, { onto: path('no-map', '') })).rejects.toMatchObject({
      message: expect.stringMatching(/holds no saved map .*--save-map/),
    });
    await make();
    await rm(`${folder}/places.npy`);
    await expect(project(file, { onto: folder })).rejects.toMatchObject({
      message: expect.stringMatching(/is not whole \(places.npy is missing/),
    });
  });

  test.each([
    [{ neighbours: 5 }, '--neighbours'],
    [{ components: 3 }, '--components'],
    [{ method: 'pca' }, '--method'],
    [{ metric: 'euclidean' }, '--metric'],
    [{ engine: 'umap-js' }, '--engine'],
    [{ saveMap: 'x' }, '--save-map'],
    [{ index: 'hnsw' }, '--index'],
  ] satisfies [ProjectOptions, string][])('%o, which is for making a map', async (own, flag) => {
    await expect(project('/nowhere.npy', { ...own, onto: folder })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(flag),
    });
  });

  test('another model than the texts of the map were embedded with', async () => {
    const texts = path('mapped.jsonl', jsonl(samples(12, 2)));
    const saved = path('of-texts', '');
    await rm(saved, { force: true });
    const made = await placesOf(texts, { saveMap: saved });
    expect(await placesOf(texts, { onto: saved })).toEqual(made);
    await expect(project(texts, { onto: saved, model: 'other' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/was made with use-lite; --model other would not compare/),
    });
    await expect(project(texts, { onto: saved, long: 'truncate' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/with --long mean; --long truncate would not compare/),
    });
  });

  test('but texts are embedded as those of the map were without being told', async () => {
    const texts = path('prefixed.jsonl', jsonl(samples(12, 2)));
    const saved = path('of-prefixed', '');
    await rm(saved, { force: true });
    const made = await placesOf(texts, { saveMap: saved, dims: 128, prefix: 'query: ' });
    expect(await placesOf(texts, { onto: saved })).toEqual(made);
    await expect(project(texts, { onto: saved, prefix: '' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining("with --prefix 'query: '"),
    });
  });
});

describe('settling', () => {
  const k = 5;
  const n = 3000;
  const ids = Int32Array.from({ length: n * k }, (_, at) => (at * 7919) % 500);
  const near = { n, k, ids, distances: Float64Array.from(ids, (_, at) => 0.1 + (at % k) * 0.05) };

  test.each([2, 3] as const)(
    'in %i dimensions: the same bytes on any number of threads',
    async (components) => {
      const places = gaussianRows(500, components, 3);
      const options = { components, a: 1.577, b: 0.895, seed: 1 };
      const one = await settle(near, places, { ...options, threads: 1 });
      expect(one.every(Number.isFinite)).toBe(true);
      expect(await settle(near, places, { ...options, threads: 2 })).toEqual(one);
    },
  );

  test('a map of one row, and no new rows', async () => {
    const options = { components: 2 as const, a: 1.577, b: 0.895, seed: 1 };
    const place = Float32Array.of(3, 4);
    const known = { n: 1, k: 1, ids: Int32Array.of(0), distances: [0] };
    expect(await settle(known, place, options)).toEqual(place);
    const far = await settle({ ...known, distances: [0.5] }, place, options);
    expect(far.every(Number.isFinite)).toBe(true);
    const none = { n: 0, k: 1, ids: new Int32Array(0), distances: [] };
    expect(await settle(none, place, options)).toHaveLength(0);
  });
});

test('a pool for few rows has one thread', async () => {
  const pool = await openUmapPool(10);
  expect(pool.threads).toBe(1);
  await pool.close();
});
