import { usageError } from '../../base/errors.ts';
import type { Json } from '../../data/row.ts';
import { assignColours, LIGHT } from '../html/client/palette.ts';
import { oneLine } from '../text.ts';
import { type Middle, type Places, placesOf } from './places.ts';
import type { Drawable } from './scene.ts';
import { SHADES, type Tone } from './theme.ts';

export interface Category {
  readonly name: string;
  readonly count: number;
  readonly tone: Tone;
}

/** What the colours of a map say. */
export type Colouring =
  | {
      readonly kind: 'categories';
      readonly title: string;
      /** Largest first. */
      readonly categories: readonly Category[];
      /** The category of each row, −1 for none. */
      readonly of: Int32Array;
    }
  | {
      readonly kind: 'scale';
      readonly title: string;
      /** Values from here to there are told apart; the few beyond have the colours of the ends. */
      readonly low: number;
      readonly high: number;
      /** Whether there are values beyond each end. */
      readonly beyond: readonly [low: boolean, high: boolean];
      /** NaN for none. */
      readonly of: Float64Array;
    };

/** Whole numbers of so few values are names of something rather than amounts. */
const FEW = 9;
/** Categories beyond these share one, called 'other'. */
const MOST = 255;
/** Shares of the values that lie beyond the ends of a scale, so that a stray one does not wash out all. */
const TAIL = 0.01;

/** The colours for a column: 'cluster' (the default), one of our numbers or one of the data's. */
export async function colouringOf(projection: Drawable, column = 'cluster'): Promise<Colouring> {
  if (column === 'cluster' || column === 'cluster_name') return byCluster(projection);
  if (Object.hasOwn(AMOUNTS, column)) return byAmount(projection, column as keyof typeof AMOUNTS);
  const kind = projection.kinds.get(column);
  if (kind === undefined) {
    const columns = ['cluster', ...Object.keys(AMOUNTS), ...projection.columns].join(', ');
    throw usageError(`--color ${column}: there is no such column (columns: ${columns}).`);
  }
  const values: Json[] = [];
  for await (const { row } of projection.rows()) {
    values.push(Object.hasOwn(row.columns, column) ? (row.columns[column] ?? null) : null);
  }
  const distinct = new Set(values.filter((value) => value !== null));
  if (kind === 'number' || (kind === 'integer' && distinct.size > FEW)) {
    return scaleOf(
      column,
      Float64Array.from(values, (value) => (value as number) ?? Number.NaN),
    );
  }
  return categoriesOf(column, values, placesOf(projection));
}

async function byCluster(projection: Drawable): Promise<Colouring> {
  const { k, labels } = projection.clusters;
  const names = await projection.names();
  const counts = new Int32Array(k);
  for (const label of labels) counts[label]! += 1;
  const tones = tonesOf(placesOf(projection), labels, k);
  const categories = Array.from(names, (name, c) => ({
    name: oneLine(name),
    count: counts[c]!,
    tone: tones[c]!,
  }));
  return { kind: 'categories', title: 'Cluster', categories, of: labels };
}

/** Our own numbers of each row: what they are called, and where they stand. */
const AMOUNTS = {
  density: ['Density', ({ crowding }: Drawable) => crowding?.density],
  nn_distance: ['Distance to the nearest row', ({ crowding }: Drawable) => crowding?.nearest],
  influence: ['Influence on the Vendi score', ({ influence }: Drawable) => influence],
} as const;

function byAmount(projection: Drawable, column: keyof typeof AMOUNTS): Colouring {
  const [title, of] = AMOUNTS[column];
  return scaleOf(title, of(projection) ?? new Float64Array(projection.n).fill(Number.NaN));
}

export function scaleOf(title: string, of: Float64Array): Colouring & { readonly kind: 'scale' } {
  const sorted = of.filter((value) => !Number.isNaN(value)).sort();
  const last = sorted.length - 1;
  const low = sorted[Math.floor(TAIL * last)] ?? 0;
  const high = sorted[Math.ceil((1 - TAIL) * last)] ?? 1;
  const beyond = [(sorted[0] ?? low) < low, (sorted[last] ?? high) > high] as const;
  return { kind: 'scale', title: oneLine(title), low, high, beyond, of };
}

function categoriesOf(title: string, values: readonly Json[], places: Places): Colouring {
  const nameOf = (value: Json): string =>
    oneLine(typeof value === 'string' ? value : JSON.stringify(value));
  const counts = new Map<string, number>();
  const names = values.map((value) => (value === null ? null : nameOf(value)));
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST);
  const rest = sorted.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) shown.push(['other', rest]);
  const numbers = new Map(sorted.map(([name], c) => [name, Math.min(c, MOST)]));
  const of = Int32Array.from(names, (name) => (name === null ? -1 : numbers.get(name)!));
  const tones = tonesOf(places, of, shown.length);
  const categories = shown.map(([name, count], c) => ({ name, count, tone: tones[c]! }));
  return { kind: 'categories', title: oneLine(title), categories, of };
}

/**
 * Colours by where the categories lie. As long as the palette and its shades last, neighbours differ, as
 * on an atlas. Beyond that the hue is the direction from the middle of the map, so that colours change
 * smoothly over it, and neighbours differ in lightness.
 */
function tonesOf(places: Places, of: Int32Array, k: number): Tone[] {
  const middles = places.middlesOf(of, k).map((middle) => middle ?? { x: 0, y: 0 });
  if (k > SHADES * LIGHT.length) return byDirection(middles);
  const uses = new Map<number, number>();
  return assignColours(middles).map((slot) => {
    const round = uses.get(slot) ?? 0;
    uses.set(slot, round + 1);
    return { slot: slot + LIGHT.length * (round % SHADES) };
  });
}

function byDirection(middles: readonly Middle[]): Tone[] {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(middles.map((one) => one.x)), mean(middles.map((one) => one.y))];
  const levels: number[] = [];
  return middles.map((middle, i) => {
    const nearest = Array.from({ length: SHADES }, (_, level) =>
      middles
        .slice(0, i)
        .filter((_, j) => levels[j] === level)
        .reduce(
          (least, other) => Math.min(least, Math.hypot(other.x - middle.x, other.y - middle.y)),
          Number.POSITIVE_INFINITY,
        ),
    );
    const level = nearest.indexOf(Math.max(...nearest));
    levels.push(level);
    return { hue: Math.atan2(middle.y - y, middle.x - x), level };
  });
}
