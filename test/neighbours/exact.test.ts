import { describe, expect, test } from 'vitest';
import {
  normaliseRows,
  rowOf,
  selectRows,
  type Vectors,
  vectorsOf,
} from '../../src/compute/vectors.ts';
import { exactSearch } from '../../src/neighbours/exact.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import type { NeighbourGraph } from '../../src/neighbours/neighbours.ts';
import { farthestDistance, halfSquared, sortedDistances } from '../support/brute.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';

const DIMS = 8;

function unitRows(data: Float32Array, dims = DIMS): Vectors {
  normaliseRows(data, dims);
  return vectorsOf(data, dims);
}

/** Holds the graph to brute force in float64, on every row or on the ones given. */
function expectExact(graph: NeighbourGraph, vectors: Vectors, k: number, rows?: number[]): void {
  expect(graph.index).toMatchObject({ kind: 'exact', recall: 1, queries: 0 });
  expect(graph.k).toBe(Math.max(0, Math.min(k, vectors.n - 1)));
  expect(graph.ids).toHaveLength(vectors.n * graph.k);
  const origin = new Float32Array(vectors.dims);
  const longest = sortedDistances(vectors, origin).at(-1) ?? 0;
  for (const i of rows ?? Array.from({ length: vectors.n }, (_, row) => row)) {
    const query = rowOf(vectors, i);
    const truth = sortedDistances(vectors, query, i);
    const ids = graph.ids.subarray(i * graph.k, (i + 1) * graph.k);
    const distances = graph.distances.subarray(i * graph.k, (i + 1) * graph.k);
    expect(new Set(ids).size, `row ${i}: neighbours are different rows`).toBe(graph.k);
    expect(ids, `row ${i} is not its own neighbour`).not.toContain(i);
    for (let j = 0; j < graph.k; j += 1) {
      expect(distances[j]).toBe(halfSquared(query, rowOf(vectors, ids[j]!)));
      expect(distances[j], `row ${i}, neighbour ${j}`).toBeCloseTo(truth[j]!, 12);
    }
    const far = halfSquared(query, rowOf(vectors, graph.farthest![i]!));
    const farthest = farthestDistance(vectors, query);
    const rounding = 4e-6 * (halfSquared(query, origin) + longest);
    expect(Math.abs(far - farthest)).toBeLessThanOrEqual(rounding);
  }
}

describe('the exact graph is that of brute force in float64', () => {
  test.each([
    [1, 5],
    [2, 5],
    [3, 2],
    [6, 5],
    [40, 39],
    [40, 100],
    [300, 15],
  ])('%i random unit rows, k = %i', async (n, k) => {
    const vectors = unitRows(gaussianRows(n, DIMS, n));
    expectExact(await neighbourGraph(vectors, k, { farthest: true }), vectors, k);
  });

  test('no rows', async () => {
    const graph = await neighbourGraph(vectorsOf(new Float32Array(0), DIMS), 5);
    expect(graph).toMatchObject({ n: 0, k: 0 });
  });

  test('rows of one dimension', async () => {
    const vectors = vectorsOf(gaussianRows(50, 1, 3), 1);
    expectExact(await neighbourGraph(vectors, 4, { farthest: true }), vectors, 4);
  });

  test('rows that lie in several blocks', async () => {
    const vectors = unitRows(clusteredRows(9000, DIMS, 20, 0.5, 4));
    const rows = [0, 1023, 1024, 4095, 4096, 5120, 8191, 8192, 8999];
    expectExact(await neighbourGraph(vectors, 15, { farthest: true }), vectors, 15, rows);
  });

  test('near-duplicates that float32 products cannot tell apart', async () => {
    const data = reorder(
      gaussianRows(10, DIMS, 5),
      DIMS,
      Array.from({ length: 200 }, (_, i) => i % 10),
    );
    const noise = gaussianRows(200, DIMS, 6);
    const vectors = unitRows(data.map((value, i) => value + 1e-5 * noise[i]!));
    expectExact(await neighbourGraph(vectors, 5, { farthest: true }), vectors, 5);
  });
});

