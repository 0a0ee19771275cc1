import { describe, expect, test } from 'vitest';
import { symmetricEigen } from '../../src/compute/eigen.ts';
import { normaliseRows, vectorsOf } from '../../src/compute/vectors.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import { fuzzySet, type SparseGraph } from '../../src/project/fuzzy.ts';
import { leadingVectors } from '../../src/project/lanczos.ts';
import { connectedParts, spectralStart } from '../../src/project/spectral.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';

const DIMS = 8;

async function graphOf(data: Float32Array, others = 14) {
  normaliseRows(data, DIMS);
  const vectors = vectorsOf(data, DIMS);
  const { ids, distances, k } = await neighbourGraph(vectors, others);
  return { vectors, graph: fuzzySet(ids, distances, vectors.n, k) };
}

/** D^-½ A D^-½, dense. */
function normalised({ n, offsets, columns, weights }: SparseGraph): Float64Array {
  const dense = new Float64Array(n * n);
  const degrees = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) degrees[i]! += weights[e]!;
  }
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
      dense[i * n + columns[e]!] = weights[e]! / Math.sqrt(degrees[i]! * degrees[columns[e]!]!);
    }
  }
  return dense;
}

describe('the eigenvectors of a neighbour graph', () => {
  test('are those of the dense solver', async () => {
    const { graph } = await graphOf(gaussianRows(400, DIMS, 1));
    const { n } = graph;
    expect(connectedParts(graph).count).toBe(1);
    const truth = await symmetricEigen(normalised(graph), n);
    const found = (await leadingVectors(graph, 3, { seed: 1 }))!;
    for (let v = 0; v < 3; v += 1) {
      expect(found.values[v]).toBeCloseTo(truth.values[n - 2 - v]!, 6);
      const peer = truth.vectors.subarray((n - 2 - v) * n, (n - 1 - v) * n);
      const along = found.vectors[v]!.reduce((sum, value, i) => sum + value * peer[i]!, 0);
      expect(Math.abs(along)).toBeGreaterThan(0.999);
    }
  });

  test('are the same on any number of threads, and for one seed', async () => {
    const { graph } = await graphOf(gaussianRows(10_500, DIMS, 2));
    const one = await leadingVectors(graph, 2, { seed: 3, threads: 1 });
    expect(one).not.toBeNull();
    expect(await leadingVectors(graph, 2, { seed: 3, threads: 2 })).toEqual(one);
  });

  test('exist where every row is every other one’s neighbour alike', async () => {
    const n = 200;
    const offsets = Int32Array.from({ length: n + 1 }, (_, i) => i * (n - 1));
    const columns = Int32Array.from({ length: n * (n - 1) }, (_, e) => {
      const [i, j] = [Math.floor(e / (n - 1)), e % (n - 1)];
      return j < i ? j : j + 1;
    });
    const weights = new Float32Array(columns.length).fill(1);
    const found = await leadingVectors({ n, offsets, columns, weights }, 2, { seed: 1 });
    expect(found!.values[0]).toBeCloseTo(-1 / (n - 1), 6);
  });
});

describe('a graph in several parts', () => {
  test.each([3, 9])('%i of them lie each around a place of its own', async (count) => {
    const data = clusteredRows(count * 60, DIMS, count, 0.02, 5);
    const { graph, vectors } = await graphOf(data);
    const { labels, count: parts } = connectedParts(graph);
    expect(parts).toBeGreaterThanOrEqual(count);
    const start = await spectralStart(graph, vectors, 2, { seed: 1 });
    expect(start).toBeInstanceOf(Float64Array);
    const places = start as Float64Array;
    expect(places.every(Number.isFinite)).toBe(true);
    const centres = Array.from({ length: parts }, () => [0, 0, 0]);
    for (const [i, label] of labels.entries()) {
      const centre = centres[label]!;
      centre[0]! += places[2 * i]!;
      centre[1]! += places[2 * i + 1]!;
      centre[2]! += 1;
    }
    const own = Array.from(labels).filter((label, i) => {
      const far = centres.map(([x, y, size]) =>
        Math.hypot(places[2 * i]! - x! / size!, places[2 * i + 1]! - y! / size!),
      );
      return far.every((distance) => distance >= far[label]! - 1e-9);
    });
    expect(own.length / labels.length).toBeGreaterThan(0.9);
  });

  test('too many parts are no start, and the reason is said', async () => {
    const n = 1200;
    const graph = {
      n,
      offsets: new Int32Array(n + 1),
      columns: new Int32Array(0),
      weights: new Float32Array(0),
    };
    const vectors = vectorsOf(gaussianRows(n, DIMS, 1), DIMS);
    expect(await spectralStart(graph, vectors, 2, { seed: 1 })).toMatch(/falls into 1200 parts/);
  });
});
