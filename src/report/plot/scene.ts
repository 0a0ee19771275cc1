import { formatCount, formatNumber, formatRows } from '../../base/numbers.ts';
import type { Row } from '../../data/row.ts';
import type { Projection } from '../../project/project.ts';
import type { Rgb } from '../html/client/palette.ts';
import { oneLine } from '../text.ts';
import { type Colouring, colouringOf } from './colouring.ts';
import { fitted, textWidth, type Weight } from './font.ts';
import { type NamesScene, namesOf } from './names.ts';
import { shuffled } from './order.ts';
import type { Box } from './place-names.ts';
import { type Places, placesOf, rangeOf } from './places.ts';
import { scaleColour, type Theme, type ThemeName, themeOf, toneColour } from './theme.ts';

export interface PictureOptions {
  /** What the colours say: 'cluster' (default), 'density', 'nn_distance', 'influence', or a column of the data. */
  readonly color?: string | undefined;
  /** Default 'light'. */
  readonly theme?: ThemeName | undefined;
  /** Of the picture in pixels, before `scale`. Default 1200 × 900. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Pixels of a PNG for each of these. Default 2. */
  readonly scale?: number | undefined;
  readonly title?: string | undefined;
  /** What stands below the title. Default: how many rows and clusters there are. */
  readonly subtitle?: string | undefined;
}

/** What a picture needs to know of a map. */
export type Drawable = Pick<
  Projection,
  | 'n'
  | 'layout'
  | 'components'
  | 'clusters'
  | 'labelled'
  | 'columns'
  | 'kinds'
  | 'crowding'
  | 'influence'
  | 'names'
> & {
  readonly rows: () => AsyncIterable<{ readonly row: Pick<Row, 'columns'> }>;
};

export interface TextItem {
  readonly text: string;
  /** The start, middle or end of the base line, as `anchor` says. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
  readonly colour: Rgb;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** A picture as shapes with places, before it is written in a format. Pixels from the top left. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly title: string;
  readonly points: PointsScene;
  readonly texts: readonly TextItem[];
  readonly dots: readonly { readonly x: number; readonly y: number; readonly colour: Rgb }[];
  readonly bar: { readonly box: Box; readonly colours: readonly Rgb[] } | null;
  readonly names: NamesScene;
}

export interface PointsScene {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** In which order they are drawn: shuffled, so that no group lies on top of all others. */
  readonly order: Int32Array;
  readonly colours: readonly Rgb[];
  /** Which of the colours each point has. */
  readonly colour: Uint16Array;
  readonly radius: number;
  readonly opacity: number;
}

const MARGIN = 28;
const SMALLEST = 200;
/** Categories that are listed beside the map; with more, names on the map must do. */
const LISTED = 24;

export async function sceneOf(projection: Drawable, options: PictureOptions = {}): Promise<Scene> {
  const width = Math.max(SMALLEST, options.width ?? 1200);
  const height = Math.max(SMALLEST, options.height ?? 900);
  const theme = themeOf(options.theme ?? 'light');
  const colouring = await colouringOf(projection, options.color);
  const title = oneLine(options.title ?? '');
  const head = headOf(projection, title, options.subtitle, width, theme);
  const legend = legendOf(colouring, theme, width, height, head.bottom);
  const area: Box = {
    left: MARGIN,
    top: head.bottom + 12,
    right: (legend?.left ?? width) - MARGIN,
    bottom: height - MARGIN,
  };
  const places = placesOf(projection);
  const points = pointsOf(places, area, colouring, theme);
  const names = await namesOf(projection, colouring, theme, area, points, places);
  const { missing } = names;
  const note = missing === 0 ? '' : `${formatRows(missing, 'smaller cluster')} not named`;
  const foot: TextItem[] =
    note === '' ? [] : [text(note, width - MARGIN, height - 12, 11, theme.soft, 'end')];
  return {
    ...{ width, height, theme, title, points, names },
    texts: [...head.texts, ...(legend?.texts ?? []), ...foot],
    dots: legend?.dots ?? [],
    bar: legend?.bar ?? null,
  };
}

const text = (
  content: string,
  x: number,
  y: number,
  size: number,
  colour: Rgb,
  anchor: TextItem['anchor'] = 'start',
  weight: Weight = 400,
): TextItem => ({ text: content, x, y, size, weight, colour, anchor });

function headOf(
  projection: Drawable,
  title: string,
  subtitle: string | undefined,
  width: number,
  theme: Theme,
): { texts: TextItem[]; bottom: number } {
  const { n, clusters, labelled } = projection;
  const groups = formatRows(clusters.k, labelled ? 'label' : 'cluster');
  const room = width - 2 * MARGIN;
  const texts: TextItem[] = [];
  let y = MARGIN;
  if (title !== '') {
    y += 14;
    texts.push(text(fitted(title, room, 24, 600), MARGIN, y, 24, theme.ink, 'start', 600));
    y += 8;
  }
  y += 14;
  const line =
    subtitle ?? `${formatRows(n)}, ${groups}. Rows that say similar things lie close together.`;
  texts.push(text(fitted(line, room, 13, 400), MARGIN, y, 13, theme.soft));
  return { texts, bottom: y + 4 };
}

