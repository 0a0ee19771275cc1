import { element, makeFolded } from './dom.ts';
import { themeToggle } from './theme.ts';

export interface Head {
  /** What stands in the corner: the verb that made the page. */
  readonly mark: string;
  readonly title: string;
  readonly summary: string;
  readonly against: string | null;
}

/** The page: its head, links to its parts, the parts that there are. */
export function showPage(head: Head, all: readonly (HTMLElement | null)[]): void {
  const parts = all.filter((part) => part !== null);
  document.title = `${head.title} · gamut`;
  document.body.append(heading(head, foldToggle()), contents(parts), element('main', {}, ...parts));
  // A page with a map draws that first.
  if (document.getElementById('points') === null) makeFolded();
  window.addEventListener('hashchange', unfoldTarget);
  unfoldTarget();
}

export function heading(
  { mark, title, summary, against }: Head,
  ...tools: readonly HTMLElement[]
): HTMLElement {
  return element(
    'header',
    {},
    element(
      'div',
      { class: 'masthead' },
      element('span', { class: 'mark' }, mark),
      ...tools,
      themeToggle(),
    ),
    element('h1', {}, element('bdi', {}, title)),
    element(
      'p',
      { class: 'subtitle' },
      element('bdi', {}, summary),
      against === null ? null : element('bdi', { class: 'against' }, against),
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

/** The button that unfolds all of the page, for reading through and for paper, which shows what is open. */
function foldToggle(): HTMLElement {
  const button = element('button', { type: 'button', class: 'plain-button' }, 'Unfold all');
  let open = false;
  button.addEventListener('click', () => {
    open = !open;
    if (open) makeFolded();
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not(.numbers)')) {
      details.open = open;
    }
    button.textContent = open ? 'Fold all' : 'Unfold all';
  });
  return button;
}

/** What a link points at; nothing where its escapes are none. */
function nameIn(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}

/** A link to a measure that is folded away opens what it is folded into. */
function unfoldTarget(): void {
  const name = nameIn(location.hash);
  if (name === '') return;
  if (!document.getElementById(name)) makeFolded();
  const target = document.getElementById(name);
  const details = target?.closest('details');
  if (!target || !details || details.open) return;
  details.open = true;
  target.scrollIntoView();
}
