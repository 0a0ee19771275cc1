import type { GroupView, MapView } from '../view.ts';
import type { Colours } from './colours.ts';
import { data, element } from './dom.ts';

export interface Legend {
  readonly box: HTMLElement;
  /** Marks one cluster as chosen, or none. */
  readonly mark: (cluster: number | null) => void;
}

/** The clusters as buttons, largest first, and a switch for the rows of the reference. */
export function legendOf(
  title: string | undefined,
  clusters: readonly GroupView[],
  colours: Colours,
  reference: boolean,
  choose: (cluster: number) => void,
  showReference: (shown: boolean) => void,
): Legend {
  const buttons = new Map<number, HTMLButtonElement>();
  const list = element('ul');
  for (const { cluster, name, share } of clusters) {
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = colours.style(cluster);
    const button = element(
      'button',
      { type: 'button', class: 'pick', 'aria-pressed': 'false' },
      swatch,
      data(name, 'label'),
      element('span', { class: 'amount' }, share),
    );
    button.addEventListener('click', () => choose(cluster));
    buttons.set(cluster, button);
    list.append(element('li', {}, button));
  }
  const box = element(
    'div',
    { class: 'legend' },
    element('h3', {}, data(title ?? 'Clusters')),
    list,
  );
  if (reference) box.append(referenceSwitch(showReference));
  return {
    box,
    mark: (chosen) => {
      for (const [cluster, button] of buttons) {
        button.setAttribute('aria-pressed', String(cluster === chosen));
      }
      box.classList.toggle('choosing', chosen !== null);
    },
  };
}

/** A scale of amounts, the largest on top. There is nothing in it to choose. */
export function scaleLegend({ legend, ends, colours: given }: MapView, colours: Colours): Legend {
  const bar = element('div', { class: 'ramp', 'aria-hidden': 'true' });
  const count = given?.length ?? 0;
  // The last colour is that of rows without a value.
  const stops = Array.from({ length: count - 1 }, (_, i) => colours.style(count - 2 - i));
  bar.style.background = `linear-gradient(${stops.join(', ')})`;
  const [low, high] = ends ?? ['', ''];
  const marks = element('div', { class: 'marks' }, data(high), data(low));
  return {
    box: element(
      'div',
      { class: 'legend' },
      element('h3', {}, data(legend ?? '')),
      element('div', { class: 'scale' }, bar, marks),
    ),
    mark: () => {},
  };
}

function referenceSwitch(showReference: (shown: boolean) => void): HTMLElement {
  const input = element('input', { type: 'checkbox', checked: '' });
  input.addEventListener('change', () => showReference(input.checked));
  const swatch = element('span', { class: 'swatch reference' });
  return element('label', { class: 'switch' }, input, swatch, 'rows of the reference');
}
