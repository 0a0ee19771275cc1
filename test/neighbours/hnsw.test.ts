import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GamutError } from '../../src/base/errors.ts';
import { normaliseRows, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import {
  chooseIndex,
  EXACT_ROWS,
  MAP_EXACT_ROWS,
  neighbourGraph,
  neighboursAmong,
} from '../../src/neighbours/graph.ts';
import { buildHnsw, loadHnsw } from '../../src/neighbours/hnsw.ts';
import { searchLog } from '../../src/neighbours/search-log.ts';
import { fixtures } from '../data/helpers.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';

const DIMS = 16;
const { path } = fixtures();

function unitRows(data: Float32Array): Vectors {
  normaliseRows(data, DIMS);
  return vectorsOf(data, DIMS);
}

const vectors = unitRows(clusteredRows(2000, DIMS, 12, 0.7, 1));
const queries = unitRows(clusteredRows(50, DIMS, 12, 0.7, 2));

/** The share of the exact graph's distances that the approximate one reaches. */
async function reached(found: Float64Array, of: Vectors, k: number): Promise<number> {
  const truth = await neighbourGraph(of, k, { index: 'exact' });
  let hits = 0;
  for (let i = 0; i < of.n; i += 1) {
    const reach = truth.distances[(i + 1) * k - 1]! + 1e-9;
    for (let j = i * k; j < (i + 1) * k; j += 1) if (found[j]! <= reach) hits += 1;
  }
  return hits / (of.n * k);
}

describe('the nearest rows of another set', () => {
  test('are found exactly, unless there are too many pairs or a graph is asked for', async () => {
    const found = await neighboursAmong(queries, vectors, 5);
    expect(found.index).toMatchObject({ kind: 'exact', recall: 1 });
    const log = searchLog({});
    const often = await neighboursAmong(queries, vectors, 5, { exactPairs: 99_999, ...log });
    expect(often.index).toMatchObject({ kind: 'hnsw', queries: 50, why: 'too many pairs of rows' });
    const near = found.lists.distances;
    const hits = often.lists.distances.filter((distance, at) => {
      const last = 5 * Math.floor(at / 5) + 4;
      return distance <= near[last]! + 1e-9;
    });
    expect(often.index.recall).toBeCloseTo(hits.length / near.length, 9);
    expect(log.warnings()).toEqual([expect.stringMatching(/hnsw\) found .* --index exact/)]);
    // A report that names the search says so itself, unless much was missed.
    expect(log.warnings([often.index])).toEqual([]);
    log.onSearch!({ ...often.index, recall: 0.9 });
    expect(log.warnings([often.index])).toEqual([expect.stringContaining('found 90')]);
  });
});

describe('the approximate graph', () => {
  test('measures its own recall, and the figure is right', async () => {
    const graph = await neighbourGraph(vectors, 10, { index: 'hnsw' });
    expect(graph.index).toMatchObject({ kind: 'hnsw', queries: 500, why: 'asked for' });
    expect(graph.index.recall).toBeGreaterThan(0.95);
    expect(graph.index.recall).toBeLessThanOrEqual(1);
    expect(graph.index.recall).toBeCloseTo(await reached(graph.distances, vectors, 10), 1);
    expect(graph.farthest).toBeNull();
  });

  test('says so when it is poor', async () => {
    const hard = unitRows(gaussianRows(1500, DIMS, 3));
    const index = await buildHnsw(hard, { m: 2, efConstruction: 4, ef: 4 });
    const found = await index.search(hard, 4);
    expect(await reached(found.distances, hard, 3)).toBeLessThan(0.9);
  });

  test('is the same for the same rows and seed', async () => {
    const once = await neighbourGraph(vectors, 5, { index: 'hnsw', seed: 3 });
    const again = await neighbourGraph(vectors, 5, { index: 'hnsw', seed: 3 });
    expect(again).toEqual(once);
  });

  test.each([1, 2, 5])('of %i rows holds every other row', async (n) => {
    const few = unitRows(gaussianRows(n, DIMS, n));
    const graph = await neighbourGraph(few, 10, { index: 'hnsw' });
    expect(graph.k).toBe(n - 1);
    expect(graph.index.recall).toBe(1);
    const exact = await neighbourGraph(few, 10, { index: 'exact' });
    expect(graph.distances).toEqual(exact.distances);
  });

  test('among thousands of equal rows no list is short, and no row is listed twice or in its own list', async () => {
    const copies = unitRows(
      reorder(
        gaussianRows(4, DIMS, 5),
        DIMS,
        shuffled(3000, 6).map((i) => i % 4),
      ),
    );
    const graph = await neighbourGraph(copies, 10, { index: 'hnsw' });
    for (let i = 0; i < copies.n; i += 1) {
      const ids = graph.ids.subarray(i * graph.k, (i + 1) * graph.k);
      expect(new Set(ids).size).toBe(graph.k);
      expect(ids).not.toContain(i);
    }
    expect(graph.index.recall).toBeGreaterThan(0.95);
  });
});

