import { UMAP } from 'umap-js';
import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { random } from '../base/random.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import type { Vectors } from '../compute/vectors.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { principalCoordinates } from './pca.ts';

/**
 * UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426) through umap-js, fed with gamut's own
 * neighbours, which are exact and found far quicker than by its own search. Starts from the principal
 * coordinates instead of noise, so that the large-scale arrangement means something and is stable.
 * The same vectors and seed give the same map.
 */
export interface LayoutOptions extends ComputeOptions {
  readonly seed: number;
  /** Rows that make a neighbourhood, the row itself counted in. Default 15. */
  readonly neighbours?: number | undefined;
  readonly minDist?: number | undefined;
  readonly spread?: number | undefined;
  /** Default 500 for small sets down to 200 above 7,500 rows. */
  readonly epochs?: number | undefined;
}

/** Row-major n × 2. */
export type Layout = Float32Array;

/** The principal coordinates are scaled to ±10, the box that UMAP's own initialisations use. */
const START_EXTENT = 10;
/** Below this many rows there is no neighbourhood to speak of: the principal coordinates do. */
const FEWEST_ROWS = 5;

export async function umapLayout(
  unit: Vectors,
  graph: NeighbourGraph,
  options: LayoutOptions,
): Promise<Layout> {
  const { n } = unit;
  const { device = cpu } = options;
  const start = scaled(await principalCoordinates(device, unit, 2), START_EXTENT);
  if (n < FEWEST_ROWS) return Float32Array.from(start);
  // umap-js wants more rows than a neighbourhood has.
  const others = Math.min((options.neighbours ?? 15) - 1, graph.k, n - 2);
  const uniform = random(options.seed);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: others + 1,
    random: uniform,
    ...(options.minDist === undefined ? {} : { minDist: options.minDist }),
    ...(options.spread === undefined ? {} : { spread: options.spread }),
    ...(options.epochs === undefined ? {} : { nEpochs: options.epochs }),
  });
  const { indices, distances } = withSelf(graph, others);
  umap.setPrecomputedKNN(indices, distances);
  // The points themselves are not looked at once the neighbours are known; their number is.
  const epochs = umap.initializeFit(indices);
  const embedding = umap.getEmbedding();
  for (const [i, point] of embedding.entries()) {
    // A little noise keeps equal rows apart, as the forces between equal points have no direction.
    point[0] = start[2 * i]! + 1e-3 * (uniform() - 0.5);
    point[1] = start[2 * i + 1]! + 1e-3 * (uniform() - 0.5);
  }
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    umap.step();
    throwIfAborted(options.signal);
    options.onProgress?.({ stage: 'map', done: epoch + 1, total: epochs, unit: 'epochs' });
    await breathe();
  }
  const layout = new Float32Array(n * 2);
  for (const [i, point] of umap.getEmbedding().entries()) layout.set(point, 2 * i);
  return layout;
}

/** Neighbour lists as umap-js wants them: the row itself first, at distance 0. */
function withSelf(
  graph: NeighbourGraph,
  others: number,
): { indices: number[][]; distances: number[][] } {
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let i = 0; i < graph.n; i += 1) {
    const at = i * graph.k;
    indices.push([i, ...graph.ids.subarray(at, at + others)]);
    distances.push([0, ...graph.distances.subarray(at, at + others)]);
  }
  return { indices, distances };
}

/** Scaled so that the largest absolute coordinate is `extent`; zeros stay zeros. */
function scaled(coordinates: Float64Array, extent: number): Float64Array {
  let largest = 0;
  for (const value of coordinates) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? coordinates : coordinates.map((value) => (value / largest) * extent);
}
