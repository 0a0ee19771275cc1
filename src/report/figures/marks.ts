import type { FigureView, MarkView, ToneView } from '../html/view.ts';
import { displayWidth } from '../text.ts';
import type { Scale } from './scale.ts';

export type Figure = FigureView;
export type Mark = MarkView;
export type Tone = ToneView;

/** The dataset's colour, and that of what it is held against. */
export const OWN: Tone = 's0';
export const BESIDE: Tone = 'soft';

/** Size of letters, in units of a figure. */
export const LETTERS = 13;

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A tenth of a unit is finer than anyone sees; fewer digits are a smaller file. */
export const round = (value: number): number => Math.round(value * 10) / 10;

export const text = (
  words: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end' = 'start',
  tone: Tone = 'soft',
): Mark => ({ kind: 'text', text: words, at: [round(x), round(y)], anchor, tone });

export const line = (
  points: readonly (readonly [number, number])[],
  tone: Tone,
  more: { readonly dashed?: true; readonly width?: number } = {},
): Mark => ({ kind: 'line', points: points.flat().map(round), tone, ...more });

export const area = (
  points: readonly (readonly [number, number])[],
  tone: Tone,
  opacity: number,
): Mark => ({ kind: 'area', points: points.flat().map(round), tone, opacity });

export const dot = (x: number, y: number, radius: number, tone: Tone): Mark => ({
  kind: 'dot',
  at: [round(x), round(y), radius],
  tone,
});

type Place = readonly [x: number, y: number];

/** The paper between two lines, as intervals along a curve are drawn. */
export const band = (upper: readonly Place[], lower: readonly Place[], tone: Tone): Mark =>
  area([...upper, ...lower.toReversed()], tone, 0.14);

/** Lines across at the ticks of y, words at those of x, and what the sides count. */
export function axes(
  { left, top, right, bottom }: Frame,
  x: Scale,
  y: Scale,
  titles: { readonly x: string; readonly y: string },
): Mark[] {
  const marks: Mark[] = titles.y === '' ? [] : [text(titles.y, left, top - 14)];
  for (const { at, text: words } of y.ticks) {
    marks.push(
      line(
        [
          [left, at],
          [right, at],
        ],
        'grid',
        { width: 1 },
      ),
      text(words, left - 8, at + 4.5, 'end'),
    );
  }
  let clear = Number.NEGATIVE_INFINITY;
  for (const { at, text: words } of x.ticks) {
    const half = widthOf(words) / 2;
    if (at - half < clear) continue;
    clear = at + half + 8;
    marks.push(text(words, at, bottom + 18, 'middle'));
  }
  if (titles.x !== '') marks.push(text(titles.x, (left + right) / 2, bottom + 37, 'middle'));
  return marks;
}

/** About how wide letters are in whatever font the reader has. */
export const widthOf = (words: string): number => displayWidth(words) * LETTERS * 0.56;

export interface Series {
  readonly name: string;
  readonly tone: Tone;
  readonly dashed?: true;
}

/** Names of the series in a row that ends at the right, each after a stroke of its line. */
export function legend(series: readonly Series[], right: number, y: number): Mark[] {
  const marks: Mark[] = [];
  let end = right;
  for (const { name, tone, dashed } of series.toReversed()) {
    const start = end - widthOf(name);
    const stroke: readonly (readonly [number, number])[] = [
      [start - 26, y - 4],
      [start - 6, y - 4],
    ];
    marks.push(text(name, start, y, 'start', 'ink'));
    marks.push(line(stroke, tone, dashed ? { dashed, width: 2 } : { width: 2 }));
    end = start - STROKE;
  }
  return marks;
}

/** Names of many series below a drawing, in as many rows as they take between the left edge and `right`. */
export function legendRows(
  series: readonly Series[],
  right: number,
  top: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const rows: Series[][] = [];
  let used = 0;
  for (const one of series) {
    // Fonts that are wider than most must not push the first name over the edge.
    const width = 1.15 * widthOf(one.name) + STROKE;
    if (rows.length === 0 || used + width > right) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push(one);
    used += width;
  }
  return {
    marks: rows.flatMap((row, i) => legend(row, right, top + LEGEND_ROW * i)),
    height: LEGEND_ROW * rows.length,
  };
}

/** What a name takes beside its letters. */
const STROKE = 42;
const LEGEND_ROW = 20;

export const DATASET: Series = { name: 'dataset', tone: OWN };
export const REFERENCE: Series = { name: 'reference', tone: BESIDE, dashed: true };
