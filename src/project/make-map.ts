import { type ArtefactSource, NEIGHBOURS } from '../engine/artefacts.ts';
import { embeddedAs } from '../engine/embedded-as.ts';
import type { Inputs } from '../engine/inputs.ts';
import { MAP_EXACT_ROWS, neighbourGraph } from '../neighbours/graph.ts';
import type { IndexInfo, NeighbourGraph } from '../neighbours/neighbours.ts';
import { layoutCurve } from './curve.ts';
import { type Components, openUmapPool } from './engines/wasm.ts';
import { comparable, type Metric } from './metric.ts';
import type { ProjectOptions } from './options.ts';
import { coordinatesOn, principalAxes } from './pca.ts';
import { type Method, type SavedMap, saveMap } from './saved-map.ts';
import type { Target } from './target.ts';
import { DEFAULT_MIN_DIST, DEFAULT_NEIGHBOURHOOD, DEFAULT_SPREAD, umapLayout } from './umap.ts';

/** A map of rows: where they lie, and how that was found. */
export interface Made {
  readonly method: Method;
  readonly components: Components;
  /** How neighbours were found; null for a PCA, which needs none. */
  readonly index: IndexInfo | null;
  /** The share of the variance along each axis of a PCA; null for a UMAP. */
  readonly explained: readonly number[] | null;
  /** What was done otherwise than asked, and why: sentences. */
  readonly notes: readonly string[];
  /** Row-major n × components, in the order of the input. */
  readonly layout: Float32Array;
}

export interface MapJob extends Omit<ProjectOptions, 'target' | 'metric'> {
  readonly metric: Metric;
  readonly target: Target | undefined;
}

/** Neighbours that are looked for: at least what other artefacts want. */
export const neighboursFor = (neighbours = DEFAULT_NEIGHBOURHOOD): number =>
  Math.max(NEIGHBOURS, neighbours - 1);

/** Makes a map of the rows that were read, and saves it where that is asked for. */
export async function makeMap(
  inputs: Inputs,
  artefacts: ArtefactSource,
  job: MapJob,
): Promise<Made> {
  const [made, parts] = await (job.method === 'pca' ? pca : umap)(inputs, artefacts, job);
  if (job.saveMap !== undefined) await save(job.saveMap, inputs, made, parts, job);
  return made;
}

type Parts = Pick<SavedMap, 'umap' | 'axes'>;

async function pca(inputs: Inputs, _: ArtefactSource, job: MapJob): Promise<[Made, Parts]> {
  const { components = 2 } = job;
  const vectors = comparable(inputs.datasets[0]!.collected.rows, job.metric);
  const axes = await principalAxes(inputs.device, vectors, components);
  const layout = await coordinatesOn(inputs.device, vectors, axes);
  const explained = [...axes.explained];
  const made: Made = { method: 'pca', components, index: null, explained, notes: [], layout };
  return [made, { umap: null, axes }];
}

async function umap(
  inputs: Inputs,
  artefacts: ArtefactSource,
  job: MapJob,
): Promise<[Made, Parts]> {
  const { device } = inputs;
  const { components = 2, metric, seed = 0, engine } = job;
  const vectors = comparable(inputs.datasets[0]!.collected.rows, metric);
  // Threads start while neighbours are looked for.
  const pool = engine === 'umap-js' ? undefined : openUmapPool(vectors.n);
  try {
    const graph = await graphOf();
    const options = { ...job, device, seed, components, euclidean: metric === 'euclidean', pool };
    const { places, notes } = await umapLayout(vectors, graph, options);
    const { index } = graph;
    const made: Made = {
      method: 'umap',
      components,
      index,
      explained: null,
      notes,
      layout: places,
    };
    return [made, { umap: { vectors, places }, axes: null }];
  } finally {
    await (await pool)?.close();
  }

  function graphOf(): Promise<NeighbourGraph> {
    if (metric === 'cosine') return artefacts('cosineNeighbours');
    if (metric === 'euclidean') return artefacts('neighbours');
    const { index, recall, signal, onProgress } = job;
    const search = { index, recall, exactRows: MAP_EXACT_ROWS };
    const options = { device, seed, ...search, signal, onProgress };
    return neighbourGraph(vectors, neighboursFor(job.neighbours), options);
  }
}

function save(
  folder: string,
  inputs: Inputs,
  { method, components, explained }: Made,
  parts: Parts,
  job: MapJob,
): Promise<void> {
  const { minDist = DEFAULT_MIN_DIST, spread = DEFAULT_SPREAD, seed = 0 } = job;
  const { neighbours = DEFAULT_NEIGHBOURHOOD } = job;
  const { n, unit } = inputs.datasets[0]!.collected.rows;
  const made = { method, rows: n, dims: unit.dims, components, metric: job.metric, explained };
  const how = embeddedAs(inputs, inputs.datasets[0]!.dataset);
  const settling = parts.umap && { neighbours, ...layoutCurve(minDist, spread), seed };
  return saveMap(folder, { ...made, embedder: how, umap: settling }, parts);
}
