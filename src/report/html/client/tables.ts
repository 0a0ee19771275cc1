import type { CellView, TableView } from '../view.ts';
import { data, element } from './dom.ts';

/** A table of words and numbers that scrolls by itself where it is wide. */
export function tableOf({ columns, rows }: TableView, title: string): HTMLElement {
  const head = columns.map((cell) => element('th', { scope: 'col' }, ...wordsIn(cell)));
  const body = rows.map(([name, ...cells]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, ...wordsIn(name ?? { text: '' })),
      ...cells.map((cell) => element('td', {}, ...wordsIn(cell))),
    ),
  );
  return element(
    'div',
    { class: 'wide', tabindex: '0', role: 'region', 'aria-label': title },
    element(
      'table',
      { class: 'compared' },
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...body),
    ),
  );
}

function wordsIn({ text, note, series }: CellView): HTMLElement[] {
  return [
    ...(series === undefined ? [] : [element('span', { class: `swatch of s${series}` })]),
    data(text),
    ...(note === undefined || note === '' ? [] : [element('small', {}, data(note))]),
  ];
}
