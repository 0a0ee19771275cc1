import type { ClusterReport, MapReport } from '../../audit/report.ts';
import { formatCount, formatRows } from '../../base/numbers.ts';
import type { Drawable, PictureOptions } from '../plot/scene.ts';

/** The report's map as something to draw: clusters as colours, rows of the reference without one. */
export function drawableOf(
  map: MapReport,
  clusters: readonly ClusterReport[],
): { readonly drawable: Drawable; readonly words: Pick<PictureOptions, 'subtitle'> } {
  const n = map.x.length;
  const layout = new Float32Array(2 * n);
  for (let i = 0; i < n; i += 1) layout.set([map.x[i]!, map.y[i]!], 2 * i);
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
    drawable: {
      ...{
        n,
        layout,
        components: 2,
        labelled: false,
        columns: [],
        kinds: new Map(),
        crowding: null,
        influence: null,
      },
      clusters: { k, labels: map.cluster },
      names: async () => names,
      rows: async function* none() {},
    },
    words: {
      subtitle: `${shown} in ${formatRows(k, 'cluster')}${grey}. Rows that say similar things lie close together.`,
    },
  };
}