describe('auto', () => {
  test('is exact for sets that are not large, and says why', () => {
    expect(chooseIndex(EXACT_ROWS, {})).toEqual({ kind: 'exact', why: 'up to 50,000 rows' });
  });

  test('searches lists beyond, and says why', () => {
    const chosen = chooseIndex(EXACT_ROWS + 1, {});
    expect(chosen).toEqual({ kind: 'ivf', why: 'more than 50,000 rows' });
  });

  test('searches lists for a map from fewer rows on', () => {
    const chosen = chooseIndex(MAP_EXACT_ROWS + 1, { exactRows: MAP_EXACT_ROWS });
    expect(chosen).toEqual({ kind: 'ivf', why: 'more than 15,000 rows' });
  });

  test('gives way to what is asked for', () => {
    for (const index of ['exact', 'ivf', 'hnsw'] as const) {
      expect(chooseIndex(5, { index })).toEqual({ kind: index, why: 'asked for' });
    }
  });
});

describe('a saved index', () => {
  test('gives the same answers when it is loaded', async () => {
    const built = await buildHnsw(vectors);
    await built.save(path('graph.hnsw'));
    const loaded = await loadHnsw(path('graph.hnsw'), DIMS);
    expect(loaded).toMatchObject({ kind: 'hnsw', n: vectors.n, dims: DIMS });
    const [once, again] = [await built.search(queries, 5), await loaded.search(queries, 5)];
    expect(again.ids).toEqual(once.ids);
    for (const [i, distance] of once.distances.entries()) {
      expect(again.distances[i]).toBeCloseTo(distance, 6);
    }
  });

  test('is the same bytes for the same rows and seed', async () => {
    await (await buildHnsw(vectors, { seed: 9 })).save(path('one.hnsw'));
    await (await buildHnsw(vectors, { seed: 9 })).save(path('two.hnsw'));
    expect(readFileSync(path('one.hnsw')).equals(readFileSync(path('two.hnsw')))).toBe(true);
  });

  const whole = async (): Promise<Buffer> => {
    await (await buildHnsw(vectors)).save(path('whole.hnsw'));
    return readFileSync(path('whole.hnsw'));
  };
  const zeroed = (bytes: Buffer, from: number, to: number): Buffer => {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, from, to);
    return damaged;
  };

  test.each<[what: string, damage: (bytes: Buffer) => Buffer]>([
    ['is missing its end', (bytes) => bytes.subarray(0, bytes.length - 1000)],
    ['is cut off in its header', (bytes) => bytes.subarray(0, 40)],
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.from('not an index at all, but some text in a file')],
    ['has bytes too many', (bytes) => Buffer.concat([bytes, Buffer.alloc(64)])],
    ['has a broken header', (bytes) => zeroed(bytes, 0, 96)],
  ])('that %s is refused with its name and the remedy', async (_, damage) => {
    const file = path('damaged.hnsw', damage(await whole()));
    const error = await loadHnsw(file, DIMS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GamutError);
    expect(error).toMatchObject({ kind: 'input', message: expect.stringContaining(file) });
    expect((error as Error).message).toContain('gamut index');
  });

  test('that is missing is refused', async () => {
    await expect(loadHnsw(path('none.hnsw'), DIMS)).rejects.toMatchObject({ kind: 'input' });
  });

  test('of other dimensions is refused', async () => {
    writeFileSync(path('other.hnsw'), await whole());
    await expect(loadHnsw(path('other.hnsw'), DIMS + 3)).rejects.toMatchObject({ kind: 'input' });
  });
});
