import { inputError, usageError } from '../base/errors.ts';
import type { Dataset } from '../data/row.ts';
import { nameOf } from '../engine/collect.ts';
import type { InputOptions, Inputs } from '../engine/inputs.ts';
import { exactSearch } from '../neighbours/exact.ts';
import type { Made } from './make-map.ts';
import { comparable } from './metric.ts';
import type { ProjectOptions } from './options.ts';
import { coordinatesOn } from './pca.ts';
import { loadMap, type MapCard } from './saved-map.ts';
import { settle } from './settle.ts';

/** How texts must be embedded to be placed on a map. Refuses what is asked for and is another. */
export function embeddingOf({ embedder }: MapCard, options: ProjectOptions): Partial<InputOptions> {
  if (embedder === null) return {};
  const { onto, model, long } = options;
  if (model !== undefined && model !== embedder.model) {
    throw usageError(
      `The map in ${onto} was made with ${embedder.model}; --model ${model} would not compare.`,
    );
  }
  if (long !== undefined && long !== embedder.long) {
    throw usageError(
      `The map in ${onto} was made with --long ${embedder.long}; --long ${long} would not compare.`,
    );
  }
  return { model: embedder.model, long: embedder.long };
}

/** Refuses rows of another kind or width than the map's, before any is read. */
export function checkFits({ embedder, dims }: MapCard, dataset: Dataset, folder: string): void {
  if (dataset.kind === (embedder === null ? 'vectors' : 'text')) {
    if ((dataset.dims ?? dims) === dims) return;
  }
  const holds = dataset.kind === 'text' ? 'texts' : `vectors of ${dataset.dims} dimensions`;
  const mapped = embedder === null ? `vectors of ${dims} dimensions` : 'texts';
  throw inputError(
    `${nameOf(dataset)} holds ${holds} and the map in ${folder} ${mapped}; both must be of one kind and width.`,
  );
}

/** Places the rows that were read on a saved map. */
export async function placeOnto(
  folder: string,
  inputs: Inputs,
  options: ProjectOptions,
): Promise<Made> {
  const { card, umap, axes } = await loadMap(folder);
  const { device, embedder } = inputs;
  if (card.embedder !== null && card.embedder.fingerprint !== embedder?.fingerprint) {
    throw usageError(
      `The map in ${folder} was made with another version of ${card.embedder.model} or on another device; save it again with --save-map.`,
    );
  }
  const { method, components, explained, metric } = card;
  const rows = comparable(inputs.datasets[0]!.collected.rows, metric);
  const made = { method, components, explained, notes: [] };
  if (axes !== null) {
    return { ...made, index: null, layout: await coordinatesOn(device, rows, axes) };
  }
  const { signal, onProgress } = options;
  const { vectors, places } = umap!;
  const { neighbours, ...layout } = card.umap!;
  const near = await exactSearch(rows, vectors, neighbours, { device, signal, onProgress });
  const distances =
    metric === 'euclidean' ? near.distances.map((half) => Math.sqrt(2 * half)) : near.distances;
  const onMap = { n: rows.n, k: near.k, ids: near.ids, distances };
  return {
    ...made,
    index: {
      kind: 'exact',
      recall: 1,
      queries: 0,
      why: 'new rows are looked up among all of the map',
    },
    layout: await settle(onMap, places, { ...layout, components, signal, onProgress }),
  };
}
