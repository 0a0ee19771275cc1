import type { RowView } from '../view.ts';
import { data, element } from './dom.ts';

export const samples = (rows: readonly RowView[]): HTMLElement =>
  element('ul', { class: 'samples' }, ...rows.map((row) => element('li', {}, quoted(row))));

/** A row's text as a quotation, its id before it. */
export function quoted({ id, text }: RowView): HTMLElement {
  const said = text === null ? null : element('blockquote', {}, data(text));
  return element('div', { class: 'row' }, data(id, 'id'), said);
}
