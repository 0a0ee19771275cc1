import { describe, expect, test } from 'vitest';
import { GamutError } from '../../src/base/errors.ts';
import { normaliseRows, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import { exactSearch } from '../../src/neighbours/exact.ts';
import { exactGraph } from '../../src/neighbours/exact-graph.ts';
import { FULL_LEVELS, HALF_LEVELS, levelsFor } from '../../src/neighbours/threads/rounded.ts';
import { GROUP_ROWS } from '../../src/neighbours/threads/tiles.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';

const DIMS = 8;

function unitRows(data: Float32Array, dims = DIMS): Vectors {
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

/** The graph is that of a search of all queries among all targets, each row taken out of its own list. */
async function expectSame(vectors: Vectors, k: number): Promise<void> {
  const graph = await exactGraph(vectors, k, { farthest: true, threads: 2 });
  const lists = await exactSearch(vectors, vectors, k + 1, { farthest: true });
  expect(graph.k).toBe(k);
  for (let i = 0; i < vectors.n; i += 1) {
    const ids = graph.ids.subarray(i * k, (i + 1) * k);
    expect(new Set(ids).size, `row ${i}`).toBe(k);
    expect(ids, `row ${i}`).not.toContain(i);
    const truth = lists.distances.subarray(i * (k + 1) + 1, (i + 1) * (k + 1));
    expect(graph.distances.subarray(i * k, (i + 1) * k), `row ${i}`).toEqual(truth);
  }
  expect(graph.farthest).toHaveLength(vectors.n);
}

/** More rows than two panels, and no multiple of anything. */
const MANY = 2 * GROUP_ROWS + 333;

describe('on threads the exact graph is that of one search over all rows', () => {
  test.each([
    [2, 1],
    [3, 2],
    [17, 16],
    [300, 15],
    [GROUP_ROWS, 15],
    [GROUP_ROWS + 1, 5],
    [MANY, 15],
  ])('%i unit rows, k = %i', async (n, k) => {
    await expectSame(unitRows(gaussianRows(n, DIMS, n)), k);
  });

  test.each([1, 3, 5, 384, 1024])('rows of %i dimensions', async (dims) => {
    await expectSame(vectorsOf(gaussianRows(1100, dims, dims), dims), 15);
  });

  test('rows in the order of their clusters', async () => {
    const data = clusteredRows(MANY, DIMS, 12, 0.4, 1);
    const order = Array.from({ length: MANY }, (_, i) => i);
    order.sort((a, b) => data[a * DIMS]! - data[b * DIMS]!);
    await expectSame(unitRows(reorder(data, DIMS, order)), 15);
  });

  test('rows of very different lengths', async () => {
    const data = gaussianRows(MANY, DIMS, 2);
    const scaled = data.map((value, i) => value * 10 ** ((Math.floor(i / DIMS) % 7) - 3));
    await expectSame(vectorsOf(scaled, DIMS), 10);
  });

  test('rows far from the origin, where products lose what tells rows apart', async () => {
    const data = gaussianRows(300, DIMS, 3).map((value) => value + 1000);
    await expectSame(vectorsOf(data, DIMS), 10);
  });

  test('duplicates, more of each than neighbours', async () => {
    const copies = shuffled(MANY, 4).map((i) => i % 40);
    await expectSame(unitRows(reorder(gaussianRows(40, DIMS, 5), DIMS, copies)), 15);
  });

  test('near-duplicates that float32 products cannot tell apart', async () => {
    const copies = Array.from({ length: 400 }, (_, i) => i % 10);
    const data = reorder(gaussianRows(10, DIMS, 6), DIMS, copies);
    const noise = gaussianRows(400, DIMS, 7);
    await expectSame(unitRows(data.map((value, i) => value + 1e-5 * noise[i]!)), 5);
  });

  test('nothing but equal rows, and nothing but zeros', async () => {
    const equal = reorder(gaussianRows(1, DIMS, 8), DIMS, new Array(MANY).fill(0));
    await expectSame(unitRows(equal), 15);
    await expectSame(vectorsOf(new Float32Array(MANY * DIMS), DIMS), 15);
  });
});

describe('where rows are rounded to bytes first the graph is the same', () => {
  const WIDE = 70;
  const LEVELS = [FULL_LEVELS, HALF_LEVELS];

  async function expectSameRounded(vectors: Vectors, k: number): Promise<void> {
    const whole = await exactGraph(vectors, k, { threads: 2, levels: null });
    for (const levels of LEVELS) {
      const rounded = await exactGraph(vectors, k, { threads: 2, levels });
      expect(rounded).toEqual(whole);
    }
  }

  test('of clustered rows, in any order', async () => {
    await expectSameRounded(unitRows(clusteredRows(MANY, WIDE, 9, 0.5, 21), WIDE), 15);
  });

  test('of rows of very different lengths, far from the origin', async () => {
    const data = gaussianRows(MANY, WIDE, 22);
    const scaled = data.map((value, i) => 100 + value * 10 ** ((Math.floor(i / WIDE) % 5) - 2));
    await expectSameRounded(vectorsOf(scaled, WIDE), 10);
  });

  test('of duplicates and near-duplicates', async () => {
    const copies = shuffled(MANY, 23).map((i) => i % 100);
    const data = reorder(gaussianRows(100, WIDE, 24), WIDE, copies);
    const noise = gaussianRows(MANY, WIDE, 25);
    const near = data.map((value, i) => (i % 2 === 0 ? value : value + 1e-4 * noise[i]!));
    await expectSameRounded(unitRows(near, WIDE), 15);
  });

  test('of rows with one huge number, some too large to square, and zeros', async () => {
    const data = gaussianRows(MANY, WIDE, 26);
    for (let i = 0; i < MANY; i += 1) {
      if (i % 7 === 0) data[i * WIDE + (i % WIDE)] = 1e4;
      if (i % 500 === 1) data.fill(0, i * WIDE, (i + 1) * WIDE);
    }
    data[5 * WIDE] = 1e25;
    await expectSameRounded(vectorsOf(data, WIDE), 5);
  });

  test('of rows whose squares float32 hardly holds', async () => {
    const data = gaussianRows(1200, WIDE, 30);
    const small = vectorsOf(
      data.map((value) => value * 2 ** -70),
      WIDE,
    );
    await expectSameRounded(small, 5);
    const { ids } = await exactGraph(vectorsOf(data, WIDE), 5);
    expect((await exactGraph(small, 5, { levels: FULL_LEVELS })).ids).toEqual(ids);
  });

  test('of equal rows', async () => {
    const equal = reorder(gaussianRows(1, WIDE, 27), WIDE, new Array(MANY).fill(0));
    await expectSameRounded(vectorsOf(equal, WIDE), 5);
  });

  test('and the farthest row is as far', async () => {
    const vectors = vectorsOf(gaussianRows(MANY, WIDE, 28), WIDE);
    const [whole, rounded] = [
      await exactGraph(vectors, 3, { farthest: true, levels: null }),
      await exactGraph(vectors, 3, { farthest: true, levels: FULL_LEVELS }),
    ];
    expect(rounded.farthest).toEqual(whole.farthest);
  });

  test('and the farthest of many copies is the same on any number of threads', async () => {
    const copies = shuffled(MANY, 30).map((i) => i % 60);
    const data = reorder(clusteredRows(60, WIDE, 9, 0.5, 29), WIDE, copies);
    const search = (threads: number) =>
      exactGraph(vectorsOf(data, WIDE), 5, { levels: FULL_LEVELS, farthest: true, threads });
    const one = await search(1);
    for (const threads of [2, 3]) expect(await search(threads)).toEqual(one);
  });

  test('and rows that are no numbers hide no others', async () => {
    const copies = shuffled(MANY, 31).map((i) => i % 60);
    const data = reorder(clusteredRows(60, WIDE, 9, 0.5, 29), WIDE, copies);
    const noise = gaussianRows(MANY, WIDE, 32);
    const near = data.map((value, i) => value + 1e-3 * noise[i]!);
    near[8 * WIDE - 1] = Number.NaN;
    near[1200 * WIDE] = Number.NaN;
    await expectSameRounded(vectorsOf(near, WIDE), 5);
  });

  test('and runtimes without vectors and other numbers of threads get it', async () => {
    const vectors = unitRows(clusteredRows(MANY, WIDE, 9, 0.5, 29), WIDE);
    const levels = FULL_LEVELS;
    const one = await exactGraph(vectors, 15, { levels, threads: 1 });
    expect(await exactGraph(vectors, 15, { levels, threads: 3 })).toEqual(one);
    expect(await exactGraph(vectors, 15, { levels, build: 'scalar' })).toEqual(one);
  });

  test('which large sets do of themselves', async () => {
    expect(await levelsFor(vectorsOf(new Float32Array(64), 64))).toBeNull();
    expect(LEVELS).toContain(await levelsFor({ n: 100_000, dims: 384, blocks: [] }));
  });
});

test('equal rows are listed in the order of their numbers', async () => {
  const equal = unitRows(reorder(gaussianRows(1, DIMS, 9), DIMS, new Array(MANY).fill(0)));
  const { ids } = await exactGraph(equal, 3, { threads: 2 });
  expect(Array.from(ids.subarray(0, 3))).toEqual([1, 2, 3]);
  expect(Array.from(ids.subarray(3 * 2, 3 * 3))).toEqual([0, 1, 3]);
  expect(Array.from(ids.subarray(3 * (MANY - 1)))).toEqual([0, 1, 2]);
});

test('the farthest row is the farthest', async () => {
  const vectors = unitRows(gaussianRows(MANY, DIMS, 10));
  const { farthest } = await exactGraph(vectors, 3, { farthest: true, threads: 2 });
  const truth = await exactSearch(vectors, vectors, 3, { farthest: true });
  expect(farthest).toEqual(truth.farthest);
  expect((await exactGraph(vectors, 3)).farthest).toBeNull();
});

test('the number of threads changes no bit', async () => {
  const vectors = unitRows(clusteredRows(MANY, 24, 9, 0.5, 11), 24);
  const one = await exactGraph(vectors, 15, { threads: 1, farthest: true });
  for (const threads of [2, 3]) {
    expect(await exactGraph(vectors, 15, { threads, farthest: true })).toEqual(one);
  }
});

test('runtimes without vectors get the same', async () => {
  const vectors = vectorsOf(gaussianRows(1500, DIMS, 14), DIMS);
  const simd = await exactGraph(vectors, 15, { build: 'simd', farthest: true });
  expect(await exactGraph(vectors, 15, { build: 'scalar', farthest: true })).toEqual(simd);
});

test('an interrupted search ends, with the error that says so', async () => {
  const vectors = unitRows(gaussianRows(30_000, 64, 12), 64);
  const stop = new AbortController();
  const search = exactGraph(vectors, 15, { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(search).rejects.toThrow(GamutError);
  await expect(search).rejects.toMatchObject({ kind: 'interrupted' });
});

test('progress goes up to the number of rows', async () => {
  const vectors = unitRows(gaussianRows(MANY, DIMS, 13));
  const seen: number[] = [];
  await exactGraph(vectors, 5, { onProgress: ({ done }) => seen.push(done) });
  expect(seen.at(-1)).toBe(MANY);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});
