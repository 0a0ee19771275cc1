import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qualityOf } from '../../bench/support/map-quality.ts';
import { cpu } from '../../src/compute/device.ts';
import { symmetricEigenvalues } from '../../src/compute/eigen.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import type { Space } from '../../src/engine/collect.ts';
import { prdcOf } from '../../src/measures/against/prdc.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { squareOf } from '../../src/measures/square.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import { hillNumber } from '../../src/stats/hill.ts';
import { hasShared, readNpy, shared } from '../support/npy.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * What the peers give that is no measure by itself: other kernels, other k, other orders. Left over are values that gamut has no
 * number for: the radius around the centroid, Davies-Bouldin, Calinski-Harabasz and the frontier integral.
 */
const expected = hasShared
  ? JSON.parse(readFileSync(join(shared, 'reference', 'expected.json'), 'utf8'))
  : null;

function load(name: string, space?: Space): Rows {
  const { data, shape } = readNpy(`${name}.npy`);
  return rowsFrom(data, shape[1]!, space);
}

describe.skipIf(!hasShared)('parts of measures, as the peers compute them', () => {
  test.each([
    ['rbf, σ = 0.5', 'b', (squared: number) => Math.exp(-2 * squared), ['rbf', '0.5']],
    ['rbf, σ = 1', 'c', (squared: number) => Math.exp(-squared / 2), ['rbf', '1.0']],
    ['rbf, σ = 0.5', 'c', (squared: number) => Math.exp(-2 * squared), ['rbf', '0.5']],
    ['((1 + cos)/2)³', 'c', (squared: number) => (1 - squared / 4) ** 3, ['poly3']],
    ['((1 + cos)/2)³', 'a', (squared: number) => (1 - squared / 4) ** 3, ['poly3']],
  ] as const)('Hill numbers of the eigenvalues of a kernel: %s, %s', async (_, name, of, path) => {
    const { n, unit } = load(name);
    const eigenvalues = await symmetricEigenvalues(await squareOf(cpu, unit, of), n);
    const shares = eigenvalues.map((value) => value / n);
    const peer = path.reduce((found, key) => found[key], expected.vendi[name]);
    for (const [q, target] of Object.entries<number>(peer)) {
      const value = hillNumber(shares, q === 'inf' ? Number.POSITIVE_INFINITY : Number(q));
      // Low orders live on the smallest eigenvalues, which float32 products of near-duplicates blur.
      expect(Math.abs(value / target - 1), q).toBeLessThan(Number(q) < 1 ? 1e-3 : 1e-4);
    }
  });

  test.each(
    ['euclidean', 'cosine'].flatMap((space) =>
      ['a|b', 'a|c', 'b|a', 'b|c'].map((pair) => ({ space: space as Space, pair })),
    ),
  )('precision, recall, density and coverage by ten neighbours of $pair, $space', async (of) => {
    const [real, fake] = of.pair.split('|') as [string, string];
    const source = artefactsOf(load(fake, of.space), load(real, of.space), {
      ...{ seed: 0, index: 'exact', intervals: false },
    });
    const { rows } = source;
    const inputs = { rows, neighbours: await source('neighbours') };
    const reference = await source('reference');
    const context = { seed: 0, settings: DEFAULT_SETTINGS };
    const values = await prdcOf({ ...inputs, reference }, context, 10);
    const peer = expected.prdc[`${of.pair}|k10|${of.space}`];
    for (const [id, { value }] of Object.entries(values))
      expect(value, id).toBeCloseTo(peer[id], 9);
  });

  test('Hill numbers of labels of every order', () => {
    const labels = readNpy('a.labels.npy').data;
    const counts = new Float64Array(12);
    for (const label of labels) counts[label]! += 1 / labels.length;
    expect(hillNumber(counts, 0.5)).toBeCloseTo(expected.label_entropy_a.hill['0.5'], 9);
  });

  test('the fifteen nearest rows of every row', async () => {
    const { unit, n } = load('a');
    const graph = await neighbourGraph(unit, 15, { index: 'exact', seed: 0 });
    const distances = readNpy('a.knn16.dist.npy').data;
    const ids = readNpy('a.knn16.idx.npy').data;
    let same = 0;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < 15; j += 1) {
        const [own, peer] = [graph.distances[i * 15 + j]!, distances[i * 16 + j + 1]!];
        expect(Math.abs(own - peer)).toBeLessThan(1e-6);
        same += Number(graph.ids[i * 15 + j] === ids[i * 16 + j + 1]);
      }
    }
    // Rows that are equally far may change places.
    expect(same / (15 * n)).toBeGreaterThan(0.999);
  });

  test('trustworthiness of a map', async () => {
    const [quality] = await qualityOf(load('a').unit, [readNpy('a.umap2d.npy').data]);
    // Ours is of the first thousand rows, with ranks over all.
    expect(
      Math.abs(quality!.trustworthiness - expected.umap.trustworthiness_15_cosine),
    ).toBeLessThan(0.005);
  });
});