interface Legend {
  readonly left: number;
  readonly texts: TextItem[];
  readonly dots: { x: number; y: number; colour: Rgb }[];
  readonly bar: Scene['bar'];
}

const LINE = 21;

function legendOf(
  colouring: Colouring,
  theme: Theme,
  width: number,
  height: number,
  top: number,
): Legend | null {
  if (colouring.kind === 'scale') return scaleLegend(colouring, theme, width, top);
  const { categories, title } = colouring;
  const room = Math.floor((height - top - 2 * MARGIN - 24) / LINE);
  if (categories.length > Math.min(LISTED, room) || categories.length < 2) return null;
  const most = Math.min(240, width * 0.26);
  const counts = categories.map(({ count }) => formatCount(count));
  const beside = Math.max(...counts.map((count) => textWidth(count, 12, 400))) + 14;
  const names = categories.map(({ name }) => fitted(name, most - 18 - beside, 13, 400));
  const own = Math.max(
    textWidth(title, 13, 600),
    ...names.map((name) => textWidth(name, 13, 400) + 18 + beside),
  );
  const left = width - MARGIN - own;
  const texts = [text(title, left, top + 26, 13, theme.ink, 'start', 600)];
  const dots = categories.map(({ tone }, c) => {
    const y = top + 26 + (c + 1) * LINE;
    texts.push(text(names[c]!, left + 18, y, 13, theme.ink));
    texts.push(text(counts[c]!, width - MARGIN, y, 12, theme.soft, 'end'));
    return { x: left + 5, y: y - 4.5, colour: toneColour(theme, tone) };
  });
  return { left, texts, dots, bar: null };
}

/** Steps of a continuous scale: more cannot be told apart. */
const SHADES = 256;

const shadesOf = (theme: Theme): Rgb[] =>
  Array.from({ length: SHADES }, (_, i) => scaleColour(theme, i / (SHADES - 1)));

function scaleLegend(
  { title, low, high, beyond }: Colouring & { kind: 'scale' },
  theme: Theme,
  width: number,
  top: number,
): Legend {
  const ends = [
    `${beyond[0] ? '≤ ' : ''}${formatNumber(low)}`,
    `${beyond[1] ? '≥ ' : ''}${formatNumber(high)}`,
  ];
  const shown = fitted(title, width * 0.26, 13, 600);
  const own = Math.max(
    textWidth(shown, 13, 600),
    24 + Math.max(...ends.map((end) => textWidth(end, 12, 400))),
  );
  const left = width - MARGIN - own;
  const box = { left, top: top + 40, right: left + 14, bottom: top + 220 };
  const texts = [
    text(shown, left, top + 26, 13, theme.ink, 'start', 600),
    text(ends[1]!, left + 22, box.top + 10, 12, theme.soft),
    text(ends[0]!, left + 22, box.bottom, 12, theme.soft),
  ];
  return { left, texts, dots: [], bar: { box, colours: shadesOf(theme).reverse() } };
}

/** The share of the area that points would cover side by side, and the sizes that keep to it. */
const COVER = 0.11;
const RADII = [0.45, 5] as const;

function pointsOf({ x, y }: Places, area: Box, colouring: Colouring, theme: Theme): PointsScene {
  const n = x.length;
  const [left, right] = rangeOf(x);
  const [low, high] = rangeOf(y);
  const [roomX, roomY] = [area.right - area.left, area.bottom - area.top];
  const scale = Math.min(roomX / (right - left || 1), roomY / (high - low || 1));
  const middle = [(area.left + area.right) / 2, (area.top + area.bottom) / 2] as const;
  const fair = Math.sqrt((COVER * roomX * roomY) / (Math.PI * Math.max(1, n)));
  const radius = Math.min(RADII[1], Math.max(RADII[0], fair));
  return {
    x: x.map((value) => middle[0] + (value - (left + right) / 2) * scale),
    y: y.map((value) => middle[1] - (value - (low + high) / 2) * scale),
    order: shuffled(n),
    ...coloursOf(colouring, theme),
    radius,
    opacity: n > 200_000 ? 0.4 : n > 20_000 ? 0.55 : 0.75,
  };
}

function coloursOf(
  colouring: Colouring,
  theme: Theme,
): { colours: readonly Rgb[]; colour: Uint16Array } {
  if (colouring.kind === 'categories') {
    const { categories, of } = colouring;
    const none = categories.length;
    return {
      colours: [...categories.map(({ tone }) => toneColour(theme, tone)), theme.none],
      colour: Uint16Array.from(of, (category) => (category < 0 ? none : category)),
    };
  }
  const { low, high, of } = colouring;
  const shade = (value: number): number => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round(Math.min(1, Math.max(0, share)) * (SHADES - 1));
  };
  return {
    colours: [...shadesOf(theme), theme.none],
    colour: Uint16Array.from(of, (value) => (Number.isNaN(value) ? SHADES : shade(value))),
  };
}
