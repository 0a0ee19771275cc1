import { element } from './dom.ts';
import type { Camera } from './paint.ts';

export interface Label {
  readonly cluster: number;
  readonly name: string;
  readonly x: number;
  /** The height that the name stands above. */
  readonly above: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels: the height of a name, the space around it, and how far above its cluster it stands. */
const LINE = 20;
const GAP = 4;
const RISE = 13;
/** Characters. */
const LONGEST = 30;

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export const shorten = (name: string): string =>
  name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;

/**
 * Cluster names at their places, in order of importance; a name that would touch an earlier one is
 * left out until there is room for it. Positions are in per cent, so that paper scales them along.
 */
export class Labels {
  readonly layer: HTMLElement = element('div', { class: 'labels', 'aria-hidden': 'true' });
  private readonly labels: readonly Label[];
  private readonly elements: readonly HTMLElement[];
  private widths: readonly number[] = [];

  constructor(labels: readonly Label[]) {
    this.labels = labels;
    this.elements = labels.map(({ name }) => element('bdi', {}, shorten(name)));
    this.layer.append(...this.elements);
  }

  /** The camera is in pixels of the style sheet here, as is the size. */
  place(camera: Camera, width: number, height: number, highlighted: number | null): void {
    if (this.widths.length === 0) this.widths = this.elements.map((one) => one.offsetWidth);
    const taken: Box[] = [];
    const order = this.labels.map((_, place) => place);
    const first = this.labels.findIndex(({ cluster }) => cluster === highlighted);
    if (first > 0) order.unshift(...order.splice(first, 1));
    for (const place of order) {
      const label = this.labels[place]!;
      const x = label.x * camera.scale + camera.left;
      const y = camera.top - label.above * camera.scale - RISE;
      const half = this.widths[place]! / 2 + GAP;
      const box = { left: x - half, right: x + half, top: y - LINE / 2, bottom: y + LINE / 2 };
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      const shown = inside && !taken.some((other) => overlaps(box, other));
      if (shown) taken.push(box);
      const { style, classList } = this.elements[place]!;
      style.visibility = shown ? 'visible' : 'hidden';
      style.left = `${(x / width) * 100}%`;
      style.top = `${(y / height) * 100}%`;
      classList.toggle('faint', highlighted !== null && label.cluster !== highlighted);
    }
  }
}
