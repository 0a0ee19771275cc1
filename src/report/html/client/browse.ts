import type { BrowseView, EntryView, View } from '../view.ts';
import { copyButton } from './copy.ts';
import { data, element, section } from './dom.ts';
import { samples } from './samples.ts';

/** Entries on the page at a time: ten thousand would freeze it. */
const SHOWN = 5;

/** Lists of rows to leaf through, each under a heading of its own. */
export function browse({ browse: lists }: View): HTMLElement | null {
  const lead = 'What stands behind the numbers, with its text; ids go to the clipboard.';
  return section('rows', 'Rows to look at', lead, ...lists.map(listOf));
}

function listOf(list: BrowseView): HTMLElement {
  const name = `rows-${list.id}`;
  const place = element('ol', { class: 'entries' });
  const said = element('span', { role: 'status' });
  let from = 0;
  let shown: readonly EntryView[] = list.entries;
  const button = (label: string, action: () => void): HTMLButtonElement => {
    const made = element('button', { type: 'button', class: 'action' }, label);
    made.addEventListener('click', action);
    return made;
  };
  const draw = (): void => {
    const page = shown.slice(from, from + SHOWN);
    place.replaceChildren(...page.map(entry));
    place.setAttribute('start', `${from + 1}`);
    said.textContent =
      shown.length === 0 ? 'none' : `${from + 1} – ${from + page.length} of ${shown.length}`;
    before.disabled = from === 0;
    after.disabled = from + SHOWN >= shown.length;
  };
  const turn = (by: number) => (): void => {
    from = Math.max(0, from + by);
    draw();
  };
  const before = button('Back', turn(-SHOWN));
  const after = button('On', turn(SHOWN));
  const search = element('input', {
    type: 'search',
    placeholder: 'Search these',
    'aria-label': `Search ${list.title}`,
  });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    shown = wanted === '' ? list.entries : list.entries.filter((one) => holds(one, wanted));
    from = 0;
    draw();
  });
  draw();
  const long = list.entries.length > SHOWN;
  const copies = list.copies.map(({ label, ids }) => copyButton(label, () => ids));
  return element(
    'details',
    { class: 'browse', id: name },
    element(
      'summary',
      {},
      element('h3', {}, list.title),
      element('span', { class: 'lead' }, list.lead),
    ),
    element('div', { class: 'pager' }, ...(long ? [search, before, after, said] : []), ...copies),
    place,
  );
}

const holds = ({ head, samples: rows, words, ids }: EntryView, wanted: string): boolean =>
  [head, ...words, ...rows.flatMap(({ id, text }) => [id, text ?? '']), ...(ids ?? [])].some(
    (text) => text.toLowerCase().includes(wanted),
  );

function entry({ head, figures, words, samples: rows, ids }: EntryView): HTMLElement {
  const line = element('p', { class: 'figures' }, element('strong', {}, data(head)));
  line.append(' ', data(figures));
  const slots = words.map((word) => element('li', {}, data(word)));
  return element(
    'li',
    {},
    line,
    slots.length > 0 ? element('ul', { class: 'words' }, ...slots) : null,
    samples(rows),
    ids === null ? null : copyButton('Copy ids', () => ids),
  );
}
