import { UMAP } from 'umap-js';
import { throwIfAborted } from '../../base/errors.ts';
import { breathe, type RunOptions } from '../../base/progress.ts';
import type { Random } from '../../base/random.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';

/** The layout of umap-js, in plain JavaScript, fed with gamut's neighbours and start. */
export interface UmapJsOptions extends RunOptions {
  readonly components: number;
  readonly minDist: number;
  readonly spread: number;
  readonly epochs: number;
  readonly uniform: Random;
}

export async function umapJsLayout(
  graph: NeighbourGraph,
  neighbours: number,
  start: Float32Array,
  { components, minDist, spread, epochs, uniform, signal, onProgress }: UmapJsOptions,
): Promise<Float32Array> {
  // umap-js wants more rows than a neighbourhood has.
  const others = Math.min(neighbours, graph.n - 2);
  const umap = new UMAP({
    nComponents: components,
    nNeighbors: others + 1,
    random: uniform,
    minDist,
    spread,
    nEpochs: epochs,
  });
  const { indices, distances } = withSelf(graph, others);
  umap.setPrecomputedKNN(indices, distances);
  // The points themselves are not looked at once the neighbours are known; their number is.
  umap.initializeFit(indices);
  for (const [i, point] of umap.getEmbedding().entries()) {
    for (let c = 0; c < components; c += 1) point[c] = start[components * i + c]!;
  }
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    umap.step();
    throwIfAborted(signal);
    onProgress?.({ stage: 'map', done: epoch + 1, total: epochs, unit: 'epochs' });
    await breathe();
  }
  const layout = new Float32Array(start.length);
  for (const [i, point] of umap.getEmbedding().entries()) layout.set(point, components * i);
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
