import type { ClusterView } from '../view.ts';
import { data, element } from './dom.ts';
import { clusterStyle } from './palette.ts';

export interface Legend {
  readonly box: HTMLElement;
  /** Marks one cluster as chosen, or none. */
  readonly mark: (cluster: number | null) => void;
}

/** The clusters as buttons, largest first, and a switch for the rows of the reference. */
export function legendOf(
  clusters: readonly ClusterView[],
  slots: ReadonlyMap<number, number>,
  reference: boolean,
  choose: (cluster: number) => void,
  showReference: (shown: boolean) => void,
): Legend {
  const buttons = new Map<number, HTMLButtonElement>();
  const list = element('ul');
  for (const { cluster, name, share } of clusters) {
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = clusterStyle(slots.get(cluster) ?? 0);
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
  const box = element('div', { class: 'legend' }, element('h3', {}, 'Clusters'), list);
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

function referenceSwitch(showReference: (shown: boolean) => void): HTMLElement {
  const input = element('input', { type: 'checkbox', checked: '' });
  input.addEventListener('change', () => showReference(input.checked));
  const swatch = element('span', { class: 'swatch reference' });
  return element('label', { class: 'switch' }, input, swatch, 'rows of the reference');
}
