import type { Colouring } from './colours.ts';
import { type Points, REFERENCE } from './points.ts';
import type { Ink } from './surface.ts';

export interface Look {
  readonly colouring: Colouring;
  /** 1 for the rows that are chosen; null when all are equal. */
  readonly chosen: Uint8Array | null;
  /** Whether rows of the reference are shown. */
  readonly reference: boolean;
}

/** Percent of the radius, and opacity of 255. */
const SIZES = { reference: 75, plain: 100, faded: 85, chosen: 115 };
const OPACITY = { reference: 153, referenceFaded: 60, plain: 209, faded: 31, chosen: 242 };

/** The reference beneath, then what is not chosen, then what is. */
export function inkOf(points: Points, { colouring, chosen, reference }: Look, dark: boolean): Ink {
  const { count, cluster } = points;
  const colours = new Uint8Array(4 * count);
  const sizes = new Uint8Array(count);
  const layers: number[][] = [[], [], []];
  for (let i = 0; i < count; i += 1) {
    const foreign = cluster[i] === REFERENCE;
    if (foreign && !reference) continue;
    const picked = chosen?.[i] === 1;
    const kind = picked ? 'chosen' : foreign ? 'reference' : chosen ? 'faded' : 'plain';
    layers[picked ? 2 : foreign ? 0 : 1]!.push(i);
    sizes[i] = SIZES[kind];
    colours.set(colouring.colour(colouring.of[i]!, dark), 4 * i);
    colours[4 * i + 3] = kind === 'reference' && chosen ? OPACITY.referenceFaded : OPACITY[kind];
  }
  return { order: Uint32Array.from(layers.flat()), colours, sizes };
}
