import type { CompareReport } from '../../compare/report.ts';
import type { About, Axis, Value } from '../../measures/measure.ts';
import { directionWords, formatInterval, formatValue } from '../format.ts';
import { oneLine } from '../text.ts';
import { dot, type Figure, line, type Mark, type Tone, text, widthOf } from './marks.ts';
import { seriesOf } from './series.ts';

const WIDTH = 460;
const ROW = 40;
const [LEFT, RIGHT] = [8, WIDTH - 8];

export interface ForestRow {
  readonly name: string;
  /** The value in words, at the right. */
  readonly words: string;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly tone: Tone;
}

/**
 * A line a row: a bar for the interval, a dot for the value, on one scale from the least to the largest end,
 * and zero as a stroke where it is asked for.
 */
export function forestOf(
  rows: readonly ForestRow[],
  zero = false,
): Pick<Figure, 'width' | 'height' | 'marks'> {
  const ends = rows.flatMap(({ value, interval }) =>
    value === null ? [] : [value, ...(interval ?? [])],
  );
  if (zero) ends.push(0);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number): number =>
    high > low ? LEFT + ((value - low) / (high - low)) * (RIGHT - LEFT) : (LEFT + RIGHT) / 2;
  const height = ROW * rows.length;
  const marks: Mark[] = [];
  for (const [at, { name, words, value, interval, tone }] of rows.entries()) {
    const y = ROW * at;
    marks.push(
      text(shortened(name, RIGHT - LEFT - widthOf(words) - 24), LEFT - 4, y + 14, 'start', 'ink'),
      text(words, RIGHT + 4, y + 14, 'end'),
      rule(LEFT, RIGHT, y + 26, 'grid', 1),
    );
    if (zero) marks.push(tick(x(0), y + 20, y + 32));
    if (value === null) continue;
    if (interval !== null) marks.push(rule(x(interval[0]), x(interval[1]), y + 26, tone, 3));
    marks.push(dot(x(value), y + 26, 5, tone));
  }
  return { width: WIDTH, height, marks };
}

/** A measure of all datasets with its intervals. null where fewer than two have a value. */
export function forestFigure(
  id: string,
  report: CompareReport,
  about: About | undefined,
): Figure | null {
  const { values, title, more, axis } = report.measures[id]!;
  if (values.filter(({ value }) => value !== null).length < 2) return null;
  const rows = values.map(
    (value, d): ForestRow => ({
      name: oneLine(report.datasets[d]!.name),
      words: valueWords(value, about),
      ...{ value: value.value, interval: value.interval, tone: seriesOf(d) },
    }),
  );
  const heading = oneLine(title);
  return {
    id: `forest-${id}`,
    title: heading,
    caption: readsWords(axis, more, about),
    label: `${heading}, ${directionWords(axis, more)}: ${rows.map(({ name, words }) => `${name} ${words}`).join('; ')}.`,
    ...forestOf(rows),
    table: {
      columns: ['Dataset', heading, '95 % interval'],
      rows: values.map((value, d) => [
        rows[d]!.name,
        formatValue(value.value, about),
        value.interval === null ? (value.why ?? '–') : formatInterval(value.interval, about),
      ]),
    },
  };
}

/** What a measure says in a sentence, and in which direction. */
export function readsWords(axis: Axis, more: 'more' | 'less', about: About | undefined): string {
  const direction = directionWords(axis, more);
  const reads = about === undefined ? '' : `${oneLine(about.reads)} `;
  return `${reads}${direction[0]!.toUpperCase()}${direction.slice(1)}.`;
}

const tick = (x: number, from: number, to: number): Mark =>
  line(
    [
      [x, from],
      [x, to],
    ],
    'soft',
    { width: 1.5 },
  );

const rule = (from: number, to: number, y: number, tone: Tone, width: number): Mark =>
  line(
    [
      [from, y],
      [to, y],
    ],
    tone,
    { width },
  );

export const valueWords = ({ value, interval }: Value, about: About | undefined): string =>
  formatValue(value, about) + (interval === null ? '' : ` (${formatInterval(interval, about)})`);

/** Names of files differ at either end. */
function shortened(name: string, room: number): string {
  if (widthOf(name) <= room) return name;
  const letters = Array.from(name);
  let half = letters.length >> 1;
  const cutTo = (): string => `${letters.slice(0, half).join('')}…${letters.slice(-half).join('')}`;
  while (half > 1 && widthOf(cutTo()) > room) half -= 1;
  return cutTo();
}
