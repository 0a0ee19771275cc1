import { breathe } from '../../base/progress.ts';
import type { Clusters } from '../../clusters/clusters.ts';
import { cpu, type Device } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { meanValue, missing, unsure } from '../value.ts';

/**
 * cluster-inertia  mean squared distance of unit rows to the mean of their cluster
 * silhouette       mean of (b − a) / max(a, b): a is a row's mean cosine distance to its own cluster,
 *                  b that to the nearest other one (Rousseeuw 1987). The full pairwise definition, no
 *                  centroid shortcut: a mean of cosine distances is one product with the mean. Rows
 *                  alone in their cluster count 0, as in scikit-learn.
 */
export const clusterShape = family({
  family: 'cluster-shape',
  axis: 'diversity',
  needs: ['clusters', 'rows'],
  // Every row's silhouette moves with the means of all clusters: no mean of independent numbers.
  interval: 'subsample',
  at: { one: 0, identical: 0 },
  peers: 'As scikit-learn’s full definition, not the shortcut by centroids.',
  measures: {
    'cluster-inertia': {
      title: 'Cluster inertia',
      reads: 'How widely the rows of a cluster spread around its middle.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'squared distance',
      cite: 'Du & Black 2019, arXiv 1910.14448',
    },
    silhouette: {
      title: 'Silhouette',
      reads:
        'How clearly the clusters stand apart: near 1 is islands, near 0 is one continuous field.',
      range: [-1, 1],
      more: 'less',
      growsWithN: false,
      rows: 'unit',
      cite: 'Rousseeuw 1987, J. Comput. Appl. Math. 20',
      at: { one: null, identical: null },
    },
  },
  async finish({ clusters, rows }, { device = cpu }) {
    const { inertia, silhouettes } = await shapeOf(device, clusters, rows);
    return {
      'cluster-inertia': meanValue(inertia, rows, [0, 1]),
      silhouette:
        clusters.k < 2
          ? missing(rows.n, 'needs at least two clusters')
          : unsure(mean(silhouettes), rows.n),
    };
  },
});

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of every row ‖x − μ‖² = 1 − 2 x·μ + ‖μ‖², μ the mean of its cluster, and its silhouette; a block of rows at a time. */
async function shapeOf(
  device: Device,
  clusters: Clusters,
  rows: Rows,
): Promise<{ readonly inertia: Float64Array; readonly silhouettes: Float64Array }> {
  const { sums, sizes, labels, k, dims } = clusters;
  const means = new Float32Array(k * dims);
  const norms = new Float64Array(k);
  for (let c = 0; c < k; c += 1) {
    for (let at = c * dims; at < (c + 1) * dims; at += 1) {
      means[at] = sums[at]! / sizes[c]!;
      norms[c]! += (sums[at]! / sizes[c]!) ** 2;
    }
  }
  const inertia = new Float64Array(rows.n);
  const silhouettes = new Float64Array(rows.n);
  let row = 0;
  for (const block of rows.unit.blocks) {
    const toMeans = await products(device, block, means, dims);
    for (let at = 0; at < toMeans.length; at += k, row += 1) {
      const own = labels[row]!;
      inertia[row] = Math.max(0, 1 - 2 * toMeans[at + own]! + norms[own]!);
      silhouettes[row] = silhouetteOf(toMeans, at, k, own, sizes[own]!);
    }
    await breathe();
  }
  return { inertia, silhouettes };
}

/** From x · μ with the mean of each of k clusters, from place `at` on. */
function silhouetteOf(
  toMeans: Float32Array,
  at: number,
  k: number,
  own: number,
  size: number,
): number {
  if (size === 1) return 0;
  // Mean distance to the own cluster without the row itself, which is at distance 0.
  const a = Math.max(0, ((1 - toMeans[at + own]!) * size) / (size - 1));
  let nearest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < k; c += 1) {
    if (c !== own && toMeans[at + c]! > nearest) nearest = toMeans[at + c]!;
  }
  const b = 1 - nearest;
  const larger = Math.max(a, b);
  return larger <= 0 ? 0 : (b - a) / larger;
}
