import { element, escaped } from '../html/still-page.ts';
import { seriesOf } from './colours.ts';

export interface Spoke {
  readonly name: string;
  /** Of each series from 0, the least of the axis, to 1; null where it has no value. */
  readonly shares: readonly (number | null)[];
}

const SIZE = 460;
const RADIUS = 150;

/** A spoke a measure, a closed line a series; outward is more of the measure's axis. */
export function radar(spokes: readonly Spoke[], names: readonly string[]): string {
  const centre = SIZE / 2;
  const at = (spoke: number, share: number): [number, number] => {
    const angle = (2 * Math.PI * spoke) / spokes.length - Math.PI / 2;
    const r = RADIUS * (0.15 + 0.85 * share);
    return [centre + r * Math.cos(angle), centre + r * Math.sin(angle)];
  };
  const ring = (share: number): string =>
    element('polygon', { class: 'ring', points: pathOf(spokes.map((_, i) => at(i, share))) });
  const labels = spokes.map(({ name }, i) => {
    const [x, y] = at(i, 1.16);
    const side = Math.abs(x - centre) < 8 ? 'middle' : x > centre ? 'start' : 'end';
    return element('text', { x: x.toFixed(1), y: (y + 4).toFixed(1), class: side }, escaped(name));
  });
  const lines = names.map((name, s) => {
    const points = spokes.flatMap(({ shares }, i) => {
      const share = shares[s];
      return share === null || share === undefined ? [] : [at(i, share)];
    });
    const attributes = { class: `line ${seriesOf(s)}`, points: pathOf(points) };
    return element('polygon', attributes, element('title', {}, escaped(name)));
  });
  return element(
    'svg',
    { viewBox: `-90 0 ${SIZE + 180} ${SIZE}`, role: 'img', class: 'radar' },
    ...[0, 0.5, 1].map(ring),
    ...lines,
    ...labels,
  );
}

const pathOf = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
