import type { VerbView } from '../view.ts';
import { section, unfolding } from './dom.ts';
import { figuresIn } from './figure.ts';
import { showPage } from './frame.ts';
import { mapFigure } from './map.ts';
import { findings, provenance } from './sections.ts';
import { tableOf } from './tables.ts';

/** Figures of an axis that are seen at once. */
const LEADING = 4;
const SPREADS = 'All datasets at the same number of rows and on the same axes.';

const view = JSON.parse(document.getElementById('view')!.textContent ?? '') as VerbView;

function axis({
  id,
  title,
  lead,
  drawn,
  table: of,
  figures,
}: VerbView['axes'][number]): HTMLElement | null {
  const more = figures.slice(LEADING);
  return section(
    id,
    title,
    `${lead} ${drawn}`,
    tableOf(of, title),
    figuresIn(figures.slice(0, LEADING), 'h3'),
    more.length === 0
      ? null
      : unfolding({}, [`${more.length} more on this`], () => figuresIn(more, 'h3')),
  );
}

function table({
  id,
  title,
  lead,
  table: of,
  folded,
}: VerbView['tables'][number]): HTMLElement | null {
  const shown = (): HTMLElement => tableOf(of, title);
  return section(id, title, lead, folded === undefined ? shown() : unfolding({}, [folded], shown));
}

showPage({ ...view, against: null }, [
  findings(view),
  mapFigure(view),
  section('glance', 'At a glance', null, figuresIn(view.figures, 'h3')),
  section('spreads', 'How rows are spread', SPREADS, figuresIn(view.spreads, 'h3')),
  ...view.axes.map(axis),
  ...view.tables.map(table),
  provenance(view),
]);
