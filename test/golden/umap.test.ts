import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layoutCurve } from '../../src/project/curve.ts';
import { bandwidths, fuzzySet } from '../../src/project/fuzzy.ts';
import { hasShared, readNpy, shared } from '../support/npy.ts';

/** umap-learn 0.5.3 on the neighbours of a: 15 with the row itself, so 14 others. */
const OTHERS = 14;

describe.skipIf(!hasShared)('as umap-learn computes it', () => {
  const columns = (name: string): Float32Array => {
    const { data, shape } = readNpy(name);
    const width = shape[1]!;
    return data.filter((_, i) => i % width >= 1 && i % width <= OTHERS);
  };
  const n = 1200;
  const load = () => ({
    ids: Int32Array.from(columns('a.knn16.idx.npy')),
    distances: columns('a.knn16.dist.npy'),
    own: readNpy('a.knn16.dist.npy').data.filter((_, i) => i % 16 === 0),
  });

  test('σ and ρ of every row', () => {
    const { distances, own } = load();
    const { sigmas, rhos } = bandwidths(distances, n, OTHERS, own);
    const peer = {
      sigmas: readNpy('a.umap.sigmas.npy').data,
      rhos: readNpy('a.umap.rhos.npy').data,
    };
    for (let i = 0; i < n; i += 1) {
      expect(Math.abs(sigmas[i]! - peer.sigmas[i]!)).toBeLessThan(1e-4 * peer.sigmas[i]! + 1e-6);
      expect(Math.abs(rhos[i]! - peer.rhos[i]!)).toBeLessThan(1e-6);
    }
  });

  test('every edge of the graph and its weight', () => {
    const { ids, distances, own } = load();
    const graph = fuzzySet(ids, distances, n, OTHERS, own);
    const { data } = readNpy('a.umap.graph.npy');
    const peer = new Map<number, number>();
    const edges = data.length / 3;
    for (let e = 0; e < edges; e += 1) {
      peer.set(data[e]! * n + data[edges + e]!, data[2 * edges + e]!);
    }
    expect(graph.columns.length).toBe(peer.size);
    for (let i = 0; i < n; i += 1) {
      for (let e = graph.offsets[i]!; e < graph.offsets[i + 1]!; e += 1) {
        const weight = peer.get(i * n + graph.columns[e]!);
        expect(weight).toBeDefined();
        expect(Math.abs(graph.weights[e]! - weight!)).toBeLessThan(1e-4);
      }
    }
  });

  test('a and b of the layout curve', () => {
    const { ab } = JSON.parse(
      readFileSync(join(shared, 'reference', 'expected.json'), 'utf8'),
    ).umap;
    for (const [key, [a, b]] of Object.entries<[number, number]>(ab)) {
      const [spread, minDist] = key.split(',').map(Number);
      const fit = layoutCurve(minDist!, spread!);
      expect(fit.a).toBeCloseTo(a, 3);
      expect(fit.b).toBeCloseTo(b, 3);
    }
  });
});
