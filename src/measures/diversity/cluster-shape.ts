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
    const toMeans = await meanProducts(device, clusters, rows);
    return {
      'cluster-inertia': meanValue(inertia(clusters, rows, toMeans), rows, [0, 1]),
      silhouette:
        clusters.k < 2
          ? missing(rows.n, 'needs at least two clusters')
          : unsure(mean(silhouettes(clusters, rows, toMeans)), rows.n),
    };
  },
});

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** x · μ of every row with every cluster's mean μ, row by row. */
async function meanProducts(device: Device, clusters: Clusters, rows: Rows): Promise<Float32Array> {
  const { sums, sizes, k, dims } = clusters;
  const centres = new Float32Array(k * dims);
  for (let c = 0; c < k; c += 1) {
    for (let at = c * dims; at < (c + 1) * dims; at += 1) centres[at] = sums[at]! / sizes[c]!;
  }
  const result = new Float32Array(rows.n * k);
  let at = 0;
  for (const block of rows.unit.blocks) {
    const tile = await products(device, block, centres, dims);
    result.set(tile, at);
    at += tile.length;
  }
  return result;
}

/** ‖x − μ‖² = 1 − 2 x·μ + ‖μ‖² with μ the mean of the row's cluster. */
function inertia(clusters: Clusters, rows: Rows, toMeans: Float32Array): Float64Array {
  const { sums, sizes, k, dims, labels } = clusters;
  const norms = Float64Array.from({ length: k }, (_, c) => {
    let norm = 0;
    for (let j = c * dims; j < (c + 1) * dims; j += 1) norm += sums[j]! ** 2;
    return norm / sizes[c]! ** 2;
  });
  return Float64Array.from({ length: rows.n }, (_, i) => {
    const c = labels[i]!;
    return Math.max(0, 1 - 2 * toMeans[i * k + c]! + norms[c]!);
  });
}

function silhouettes(clusters: Clusters, rows: Rows, toMeans: Float32Array): Float64Array {
  const { sizes, k, labels } = clusters;
  return Float64Array.from({ length: rows.n }, (_, i) => {
    const own = labels[i]!;
    const others = sizes[own]! - 1;
    if (others === 0) return 0;
    // Mean distance to the own cluster without the row itself, which is at distance 0.
    const a = Math.max(0, ((1 - toMeans[i * k + own]!) * sizes[own]!) / others);
    let b = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c += 1) if (c !== own) b = Math.min(b, 1 - toMeans[i * k + c]!);
    const larger = Math.max(a, b);
    return larger <= 0 ? 0 : (b - a) / larger;
  });
}
