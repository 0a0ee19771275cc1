import { checkVersion, type Saved } from '../engine/embedded-as.ts';
import type { Inputs } from '../engine/inputs.ts';
import { exactSearch } from '../neighbours/exact.ts';
import type { Made } from './make-map.ts';
import { comparable } from './metric.ts';
import type { ProjectOptions } from './options.ts';
import { coordinatesOn } from './pca.ts';
import { loadMap, type MapCard } from './saved-map.ts';
import { settle } from './settle.ts';

/** What rows must be like to be placed on a map. */
export const savedMap = ({ embedder, dims }: MapCard, folder: string): Saved => ({
  what: `The map in ${folder}`,
  ...{ how: embedder, dims },
  remedy: 'save it again with --save-map',
});

/** Places the rows that were read on a saved map. */
export async function placeOnto(
  folder: string,
  inputs: Inputs,
  options: ProjectOptions,
): Promise<Made> {
  const { card, umap, axes } = await loadMap(folder);
  const { device } = inputs;
  checkVersion(savedMap(card, folder), inputs);
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
