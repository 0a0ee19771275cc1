import { element } from './dom.ts';

/** In units of the drawing; the page scales it. */
const SIZE = { width: 640, height: 220, left: 52, right: 12, top: 12, bottom: 34 };

function shape(
  tag: 'svg' | 'path' | 'circle' | 'text',
  attributes: Readonly<Record<string, string | number>>,
  text = '',
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, `${value}`);
  if (text !== '') made.append(text);
  return made;
}

/**
 * Shares of the clusters by rank, the shares in powers of ten: a flat line is an even dataset, a steep
 * one is crowded into few clusters (Whittaker 1965). null where there are too few to have a shape.
 */
export function rankFigure(shares: readonly number[]): HTMLElement | null {
  const { width, height, left, right, top, bottom } = SIZE;
  const least = shares.at(-1) ?? 0;
  if (shares.length < 3 || least <= 0) return null;
  const floor = Math.floor(Math.log10(least));
  const x = (rank: number): number => left + (rank / (shares.length - 1)) * (width - left - right);
  const y = (share: number): number => top + (Math.log10(share) / floor) * (height - top - bottom);
  const svg = shape('svg', {
    class: 'ranks',
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `Shares of ${shares.length} clusters by rank, from ${percentOf(shares[0]!)} to ${percentOf(least)}.`,
  });
  for (let power = 0; power >= floor; power -= 1) {
    const at = y(10 ** power);
    svg.append(
      shape('path', { class: 'grid', d: `M${left} ${at}H${width - right}` }),
      shape('text', { x: left - 8, y: at + 4, 'text-anchor': 'end' }, percentOf(10 ** power)),
    );
  }
  const places = shares.map((share, rank) => [x(rank), y(share)] as const);
  svg.append(
    shape('path', { class: 'curve', d: `M${places.map((at) => at.join(' ')).join('L')}` }),
  );
  for (const [cx, cy] of places) svg.append(shape('circle', { cx, cy, r: 2.5 }));
  svg.append(
    shape('text', { x: left, y: height - 8 }, 'largest'),
    shape('text', { x: width - right, y: height - 8, 'text-anchor': 'end' }, 'smallest'),
  );
  const note = 'Shares of the clusters by rank. Flat is even; steep is crowded into few.';
  return element('figure', {}, svg, element('figcaption', {}, note));
}

const percentOf = (share: number): string => `${Number((share * 100).toPrecision(2))}\u202f%`;
