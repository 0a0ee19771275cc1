import { describe, expect, test } from 'vitest';
import { normaliseRows, type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import { type IvfOptions, ivfGraph } from '../../src/neighbours/ivf-graph.ts';
import type { NeighbourGraph, NeighbourLists } from '../../src/neighbours/neighbours.ts';
import { halfSquared } from '../support/brute.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';

const DIMS = 24;

function unitRows(data: Float32Array, dims = DIMS): Vectors {
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

const separated = unitRows(clusteredRows(6000, DIMS, 60, 0.3, 1));

/** Every list has k other rows, each once, nearest first, at the distances that they have. */
function expectSound(graph: NeighbourGraph | NeighbourLists, vectors: Vectors, k: number): void {
  expect(graph.k).toBe(k);
  const data = vectors.blocks;
  const row = (i: number): Float32Array =>
    data[i >> 12]!.subarray((i & 4095) * vectors.dims, ((i & 4095) + 1) * vectors.dims);
  for (let i = 0; i < vectors.n; i += 1) {
    const ids = graph.ids.subarray(i * k, (i + 1) * k);
    const distances = graph.distances.subarray(i * k, (i + 1) * k);
    expect(new Set(ids).size, `row ${i}`).toBe(k);
    expect(ids, `row ${i}`).not.toContain(i);
    for (let j = 0; j < k; j += 1) {
      if (j > 0) expect(distances[j]).toBeGreaterThanOrEqual(distances[j - 1]!);
      if (i % 97 === 0) expect(distances[j]).toBe(halfSquared(row(i), row(ids[j]!)));
    }
  }
}

/** The share of true neighbours that the graph has, on all rows. */
async function recallOf(graph: NeighbourLists | NeighbourGraph, vectors: Vectors): Promise<number> {
  const { k } = graph;
  const truth = await neighbourGraph(vectors, k, { index: 'exact' });
  let hits = 0;
  for (let i = 0; i < vectors.n; i += 1) {
    const reach = truth.distances[(i + 1) * k - 1]! + 1e-9;
    for (let j = i * k; j < (i + 1) * k; j += 1) if (graph.distances[j]! <= reach) hits += 1;
  }
  return hits / (vectors.n * k);
}

async function listsOf(
  vectors: Vectors,
  k: number,
  options: Partial<IvfOptions> = {},
): Promise<NeighbourLists & { readonly recall: number }> {
  const found = await ivfGraph(vectors, k, { seed: 0, recall: 0.98, ...options });
  if (found.lists === null) throw new Error(found.why);
  return { ...found.lists, recall: found.recall };
}

describe('the graph from lists', () => {
  test.each([0.9, 0.98, 0.995])('reaches a recall of %f, and says which', async (recall) => {
    const lists = await listsOf(separated, 15, { recall });
    expectSound(lists, separated, 15);
    expect(lists.recall).toBeGreaterThanOrEqual(recall);
    const whole = await recallOf(lists, separated);
    expect(whole).toBeGreaterThan(recall - 0.02);
    expect(Math.abs(whole - lists.recall)).toBeLessThan(0.02);
    expect(lists.farthest).toBeNull();
  });

  test('is the same to the bit on one thread and on three', async () => {
    const one = await listsOf(separated, 10, { threads: 1 });
    expect(await listsOf(separated, 10, { threads: 3 })).toEqual(one);
    expect(await listsOf(separated, 10, { threads: 2 })).toEqual(one);
  });

  test('says what it is', async () => {
    const { index } = await neighbourGraph(separated, 10, { index: 'ivf' });
    expect(index).toMatchObject({ kind: 'ivf', queries: 320, why: 'asked for' });
  });

  test('of rows as they are, of different lengths', async () => {
    const data = clusteredRows(5000, DIMS, 40, 0.3, 3);
    const scaled = data.map((value, i) => value * (1 + (Math.floor(i / DIMS) % 5)) + 3);
    const vectors = vectorsOf(scaled, DIMS);
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, 15);
    expect(await recallOf(graph, vectors)).toBeGreaterThan(0.96);
  });

  test('of rows in the order of their clusters', async () => {
    const data = clusteredRows(5000, DIMS, 50, 0.3, 4);
    const order = Array.from({ length: 5000 }, (_, i) => i);
    order.sort((a, b) => data[a * DIMS]! - data[b * DIMS]!);
    const vectors = unitRows(reorder(data, DIMS, order));
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, 15);
    expect(await recallOf(graph, vectors)).toBeGreaterThan(0.96);
  });

  test.each([3, 1024])('of rows of %i dimensions', async (dims) => {
    const vectors = unitRows(clusteredRows(2000, dims, 30, 0.3, 5), dims);
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, 15);
    expect(await recallOf(graph, vectors)).toBeGreaterThan(0.96);
  });
});

describe('whatever the rows, every list is whole', () => {
  test.each([0, 1, 2, 3, 10, 17, 100, 1000])('%i rows', async (n) => {
    const vectors = unitRows(gaussianRows(n, DIMS, n));
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, Math.max(0, Math.min(15, n - 1)));
    expect(graph.index.recall).toBeGreaterThanOrEqual(0.98);
  });

  test('rows that overlap so much that lists are of no use', async () => {
    const vectors = unitRows(gaussianRows(4000, 64, 6), 64);
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf', recall: 0.99 });
    expectSound(graph, vectors, 15);
    expect(await recallOf(graph, vectors)).toBeGreaterThan(0.97);
  });

  test('everything that is asked for is everything', async () => {
    const graph = await neighbourGraph(separated, 15, { index: 'ivf', recall: 1 });
    expect(await recallOf(graph, separated)).toBeGreaterThan(0.995);
  });

  test('more equal rows than neighbours', async () => {
    const copies = shuffled(5000, 7).map((i) => i % 50);
    const vectors = unitRows(reorder(gaussianRows(50, DIMS, 8), DIMS, copies));
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, 15);
    expect(graph.distances.every((distance) => distance === 0)).toBe(true);
  });

  test('nothing but equal rows, and nothing but zeros', async () => {
    const equal = reorder(gaussianRows(1, DIMS, 9), DIMS, new Array(3000).fill(0));
    for (const vectors of [unitRows(equal), vectorsOf(new Float32Array(3000 * DIMS), DIMS)]) {
      const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
      expectSound(graph, vectors, 15);
      expect(graph.index.recall).toBe(1);
    }
  });

  test('many clumps of fewer rows than neighbours', async () => {
    const vectors = unitRows(clusteredRows(4000, DIMS, 600, 0.01, 10));
    const graph = await neighbourGraph(vectors, 15, { index: 'ivf' });
    expectSound(graph, vectors, 15);
    expect(await recallOf(graph, vectors)).toBeGreaterThan(0.95);
  });
});

test('an interrupted search ends, with the error that says so', async () => {
  const vectors = unitRows(clusteredRows(20_000, 64, 50, 0.5, 11), 64);
  const stop = new AbortController();
  const search = neighbourGraph(vectors, 15, { index: 'ivf', signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(search).rejects.toMatchObject({ kind: 'interrupted' });
});
