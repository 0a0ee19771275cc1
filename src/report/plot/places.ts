import { flatOf } from './flat.ts';
import type { Drawable } from './scene.ts';

/** The points of a map on paper: two dimensions, y upwards, in the map's own units. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Where each group is thickest; null for a group without points. */
  middlesOf(groups: Int32Array, k: number): readonly (Middle | null)[];
}

export interface Middle {
  readonly x: number;
  readonly y: number;
}

const made = new WeakMap<Float32Array, Places>();

/** Made once for a layout, since a map of three dimensions must be turned first. */
export function placesOf({ layout, components }: Drawable): Places {
  let places = made.get(layout);
  if (places === undefined) {
    const { x, y } = flatOf(layout, components);
    places = { x, y, middlesOf: (groups, k) => middles(x, y, groups, k) };
    made.set(layout, places);
  }
  return places;
}

/** Points of a group that are looked at: more do not move its middle. */
const LOOKED_AT = 2000;
/** The window that climbs, as a share of the map's longer side, and its steps. */
const WINDOW = 0.06;
const STEPS = 12;

/**
 * Mean shift from the median: the mean of the points near the place, again and again, climbs to where
 * the group is thickest, also where the median lies in the empty middle of a ring.
 */
function middles(
  x: Float32Array,
  y: Float32Array,
  groups: Int32Array,
  k: number,
): (Middle | null)[] {
  const members: number[][] = Array.from({ length: k }, () => []);
  for (const [i, group] of groups.entries()) if (group >= 0) members[group]!.push(i);
  const window = WINDOW * Math.max(extent(x), extent(y));
  return members.map((all) => {
    if (all.length === 0) return null;
    const step = Math.max(1, Math.floor(all.length / LOOKED_AT));
    const own = all.filter((_, at) => at % step === 0);
    let place = nearest(x, y, own, {
      x: Float32Array.from(own, (i) => x[i]!).sort()[own.length >> 1]!,
      y: Float32Array.from(own, (i) => y[i]!).sort()[own.length >> 1]!,
    });
    for (let turn = 0; turn < STEPS; turn += 1) {
      let [sumX, sumY, count] = [0, 0, 0];
      for (const i of own) {
        if (Math.hypot(x[i]! - place.x, y[i]! - place.y) > window) continue;
        sumX += x[i]!;
        sumY += y[i]!;
        count += 1;
      }
      if (count > 0) place = { x: sumX / count, y: sumY / count };
    }
    return place;
  });
}

function nearest(x: Float32Array, y: Float32Array, own: readonly number[], to: Middle): Middle {
  let best = own[0]!;
  const distance = (i: number): number => Math.hypot(x[i]! - to.x, y[i]! - to.y);
  for (const i of own) if (distance(i) < distance(best)) best = i;
  return { x: x[best]!, y: y[best]! };
}

function extent(values: Float32Array): number {
  const [low, high] = rangeOf(values);
  return high - low;
}

/** Smallest and largest; zeros where there are none. */
export function rangeOf(values: Float32Array): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
