import type { MapPageView } from '../view.ts';
import { element } from './dom.ts';
import { heading } from './frame.ts';
import { mapFigure } from './map.ts';

const view = JSON.parse(document.getElementById('view')!.textContent ?? '') as MapPageView;

document.title = `${view.title} · gamut`;
document.body.append(
  heading({ mark: 'gamut', title: view.title, summary: view.summary, against: null }),
);
const figure = mapFigure(view);
if (figure) document.body.append(element('main', {}, figure));
