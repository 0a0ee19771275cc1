import { element } from './dom.ts';
import type { Camera } from './surface.ts';

export interface Label {
  /** null for a part of one. */
  readonly cluster: number | null;
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
/** Names of parts that are in the page at a time. */
const PARTS = 60;

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export const shorten = (name: string): string =>
  name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;

/**
 * Cluster names at their places, in order of importance, and between them names of smaller parts when
 * the map is near; a name that would touch an earlier one is left out until there is room for it.
 * Positions are in per cent, so that paper scales them along.
 */
export class Labels {
  readonly layer: HTMLElement = element('div', { class: 'labels', 'aria-hidden': 'true' });
  private readonly labels: readonly Label[];
  private readonly known = new Map<Label, { element: HTMLElement; width: number }>();

  constructor(labels: readonly Label[]) {
    this.labels = labels;
  }

  /** The camera is in pixels of the style sheet here, as is the size. */
  place(
    camera: Camera,
    width: number,
    height: number,
    highlighted: number | null,
    near: readonly Label[],
  ): void {
    const boxOf = (label: Label, own: number): Box => {
      const x = label.x * camera.scale + camera.left;
      const y = camera.top - label.above * camera.scale - (label.cluster === null ? 0 : RISE);
      const half = own / 2 + GAP;
      return { left: x - half, right: x + half, top: y - LINE / 2, bottom: y + LINE / 2 };
    };
    const inView = (box: Box): boolean =>
      box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
    const first = this.labels.filter(({ cluster }) => cluster === highlighted);
    const others = this.labels.filter(({ cluster }) => cluster !== highlighted);
    const parts = near.filter((label) => inView(boxOf(label, 0))).slice(0, PARTS);
    const wanted = [...first, ...others, ...parts];
    const shown = new Set<Label>();
    const taken: Box[] = [];
    const visible = wanted.filter((label) => inView(boxOf(label, 0)));
    this.measure(visible);
    for (const label of visible) {
      const { element: own, width: long } = this.known.get(label)!;
      const box = boxOf(label, long);
      if (!inView(box) || taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      shown.add(label);
      own.style.left = `${((box.left + box.right) / 2 / width) * 100}%`;
      own.style.top = `${((box.top + box.bottom) / 2 / height) * 100}%`;
      own.classList.toggle('faint', highlighted !== null && label.cluster !== highlighted);
    }
    for (const [label, { element: own }] of this.known) {
      own.style.visibility = shown.has(label) ? 'visible' : 'hidden';
    }
  }

  /**
   * Makes the elements of names that are in view for the first time. All are on the page before the
   * first width is read: reading between them would lay the page out again for each.
   */
  private measure(labels: readonly Label[]): void {
    const fresh = labels
      .filter((label) => !this.known.has(label))
      .map((label) => {
        const part = label.cluster === null ? { class: 'part' } : {};
        return { label, own: element('bdi', part, shorten(label.name)) };
      });
    this.layer.append(...fresh.map(({ own }) => own));
    for (const { label, own } of fresh) {
      this.known.set(label, { element: own, width: own.offsetWidth });
    }
  }
}
