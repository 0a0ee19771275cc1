import { element } from './dom.ts';

export interface Search {
  readonly box: HTMLElement;
  readonly clear: () => void;
}

/** Milliseconds without a key before the rows are looked through. */
const PAUSE = 150;

/**
 * A field for words; `find` is called with what is in it, '' when it has been emptied, and can ask later
 * whether it still is.
 */
export function searchField(find: (query: string, current: () => boolean) => void): Search {
  const input = element('input', {
    type: 'search',
    placeholder: 'Search ids and texts',
    'aria-label': 'Search ids and texts',
  });
  let timer = 0;
  input.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const query = input.value.trim();
      find(query, () => input.value.trim() === query);
    }, PAUSE);
  });
  return {
    box: input,
    clear: () => {
      window.clearTimeout(timer);
      input.value = '';
    },
  };
}
