import type { Colouring } from './colours.ts';
import { referenceColour } from './palette.ts';
import { type Points, REFERENCE } from './points.ts';
import type { Ink } from './surface.ts';

export interface Look {
  readonly colouring: Colouring;
  /** 1 for the rows that are chosen; null when all are equal. */
  readonly chosen: Uint8Array | null;
  /** Groups of the points, REFERENCE among them, that are not shown. */
  readonly hidden: ReadonlySet<number>;
}

/** Percent of the radius, and opacity of 255. */
const SIZES = { reference: 75, plain: 100, faded: 85, chosen: 115 };
const OPACITY = { reference: 153, referenceFaded: 60, plain: 209, faded: 31, chosen: 242 };

/**
 * The reference beneath, then what is not chosen, then what is. With a group that stands `alone` all
 * others are drawn as the reference is.
 */
export function inkOf(
  points: Points,
  { colouring, chosen, hidden }: Look,
  dark: boolean,
  alone: number | null = null,
): Ink {
  const { count, cluster } = points;
  const colours = new Uint8Array(4 * count);
  const sizes = new Uint8Array(count);
  const layers: number[][] = [[], [], []];
  for (let i = 0; i < count; i += 1) {
    const group = cluster[i]!;
    const foreign = alone === null ? group === REFERENCE : group !== alone;
    if (alone === null && hidden.has(group)) continue;
    const picked = chosen?.[i] === 1 && !(foreign && alone !== null);
    const kind = picked ? 'chosen' : foreign ? 'reference' : chosen ? 'faded' : 'plain';
    layers[picked ? 2 : foreign ? 0 : 1]!.push(i);
    sizes[i] = SIZES[kind];
    const colour =
      foreign && alone !== null ? referenceColour(dark) : colouring.colour(colouring.of[i]!, dark);
    colours.set(colour, 4 * i);
    colours[4 * i + 3] = kind === 'reference' && chosen ? OPACITY.referenceFaded : OPACITY[kind];
  }
  return { order: Uint32Array.from(layers.flat()), colours, sizes };
}