describe('euclidean rows', () => {
  test('of very different lengths', async () => {
    const data = gaussianRows(400, DIMS, 7);
    const scaled = data.map((value, i) => value * 10 ** ((Math.floor(i / DIMS) % 7) - 3));
    const vectors = vectorsOf(scaled, DIMS);
    expectExact(await neighbourGraph(vectors, 10, { farthest: true }), vectors, 10);
  });

  test('far from the origin, where products lose what tells rows apart', async () => {
    const vectors = vectorsOf(
      gaussianRows(300, DIMS, 8).map((value) => value + 1000),
      DIMS,
    );
    expectExact(await neighbourGraph(vectors, 10, { farthest: true }), vectors, 10);
  });

  test('in tight clumps far from each other', async () => {
    const near = gaussianRows(300, DIMS, 9);
    const vectors = vectorsOf(
      near.map((value, i) => 0.01 * value + (Math.floor(i / DIMS) % 3) * 500),
      DIMS,
    );
    expectExact(await neighbourGraph(vectors, 10, { farthest: true }), vectors, 10);
  });
});

describe('equal rows', () => {
  test('more of them than neighbours: each row is left out of its own list', async () => {
    const vectors = unitRows(
      reorder(
        gaussianRows(3, DIMS, 10),
        DIMS,
        shuffled(120, 2).map((i) => i % 3),
      ),
    );
    const graph = await neighbourGraph(vectors, 5, { farthest: true });
    expectExact(graph, vectors, 5);
    expect(graph.distances.every((distance) => distance === 0)).toBe(true);
  });

  test('nothing else: all distances are 0', async () => {
    const vectors = unitRows(
      reorder(
        gaussianRows(1, DIMS, 11),
        DIMS,
        Array.from({ length: 5000 }, () => 0),
      ),
    );
    const graph = await neighbourGraph(vectors, 4, { farthest: true });
    expectExact(graph, vectors, 4, [0, 1, 2500, 4096, 4999]);
  });

  test('zero rows', async () => {
    const data = gaussianRows(30, DIMS, 12).fill(0, 0, 8 * DIMS);
    const vectors = vectorsOf(data, DIMS);
    expectExact(await neighbourGraph(vectors, 5, { farthest: true }), vectors, 5);
  });

  test('are listed in the order of their numbers', async () => {
    const vectors = unitRows(reorder(gaussianRows(2, DIMS, 13), DIMS, [0, 1, 0, 1, 0, 1, 0]));
    const { ids, k } = await neighbourGraph(vectors, 6, { farthest: true });
    expect(Array.from(ids.subarray(0, k))).toEqual([2, 4, 6, 1, 3, 5]);
    expect(Array.from(ids.subarray(3 * k, 4 * k))).toEqual([1, 5, 0, 2, 4, 6]);
  });
});

test('queries that are not among the rows are answered, nearest first', async () => {
  const vectors = unitRows(gaussianRows(500, DIMS, 14));
  const queries = unitRows(gaussianRows(7, DIMS, 15));
  const found = await exactSearch(queries, vectors, 3);
  for (let i = 0; i < queries.n; i += 1) {
    const truth = sortedDistances(vectors, rowOf(queries, i));
    expect(found.distances[i * 3]).toBeCloseTo(truth[0]!, 12);
    expect(found.distances[i * 3 + 2]).toBeCloseTo(truth[2]!, 12);
  }
});

test('fewer rows than asked for are all given', async () => {
  const vectors = unitRows(gaussianRows(3, DIMS, 16));
  const found = await exactSearch(selectRows(vectors, [1]), vectors, 10);
  expect(found.k).toBe(3);
  expect(Array.from(found.ids).sort()).toEqual([0, 1, 2]);
  expect(found.ids[0]).toBe(1);
});
