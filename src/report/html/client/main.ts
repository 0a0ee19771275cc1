import type { View } from '../view.ts';
import { browse } from './browse.ts';
import { type Child, element, section } from './dom.ts';
import { mapFigure } from './map.ts';
import { measuresOf } from './measures.ts';
import { clusters, facts, figures, findings, pairs, provenance, uncovered } from './sections.ts';
import { themeToggle } from './theme.ts';

const view = JSON.parse(document.getElementById('view')!.textContent ?? '') as View;

function heading(): HTMLElement {
  return element(
    'header',
    {},
    element(
      'div',
      { class: 'masthead' },
      element('span', { class: 'mark' }, 'gamut'),
      themeToggle(),
    ),
    element('h1', {}, element('bdi', {}, view.title)),
    element(
      'p',
      { class: 'subtitle' },
      element('bdi', {}, view.summary),
      view.against === null ? null : element('bdi', { class: 'against' }, view.against),
    ),
  );
}

/** Links to the parts of the page that there are. */
function contents(parts: readonly HTMLElement[]): HTMLElement {
  const links = parts.map((part) =>
    element('a', { href: `#${part.id}` }, part.querySelector('h2')?.textContent ?? ''),
  );
  return element('nav', { 'aria-label': 'Contents' }, ...links);
}

/** What is folded away on the screen belongs on paper. */
function unfoldForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    opened = [
      ...document.querySelectorAll<HTMLDetailsElement>('details:not([open]):not(.numbers)'),
    ];
    for (const details of opened) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
}

/** A link to a measure that is folded away opens what it is folded into. */
function unfoldTarget(): void {
  const target = document.querySelector(':target');
  const details = target?.closest('details');
  if (!target || !details || details.open) return;
  details.open = true;
  target.scrollIntoView();
}

const measures: Child[] = view.axes.map(measuresOf);
const parts = [
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
].filter((part) => part !== null);

document.title = `${view.title} · gamut`;
document.body.append(heading(), contents(parts), element('main', {}, ...parts));
unfoldForPrint();
window.addEventListener('hashchange', unfoldTarget);
unfoldTarget();
