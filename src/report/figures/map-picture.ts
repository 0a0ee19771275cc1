import type { ClusterReport, MapReport } from '../../audit/report.ts';
import { formatCount, formatRows } from '../../base/numbers.ts';
import type { CompareMap, CompareReport } from '../../compare/report.ts';
import type { Drawable, PictureOptions } from '../plot/scene.ts';

/** The report's map as something to draw: clusters as colours, rows of the reference without one. */
export function drawableOf(
  map: MapReport,
  clusters: readonly ClusterReport[],
): { readonly drawable: Drawable; readonly words: Pick<PictureOptions, 'subtitle'> } {
  const n = map.x.length;
  const k = 1 + map.cluster.reduce((most, cluster) => Math.max(most, cluster), -1);
  const names = Array.from(
    { length: k },
    (_, c) => clusters.find(({ cluster }) => cluster === c)?.name ?? '',
  );
  const beside = map.cluster.reduce((sum, cluster) => sum + (cluster < 0 ? 1 : 0), 0);
  const own = n - beside;
  const shown = own < map.of ? `${formatCount(own)} of ${formatRows(map.of)}` : formatRows(own);
  const grey = beside > 0 ? `; in grey ${formatRows(beside)} of the reference` : '';
  return {
    drawable: drawn(map, map.cluster, names),
    words: {
      subtitle: `${shown} in ${formatRows(k, 'cluster')}${grey}. Rows that say similar things lie close together.`,
    },
  };
}

/** The map of a comparison: coloured by dataset, with the names of the clusters that all share. */
export function comparedDrawable(
  map: CompareMap,
  { datasets }: CompareReport,
): { readonly drawable: Drawable; readonly words: Pick<PictureOptions, 'subtitle' | 'color'> } {
  const color = 'Dataset';
  return {
    drawable: {
      ...drawn(map, map.cluster, map.names),
      columns: [color],
      kinds: new Map([[color, 'text']]),
      rows: async function* rows() {
        for (const d of map.of) yield { row: { columns: { [color]: datasets[d]!.name } } };
      },
    },
    words: {
      color,
      subtitle: `${formatRows(map.of.length / datasets.length)} of each of ${formatRows(datasets.length, 'dataset')}. Rows that say similar things lie close together.`,
    },
  };
}

function drawn(
  { x, y }: { readonly x: Float32Array; readonly y: Float32Array },
  labels: Int32Array,
  names: readonly string[],
): Drawable {
  const n = x.length;
  const layout = new Float32Array(2 * n);
  for (let i = 0; i < n; i += 1) layout.set([x[i]!, y[i]!], 2 * i);
  return {
    ...{ n, layout, components: 2, labelled: false, columns: [] },
    ...{ kinds: new Map(), crowding: null, influence: null },
    clusters: { k: names.length, labels },
    names: async () => names,
    rows: async function* none() {},
  };
}
