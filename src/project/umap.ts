import { random } from '../base/random.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { layoutCurve } from './curve.ts';
import { type Components, type UmapPool, wasmLayout } from './engines/wasm.ts';
import { fuzzySet, type SparseGraph } from './fuzzy.ts';
import { coordinatesOn, principalAxes } from './pca.ts';
import { meetCategories, meetNumbers } from './supervise.ts';
import type { Target } from './target.ts';

/**
 * UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426) on gamut's own neighbours. It starts from the
 * principal coordinates unless asked otherwise, so that the large-scale arrangement means something
 * and is stable. The same vectors, options and seed give the same map.
 */
export interface LayoutOptions extends ComputeOptions {
  readonly seed: number;
  /** 'wasm', the default, or 'umap-js': plain JavaScript, many times slower. */
  readonly engine?: Engine | undefined;
  /** Dimensions of the map. Default 2. */
  readonly components?: Components | undefined;
  /** Rows that make a neighbourhood, the row itself counted in. Default 15. */
  readonly neighbours?: number | undefined;
  /** How close points may lie. Default 0.1. */
  readonly minDist?: number | undefined;
  /** The scale of the map. Default 1. */
  readonly spread?: number | undefined;
  /** Default 500, or 200 above 10,000 rows. */
  readonly epochs?: number | undefined;
  /** Where the layout starts. Default 'pca'. */
  readonly init?: Init | undefined;
  /** Whether neighbours count by ‖x − y‖ instead of the cosine distance ½‖x − y‖² of unit rows. */
  readonly euclidean?: boolean | undefined;
  /** What else rows that lie together should have in common. */
  readonly target?: Target | undefined;
  /** Threads that were opened before; whoever opened them closes them. */
  readonly pool?: Promise<UmapPool> | undefined;
}

export const ENGINES = ['wasm', 'umap-js'] as const;
export type Engine = (typeof ENGINES)[number];
export const INITS = ['pca', 'spectral'] as const;
export type Init = (typeof INITS)[number];

export interface Layout {
  /** Row-major n × components. */
  readonly places: Float32Array;
  /** What was done otherwise than asked, and why: sentences. */
  readonly notes: readonly string[];
}

export const DEFAULT_NEIGHBOURHOOD = 15;
export const DEFAULT_MIN_DIST = 0.1;
export const DEFAULT_SPREAD = 1;

/** The principal coordinates are scaled to ±10, the box that UMAP's own initialisations use. */
const START_EXTENT = 10;
/** Rows that the axes of a start are found from; beyond, every so many-th. */
const START_ROWS = 4096;
/** Keeps equal rows apart, as the forces between equal points have no direction. */
const START_NOISE = 1e-3;
/** Below this many rows there is no neighbourhood to speak of: the principal coordinates do. */
const FEWEST_ROWS = 5;

/** `vectors` are the rows that `graph` has the neighbours of. */
export async function umapLayout(
  vectors: Vectors,
  graph: NeighbourGraph,
  options: LayoutOptions,
): Promise<Layout> {
  const { n } = vectors;
  const { components = 2, signal, onProgress, seed } = options;
  if (n < FEWEST_ROWS) return { places: await pcaStart(vectors, components, options), notes: [] };
  const others = Math.min((options.neighbours ?? DEFAULT_NEIGHBOURHOOD) - 1, graph.k);
  const edges = edgesOf(graph, others, options);
  const { start, notes } = await startOf(vectors, edges, components, options);
  const uniform = random(seed);
  for (let i = 0; i < start.length; i += 1) start[i]! += START_NOISE * (uniform() - 0.5);
  const { minDist = DEFAULT_MIN_DIST, spread = DEFAULT_SPREAD } = options;
  const epochs = options.epochs ?? (n > 10_000 ? 200 : 500);
  const common = { components, epochs, seed, signal, onProgress };
  if (options.engine === 'umap-js') {
    const near = withDistances(graph, options);
    const made = { ...common, minDist, spread, uniform };
    const { umapJsLayout } = await import('./engines/umap-js.ts');
    return { places: await umapJsLayout(near, others, start, made), notes };
  }
  const curve = layoutCurve(minDist, spread);
  const places = await wasmLayout(edges, start, { ...common, ...curve, pool: options.pool });
  return { places, notes };
}

/** The distances as the metric has them. */
function withDistances(graph: NeighbourGraph, { euclidean }: LayoutOptions): NeighbourGraph {
  if (!euclidean) return graph;
  return { ...graph, distances: graph.distances.map((half) => Math.sqrt(2 * half)) };
}

/** The fuzzy set of the `others` nearest rows, met with the target where there is one. */
function edgesOf(graph: NeighbourGraph, others: number, options: LayoutOptions): SparseGraph {
  const { n, k } = graph;
  const { target } = options;
  const ids = new Int32Array(n * others);
  const distances = new Float64Array(n * others);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < others; j += 1) {
      const half = graph.distances[i * k + j]!;
      ids[i * others + j] = graph.ids[i * k + j]!;
      distances[i * others + j] = options.euclidean ? Math.sqrt(2 * half) : half;
    }
  }
  const edges = fuzzySet(ids, distances, n, others);
  if (target === undefined) return edges;
  return target.kind === 'categories'
    ? meetCategories(edges, target.labels, target.weight)
    : meetNumbers(edges, target.values, others, target.weight);
}

async function startOf(
  vectors: Vectors,
  edges: SparseGraph,
  components: Components,
  options: LayoutOptions,
): Promise<{ start: Float32Array; notes: readonly string[] }> {
  if (options.init !== 'spectral') {
    return { start: await pcaStart(vectors, components, options), notes: [] };
  }
  const { spectralStart } = await import('./spectral.ts');
  const found = await spectralStart(edges, vectors, components, options);
  if (typeof found !== 'string') return { start: stretched(found, components), notes: [] };
  const start = await pcaStart(vectors, components, options);
  return { start, notes: [`The map starts from the principal coordinates, since ${found}.`] };
}

async function pcaStart(
  vectors: Vectors,
  components: number,
  { device = cpu }: LayoutOptions,
): Promise<Float32Array> {
  const step = Math.ceil(vectors.n / START_ROWS);
  const rows = Array.from({ length: Math.ceil(vectors.n / step) }, (_, i) => i * step);
  const sample = step > 1 ? selectRows(vectors, rows) : vectors;
  const axes = await principalAxes(device, sample, components);
  return scaled(await coordinatesOn(device, vectors, axes), START_EXTENT);
}

/** Scaled so that the largest absolute coordinate is `extent`; zeros stay zeros. */
function scaled(coordinates: Float32Array, extent: number): Float32Array {
  let largest = 0;
  for (const value of coordinates) largest = Math.max(largest, Math.abs(value));
  return coordinates.map((value) => (largest === 0 ? 0 : (value / largest) * extent));
}

/** Every dimension stretched to a width of START_EXTENT, as umap-learn does with its start. */
function stretched(coordinates: Float64Array, components: number): Float32Array {
  const start = new Float32Array(coordinates.length);
  for (let c = 0; c < components; c += 1) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = c; at < coordinates.length; at += components) {
      low = Math.min(low, coordinates[at]!);
      high = Math.max(high, coordinates[at]!);
    }
    const width = high - low || 1;
    for (let at = c; at < coordinates.length; at += components) {
      start[at] = START_EXTENT * ((coordinates[at]! - low) / width - 0.5);
    }
  }
  return start;
}
