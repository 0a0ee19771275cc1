import type { View } from '../view.ts';
import { browse } from './browse.ts';
import { type Child, section } from './dom.ts';
import { showPage } from './frame.ts';
import { mapFigure } from './map.ts';
import { measuresOf } from './measures.ts';
import { clusters, facts, figures, findings, pairs, provenance, uncovered } from './sections.ts';

const view = JSON.parse(document.getElementById('view')!.textContent ?? '') as View;

const measures: Child[] = view.axes.map(measuresOf);
showPage({ ...view, mark: 'gamut' }, [
  findings(view),
  view.map ? mapFigure(view) : null,
  measures.length > 0 ? section('measures', 'Measures', null, ...measures) : null,
  figures(view),
  uncovered(view),
  clusters(view),
  browse(view),
  pairs(view),
  facts(view),
  provenance(view),
]);
