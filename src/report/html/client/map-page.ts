import type { MapPageView } from '../view.ts';
import { element } from './dom.ts';
import { mapFigure } from './map.ts';
import { themeToggle } from './theme.ts';

const view = JSON.parse(document.getElementById('view')!.textContent ?? '') as MapPageView;

document.title = `${view.title} · gamut`;
document.body.append(
  element(
    'header',
    {},
    element(
      'div',
      { class: 'masthead' },
      element('span', { class: 'mark' }, 'gamut'),
      themeToggle(),
    ),
    element('h1', {}, element('bdi', {}, view.title)),
    element('p', { class: 'subtitle' }, element('bdi', {}, view.summary)),
  ),
);
const figure = mapFigure(view);
if (figure) document.body.append(element('main', {}, figure));
