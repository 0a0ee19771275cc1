import type { ColourChoice, Colouring } from './colours.ts';
import { data, element } from './dom.ts';

export interface Legend {
  readonly box: HTMLElement;
  /** Marks one group as chosen, or none. */
  readonly mark: (group: number | null) => void;
}

/** The groups as buttons, largest first; for amounts a scale, in which there is nothing to choose. */
export const legendOf = (colouring: Colouring, choose: (group: number) => void): Legend =>
  colouring.ends === null ? groupLegend(colouring, choose) : scaleLegend(colouring, colouring.ends);

function groupLegend(colouring: Colouring, choose: (group: number) => void): Legend {
  const buttons = new Map<number, HTMLButtonElement>();
  const list = element('ul');
  for (const { cluster, name, share } of colouring.groups) {
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = colouring.style(cluster);
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
  const box = element('div', { class: 'legend' }, element('h3', {}, data(colouring.title)), list);
  return {
    box,
    mark: (chosen) => {
      for (const [group, button] of buttons) {
        button.setAttribute('aria-pressed', String(group === chosen));
      }
      box.classList.toggle('choosing', chosen !== null);
    },
  };
}

/** A scale of amounts, the largest on top. */
function scaleLegend({ title, ramp }: Colouring, [low, high]: readonly [string, string]): Legend {
  const bar = element('div', { class: 'ramp', 'aria-hidden': 'true' });
  bar.style.background = `linear-gradient(${ramp.toReversed().join(', ')})`;
  const marks = element('div', { class: 'marks' }, data(high), data(low));
  return {
    box: element(
      'div',
      { class: 'legend' },
      element('h3', {}, data(title)),
      element('div', { class: 'scale' }, bar, marks),
    ),
    mark: () => {},
  };
}

/** What the colours say, where there is a choice. */
export function colourChoice(
  choices: readonly ColourChoice[],
  choose: (colouring: Colouring) => void,
): HTMLElement | null {
  if (choices.length < 2) return null;
  const options = choices.map(({ title }, at) => element('option', { value: `${at}` }, title));
  const select = element('select', {}, ...options);
  select.addEventListener('change', () => choose(choices[Number(select.value)]!.colouring()));
  return element('label', { class: 'choice' }, 'Colour by ', select);
}

/** A switch beneath the legend. */
export function switchOf(
  label: string,
  on: boolean,
  /** The colour that it stands for; null for none. */
  colour: string | null,
  turn: (on: boolean) => void,
): HTMLElement {
  const input = element('input', { type: 'checkbox', ...(on ? { checked: '' } : {}) });
  input.addEventListener('change', () => turn(input.checked));
  const swatch = colour === null ? null : element('span', { class: 'swatch' });
  if (swatch !== null && colour !== null) swatch.style.background = colour;
  return element('label', { class: 'switch' }, input, swatch, data(label));
}
