import type { MapColumn, MapReport } from '../audit/report.ts';
import type { CompareMap, CompareReport } from '../compare/report.ts';
import type { About } from '../measures/measure.ts';
import { buildCompareView, CLUSTERS } from './html/build-compare-view.ts';
import { fieldsOf } from './html/fields.ts';
import { pageOf, WRITTEN } from './html/page.ts';

/** The comparison as one HTML file that opens from disk and loads nothing. */
export function renderComparisonHtml(
  report: CompareReport,
  map: CompareMap | null,
  about: Readonly<Record<string, About>>,
): string {
  const points = map && pointsOf(map);
  const fields = points ? fieldsOf(points) : [];
  return pageOf({
    title: 'gamut compare',
    script: 'verb-page',
    styles: [...WRITTEN, 'figures', 'map', 'compare', 'narrow', 'print'],
    view: buildCompareView(report, map, about, fields),
    map: points,
    fields,
  });
}

/** The datasets as the groups of the map, and the clusters as the first thing to colour by instead. */
function pointsOf({ x, y, of, cluster, names, ids, texts, columns }: CompareMap): MapReport {
  const clusters: MapColumn = {
    name: CLUSTERS,
    values: Array.from(cluster, (c) => names[c] ?? `cluster ${c + 1}`),
  };
  return {
    ...{ engine: 'UMAP', x, y, cluster: of, ids, texts, of: of.length },
    columns: [clusters, ...columns],
  };
}
