import type { AttributeReport } from '../attribute/report.ts';
import type { About } from '../measures/measure.ts';
import type { TrackReport } from '../track/report.ts';
import { buildAttributeView } from './html/build-attribute-view.ts';
import { buildTrackView } from './html/build-track-view.ts';
import { pageOf, WRITTEN } from './html/page.ts';
import type { VerbView } from './html/view.ts';

type Abouts = Readonly<Record<string, About>>;

/** What `gamut track` found as one HTML file that opens from disk and loads nothing. */
export const renderTrackHtml = (report: TrackReport, about: Abouts): string =>
  withoutMap('gamut track', buildTrackView(report, about));

/** The same of `gamut attribute`. */
export const renderAttributionHtml = (report: AttributeReport, about: Abouts): string =>
  withoutMap('gamut attribute', buildAttributeView(report, about));

const withoutMap = (title: string, view: VerbView): string =>
  pageOf({
    title,
    script: 'verb-page',
    styles: [...WRITTEN, 'figures', 'compare', 'narrow', 'print'],
    view,
    map: null,
  });
