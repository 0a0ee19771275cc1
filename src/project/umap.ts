import { random } from '../base/random.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import type { Vectors } from '../compute/vectors.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { layoutCurve } from './curve.ts';
import { umapJsLayout } from './engines/umap-js.ts';
import { wasmLayout } from './engines/wasm.ts';
import { fuzzySet } from './fuzzy.ts';
import { principalCoordinates } from './pca.ts';

/**
 * UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426) on gamut's own neighbours. Both engines start
 * from the principal coordinates instead of noise, so that the large-scale arrangement means something
 * and is stable. The same vectors, options and seed give the same map.
 */
export interface LayoutOptions extends ComputeOptions {
  readonly seed: number;
  /** 'wasm', the default, or 'umap-js': plain JavaScript, many times slower. */
  readonly engine?: Engine | undefined;
  /** Rows that make a neighbourhood, the row itself counted in. Default 15. */
  readonly neighbours?: number | undefined;
  /** How close points may lie. Default 0.1. */
  readonly minDist?: number | undefined;
  /** The scale of the map. Default 1. */
  readonly spread?: number | undefined;
  /** Default 500, or 200 above 10,000 rows. */
  readonly epochs?: number | undefined;
}

export const ENGINES = ['wasm', 'umap-js'] as const;
export type Engine = (typeof ENGINES)[number];

/** Row-major n × 2. */
export type Layout = Float32Array;

export const DEFAULT_NEIGHBOURHOOD = 15;

/** The principal coordinates are scaled to ±10, the box that UMAP's own initialisations use. */
const START_EXTENT = 10;
/** Keeps equal rows apart, as the forces between equal points have no direction. */
const START_NOISE = 1e-3;
/** Below this many rows there is no neighbourhood to speak of: the principal coordinates do. */
const FEWEST_ROWS = 5;

export async function umapLayout(
  unit: Vectors,
  graph: NeighbourGraph,
  options: LayoutOptions,
): Promise<Layout> {
  const { n } = unit;
  const { device = cpu, signal, onProgress, seed } = options;
  const start = scaled(await principalCoordinates(device, unit, 2), START_EXTENT);
  if (n < FEWEST_ROWS) return start;
  const uniform = random(seed);
  for (let i = 0; i < start.length; i += 1) start[i]! += START_NOISE * (uniform() - 0.5);
  const others = Math.min((options.neighbours ?? DEFAULT_NEIGHBOURHOOD) - 1, graph.k);
  const { minDist = 0.1, spread = 1, epochs = n > 10_000 ? 200 : 500 } = options;
  const common = { epochs, seed, signal, onProgress };
  if (options.engine === 'umap-js') {
    return umapJsLayout(graph, others, start, { ...common, minDist, spread, uniform });
  }
  const ids = new Int32Array(n * others);
  const distances = new Float64Array(n * others);
  for (let i = 0; i < n; i += 1) {
    const at = i * graph.k;
    ids.set(graph.ids.subarray(at, at + others), i * others);
    distances.set(graph.distances.subarray(at, at + others), i * others);
  }
  const edges = fuzzySet(ids, distances, n, others);
  const curve = layoutCurve(minDist, spread);
  return wasmLayout(edges, start, { ...common, ...curve, components: 2 });
}

/** Scaled so that the largest absolute coordinate is `extent`; zeros stay zeros. */
function scaled(coordinates: Float64Array, extent: number): Float32Array {
  let largest = 0;
  for (const value of coordinates) largest = Math.max(largest, Math.abs(value));
  return Float32Array.from(coordinates, (value) =>
    largest === 0 ? 0 : (value / largest) * extent,
  );
}
