import type { MapReport, Report } from '../audit/report.ts';
import type { About } from '../measures/measure.ts';
import type { Baseline } from './baseline.ts';
import { buildView } from './html/build-view.ts';
import { fieldsOf } from './html/fields.ts';
import { pageOf, WRITTEN } from './html/page.ts';

/** The report as one HTML file that opens from disk and loads nothing. */
export const renderHtml = (
  report: Report,
  map: MapReport | null,
  about: Readonly<Record<string, About>>,
  /** An earlier report, to stand beside each number. */
  baseline: Baseline | null = null,
): string => {
  const fields = map ? fieldsOf(map) : [];
  return pageOf({
    title: 'gamut report',
    script: 'main',
    styles: [...WRITTEN, 'rows', 'figures', 'map', 'narrow', 'print'],
    view: buildView(report, map, about, fields, baseline),
    map,
    fields,
  });
};
