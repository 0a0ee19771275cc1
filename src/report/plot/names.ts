import type { Rgb } from '../html/client/palette.ts';
import { oneLine } from '../text.ts';
import type { Colouring } from './colouring.ts';
import { fitted, textWidth } from './font.ts';
import { type Box, placeNames } from './place-names.ts';
import type { Places } from './places.ts';
import type { Drawable, PointsScene } from './scene.ts';
import { letterColour, type Theme, toneColour } from './theme.ts';

export interface PlacedLabel {
  readonly lines: readonly { readonly text: string; readonly width: number }[];
  /** The middle of the box. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: Rgb;
  readonly line: readonly [x1: number, y1: number, x2: number, y2: number] | null;
}

export interface NamesScene {
  readonly labels: readonly PlacedLabel[];
  /** Clusters whose names had no room. */
  readonly missing: number;
}

export const LINE_HEIGHT = 1.18;
export const LABEL_WEIGHT = 600;
/** Ems that a line of a name may be wide, and lines it may have. */
const WIDEST = 10.5;
const LINES = 3;

/** The clusters' names on the map, in their colours where those are what the colours say. */
export async function namesOf(
  projection: Drawable,
  colouring: Colouring,
  theme: Theme,
  area: Box,
  points: PointsScene,
  places: Places,
): Promise<NamesScene> {
  const { labels, k } = projection.clusters;
  if (k < 2) return { labels: [], missing: 0 };
  const names = await projection.names();
  const counts = new Int32Array(k);
  for (const label of labels) counts[label]! += 1;
  const toPaper = paperOf(places, points);
  const middles = places.middlesOf(labels, k);
  const sizes = sizesOf(counts, area);
  const wrapped = names.map((name, c) => linesOf(oneLine(name), sizes[c]!));
  const placed = placeNames(
    wrapped.map((lines, c) => ({
      width: Math.max(...lines.map(({ width }) => width)),
      height: lines.length * sizes[c]! * LINE_HEIGHT,
      ...toPaper(middles[c] ?? { x: 0, y: 0 }),
    })),
    area,
    points,
  );
  return {
    labels: placed.map(({ name: c, box, line }) => ({
      lines: wrapped[c]!,
      x: (box.left + box.right) / 2,
      y: (box.top + box.bottom) / 2,
      size: sizes[c]!,
      colour: colourOf(colouring, projection, c, theme),
      line,
    })),
    missing: k - placed.length,
  };
}

function colourOf(colouring: Colouring, { clusters }: Drawable, c: number, theme: Theme): Rgb {
  if (colouring.kind !== 'categories' || colouring.of !== clusters.labels) return theme.ink;
  return letterColour(theme, toneColour(theme, colouring.categories[c]!.tone));
}

/** Smaller letters for more names, and for smaller clusters among them; pixels. */
function sizesOf(counts: Int32Array, area: Box): number[] {
  const k = counts.length;
  const room = Math.sqrt(((area.right - area.left) * (area.bottom - area.top)) / k);
  const base = Math.min(16, Math.max(9, room / 8.5));
  const largest = Math.max(...counts);
  return Array.from(counts, (count) => base * (0.8 + 0.2 * Math.sqrt(count / largest)));
}

/** From the map's units to the paper, through two points that differ most. */
function paperOf(
  places: Places,
  points: PointsScene,
): (at: { x: number; y: number }) => { x: number; y: number } {
  const n = places.x.length;
  let far = 0;
  const spread = (i: number): number =>
    Math.abs(places.x[i]! - places.x[0]!) + Math.abs(places.y[i]! - places.y[0]!);
  for (let i = 1; i < n; i += 1) if (spread(i) > spread(far)) far = i;
  const units = spread(far);
  const pixels = Math.abs(points.x[far]! - points.x[0]!) + Math.abs(points.y[far]! - points.y[0]!);
  const scale = units > 0 ? pixels / units : 0;
  return ({ x, y }) => ({
    x: points.x[0]! + (x - places.x[0]!) * scale,
    y: points.y[0]! - (y - places.y[0]!) * scale,
  });
}

/** Words in lines that are no wider than high looks good; the last is cut where there are too many. */
function linesOf(name: string, size: number): { text: string; width: number }[] {
  const widest = WIDEST * size;
  const width = (text: string): number => textWidth(text, size, LABEL_WEIGHT);
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && width(longer) <= widest) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES) shown[LINES - 1] += ` ${lines.slice(LINES).join(' ')}`;
  return shown.map((line) => {
    const text = fitted(line, widest * 1.15, size, LABEL_WEIGHT);
    return { text, width: width(text) };
  });
}
