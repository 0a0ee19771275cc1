import type { PointTexts } from '../view.ts';
import { copyButton, csvField, saveFile } from './copy.ts';
import { data, element } from './dom.ts';
import type { Points } from './points.ts';
import type { Texts } from './texts.ts';

export interface SelectionTable {
  readonly box: HTMLElement;
  /** Lists these rows under a heading; null takes the table away. */
  readonly show: (title: string, rows: readonly number[] | null) => Promise<void>;
}

/** Rows of the table; all of them are in what is copied or saved. */
const LISTED = 200;

/** The chosen rows beside the map: to read, to copy as ids, to keep as CSV. */
export function selectionTable(
  points: Points,
  { known: texts, all }: Texts,
  /** What the group of a row is called: 'Cluster'. */
  group: string,
  nameOf: (point: number) => string,
  clear: () => void,
): SelectionTable {
  const box = element('div', { class: 'selection', hidden: '' });
  let rows: readonly number[] = [];
  const ids = (): string[] => rows.map((row) => texts.ids[row] ?? '');
  const save = element('button', { type: 'button', class: 'action' }, 'Save as CSV');
  save.addEventListener('click', () => {
    const line = (row: number): string =>
      [
        texts.ids[row] ?? '',
        nameOf(row),
        String(points.x[row]),
        String(points.y[row]),
        texts.texts[row] ?? '',
      ]
        .map(csvField)
        .join(',');
    const lines = rows.map((row) => `${line(row)}\r\n`);
    saveFile('rows.csv', 'text/csv', [`id,${group.toLowerCase()},x,y,text\r\n`, ...lines]);
  });
  const drop = element('button', { type: 'button', class: 'action' }, 'Clear');
  drop.addEventListener('click', clear);
  const copy = copyButton('Copy ids', ids);

  const show = async (title: string, chosen: readonly number[] | null): Promise<void> => {
    box.hidden = chosen === null;
    rows = chosen ?? [];
    box.replaceChildren();
    if (chosen === null) return;
    await all();
    // Others may have been chosen in the meantime.
    if (rows !== chosen) return;
    const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
    const more = rows.length > LISTED ? `, the first ${LISTED} of them shown` : '';
    box.replaceChildren(
      element(
        'div',
        { class: 'chosen' },
        element('h3', { role: 'status' }, `${count}${more}: `, data(title)),
        element('span', { class: 'actions' }, ...(rows.length > 0 ? [copy, save] : []), drop),
      ),
      rowTable(rows.slice(0, LISTED), texts, group, nameOf),
    );
  };
  return { box, show };
}

function rowTable(
  rows: readonly number[],
  texts: PointTexts,
  group: string,
  nameOf: (point: number) => string,
): HTMLElement {
  const body = element('tbody');
  for (const row of rows) {
    const text = texts.texts[row] ?? null;
    body.append(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, data(texts.ids[row] ?? '', 'id')),
        element('td', {}, data(nameOf(row))),
        element('td', {}, text === null ? null : data(text)),
      ),
    );
  }
  const head = element('tr');
  for (const name of ['Id', group, 'Text']) head.append(element('th', { scope: 'col' }, name));
  return element(
    'div',
    { class: 'rows', tabindex: '0', role: 'region', 'aria-label': 'Chosen rows' },
    element('table', {}, element('thead', {}, head), body),
  );
}
