import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Space } from '../../src/engine/collect.ts';
import type { Value } from '../../src/measures/measure.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { mauveOf } from '../../src/stats/divergence.ts';
import { measureRows } from '../support/measure.ts';
import { hasShared, readNpy, shared } from '../support/npy.ts';
import { rowsFrom } from '../support/rows.ts';

/** Values of the peers' own programs; see reference/README.md beside them for which and how. */
const expected = hasShared
  ? JSON.parse(readFileSync(join(shared, 'reference', 'expected.json'), 'utf8'))
  : null;

type Name = 'a' | 'b' | 'c';

function load(name: Name, space?: Space): Rows {
  const { data, shape } = readNpy(`${name}.npy`);
  return rowsFrom(data, shape[1]!, space);
}

function expectClose(value: Value | undefined, target: number, relative = 1e-4): void {
  expect(value?.value).not.toBeNull();
  expect(Math.abs(value!.value! - target)).toBeLessThanOrEqual(
    Math.max(1e-6, relative * Math.abs(target)),
  );
}

describe.skipIf(!hasShared)('parity with the peers', () => {
  describe.each(['a', 'b', 'c'] as const)('%s', (name) => {
    test('Vendi scores of every order are those of the n × n kernel matrix', async () => {
      const orders = {
        'vendi.q0.1': '0.1',
        'vendi.q0.5': '0.5',
        vendi: '1',
        'vendi.q2': '2',
        'vendi.qinf': 'inf',
      };
      const values = await measureRows(load(name), Object.keys(orders));
      for (const [id, q] of Object.entries(orders)) {
        expectClose(values[id], expected.vendi[name].cosine[q]);
      }
    });

    test('pairwise distances', async () => {
      const ids = ['mean-distance', 'nn-distance', 'knn-distance', 'diameter', 'bottleneck'];
      const values = await measureRows(load(name), ids);
      const peer = expected.pairwise[name];
      expectClose(values['mean-distance'], peer.mean_pairwise_cosine_distance);
      expectClose(values['nn-distance'], peer.chamfer);
      expectClose(values['knn-distance'], peer.mean_5nn_distance);
      expectClose(values.diameter, peer.diameter);
      expectClose(values.bottleneck, peer.bottleneck);
      // The peer's remote clique counts the zero distance of every row to itself.
      const { value, n } = values['mean-distance']!;
      const withSelf = { ...values['mean-distance']!, value: (value! * (n - 1)) / n };
      expectClose(withSelf, peer.remote_clique_peer);
    });
  });

  describe.each(['cosine', 'euclidean'] as const)('covariance, %s', (space) => {
    test.each(['a', 'b'] as const)('%s', async (name) => {
      const ids = ['participation-ratio', 'effective-rank', 'radius', 'log-det'];
      const values = await measureRows(load(name, space), ids);
      const peer = expected.spectrum[space][name];
      expectClose(values['participation-ratio'], peer.participation_ratio);
      expectClose(values['effective-rank'], peer.effective_rank);
      expectClose(values.radius, peer.radius);
      expectClose(values['log-det'], peer.log_det_covariance);
    });
  });

  test.each(
    ['euclidean', 'cosine'].flatMap((space) =>
      ['a|b', 'a|c', 'b|a', 'b|c'].map((pair) => ({ space: space as Space, pair })),
    ),
  )('precision, recall, density and coverage of $pair, $space', async ({ space, pair }) => {
    const [real, fake] = pair.split('|') as [Name, Name];
    const ids = ['precision', 'recall', 'density', 'coverage'];
    const values = await measureRows(load(fake, space), ids, { reference: load(real, space) });
    const peer = expected.prdc[`${pair}|k5|${space}`];
    for (const id of ids) expectClose(values[id], peer[id]);
  });

  describe.each(['euclidean', 'cosine'] as const)(
    'distances between distributions, %s',
    (space) => {
      test.each(['a|b', 'a|c', 'b|c'])('%s', async (pair) => {
        const [one, other] = pair.split('|') as [Name, Name];
        const ids = ['frechet', 'kid', 'energy-distance'];
        const peer = expected.between[space][pair];
        for (const [x, y] of [
          [one, other],
          [other, one],
        ] as const) {
          const values = await measureRows(load(x, space), ids, { reference: load(y, space) });
          expectClose(values.frechet, peer.frechet);
          expectClose(values.kid, peer.kid_poly3);
          expectClose(values['energy-distance'], peer.energy_distance);
        }
      });
    },
  );

  test.each(['a', 'b', 'c'] as const)('RKE of %s is the Vendi score of order 2', async (name) => {
    const values = await measureRows(load(name), ['rke', 'rke.rbf']);
    expectClose(values.rke, expected.vendi[name].cosine['2']);
    expectClose(values['rke.rbf'], expected.rke_order2_rbf1[name]);
  });

  test.each(['a', 'b', 'c'] as const)(
    'the Vendi score of %s by a Gaussian kernel',
    async (name) => {
      for (const [bandwidth, sigma] of [
        [1, '1.0'],
        [0.5, '0.5'],
      ] as const) {
        const values = await measureRows(load(name), ['vendi.rbf'], { settings: { bandwidth } });
        expectClose(values['vendi.rbf'], expected.vendi[name].rbf[sigma]['1']);
      }
    },
  );

  test('MAUVE of histograms', () => {
    const { p, q, mauve } = expected.mauve_of_histograms;
    expect(mauveOf(Float64Array.from(p), Float64Array.from(q))).toBeCloseTo(mauve, 6);
    expect(mauveOf(Float64Array.from(q), Float64Array.from(p))).toBeCloseTo(mauve, 6);
  });

  test('MAUVE of a and b in forty buckets, whatever the seed', async () => {
    const peer = expected.mauve_a_b_40_buckets;
    for (const seed of [0, 1, 2]) {
      const values = await measureRows(load('a'), ['mauve', 'mauve.star'], {
        reference: load('b'),
        settings: { buckets: 40 },
        seed,
      });
      expect(Math.abs(values.mauve!.value! - peer.mauve)).toBeLessThan(0.1);
      expect(Math.abs(values['mauve.star']!.value! - peer.mauve_star)).toBeLessThan(0.1);
    }
  });

  describe('clusters that came with the data', () => {
    let values: Readonly<Record<string, Value>>;
    beforeAll(async () => {
      const labels = Array.from(readNpy('a.labels.npy').data, String);
      const ids = ['cluster-entropy', 'cluster-entropy.normalised', 'effective-clusters'];
      const rest = ['effective-clusters.q0', 'effective-clusters.q2', 'effective-clusters.qinf'];
      values = await measureRows(load('a'), [...ids, ...rest, 'silhouette'], { labels });
    });

    test('entropy and Hill numbers', () => {
      const peer = expected.label_entropy_a;
      expectClose(values['cluster-entropy'], peer.entropy_nats);
      expectClose(values['cluster-entropy.normalised'], peer.normalised);
      expectClose(values['effective-clusters'], peer.hill['1']);
      expectClose(values['effective-clusters.q0'], peer.hill['0']);
      expectClose(values['effective-clusters.q2'], peer.hill['2']);
      expectClose(values['effective-clusters.qinf'], peer.hill.inf);
    });

    test('silhouette by the full pairwise definition', () => {
      expectClose(values.silhouette, expected.kmeans_a_12_unit.silhouette_cosine_of_labels);
    });
  });

  test('twelve clusters found in a are as tight as the best of twenty k-means runs', async () => {
    const values = await measureRows(load('a'), ['cluster-inertia'], { clusters: 12 });
    const peer = expected.kmeans_a_12_unit.best_inertia_of_20 / 1200;
    expect(values['cluster-inertia']!.value!).toBeLessThanOrEqual(peer * 1.01);
  });
});
