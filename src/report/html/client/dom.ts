/** Building the page out of elements and text nodes: a string is never read as markup. */

export type Child = Node | string | null;

type Attributes = Readonly<Record<string, string>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text from a dataset: set apart, so that its reading direction does not reach its surroundings. */
export const data = (text: string, className = ''): HTMLElement =>
  element('bdi', { class: `data ${className}`.trim() }, text);

/** The same in the vocabulary of drawings. */
export function drawing(
  tag: 'svg' | 'polyline' | 'polygon' | 'circle' | 'text' | 'title',
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A bar that fills a share of its track, from 0 to 1. */
export function shareBar(share: number): HTMLElement {
  const fill = element('span');
  fill.style.width = `${Math.min(1, Math.max(0, share)) * 100}%`;
  return element('div', { class: 'share', 'aria-hidden': 'true' }, fill);
}

const waiting = new Set<() => void>();

/** Makes what is folded away and has not been looked at yet: for paper, for links, for the browser's search. */
export function makeFolded(): void {
  // What is made may hold more of its kind, which a set takes up while it is walked.
  for (const make of waiting) make();
}

/** A line that unfolds what is made when it is first unfolded, or by `makeFolded`. */
export function unfolding(
  attributes: Attributes,
  summary: readonly Child[],
  ...make: readonly (() => Child)[]
): HTMLDetailsElement {
  const details = element('details', attributes, element('summary', {}, ...summary));
  const fill = (): void => {
    if (!waiting.delete(fill)) return;
    details.append(...make.map((one) => one()).filter((child) => child !== null));
  };
  waiting.add(fill);
  details.addEventListener('toggle', fill, { once: true });
  return details;
}

/** The first of the items, and the others behind a line that says how many there are. */
export function folded<T>(
  items: readonly T[],
  shown: number,
  noun: string,
  list: (items: readonly T[]) => HTMLElement,
): HTMLElement[] {
  const first = list(items.slice(0, shown));
  if (items.length <= shown) return [first];
  const summary = `${items.length - shown} more ${noun}`;
  return [first, unfolding({}, [summary], () => list(items.slice(shown)))];
}

/** A part of the page with its heading; null when it would be empty. */
export function section(
  id: string,
  title: string,
  lead: string | null,
  ...children: readonly Child[]
): HTMLElement | null {
  if (children.every((child) => child === null)) return null;
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    lead === null ? null : element('p', { class: 'lead' }, lead),
    ...children,
  );
}
