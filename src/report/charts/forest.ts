import { element, escaped } from '../html/still-page.ts';
import { seriesOf } from './colours.ts';

export interface ForestRow {
  readonly name: string;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  /** The value and its interval in words. */
  readonly words: string;
  /** Whose colour it has. */
  readonly series: number;
}

const WIDTH = 640;
const LEFT = 190;
const RIGHT = 150;
const ROW = 20;

/** A line a dataset: its interval as a bar, its value as a dot, on a scale from the least to the largest end. */
export function forest(
  title: string,
  rows: readonly ForestRow[],
  line: number | null = null,
): string {
  const ends = rows.flatMap(({ value, interval }) => [
    ...(value === null ? [] : [value]),
    ...(interval ?? []),
  ]);
  if (line !== null) ends.push(line);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const x = (value: number): number =>
    high > low
      ? LEFT + ((value - low) / (high - low)) * (WIDTH - LEFT - RIGHT)
      : (LEFT + WIDTH - RIGHT) / 2;
  const marks = rows.map(({ name, value, interval, words, series }, i) => {
    const y = ROW * i + ROW / 2;
    const parts = [
      element('text', { x: LEFT - 12, y: y + 4, class: 'end' }, escaped(shortened(name))),
      element('text', { x: WIDTH - RIGHT + 12, y: y + 4, class: 'words' }, escaped(words)),
    ];
    if (interval !== null) {
      const [x1, x2] = interval.map((end) => x(end).toFixed(1));
      parts.push(element('line', { class: seriesOf(series), x1: x1!, x2: x2!, y1: y, y2: y }));
    }
    if (value !== null) {
      const at = { cx: x(value).toFixed(1), cy: y, r: 4 };
      parts.push(element('circle', { class: seriesOf(series), ...at }));
    }
    return parts.join('');
  });
  const height = ROW * rows.length;
  const base =
    line === null
      ? ''
      : element('line', { class: 'base', x1: x(line), x2: x(line), y1: 0, y2: height });
  return element(
    'figure',
    { class: 'forest' },
    element('figcaption', {}, escaped(title)),
    element('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img' }, base, ...marks),
  );
}

/** Names of files differ at either end. */
function shortened(name: string): string {
  const letters = Array.from(name);
  return letters.length <= 27
    ? name
    : `${letters.slice(0, 13).join('')}…${letters.slice(-13).join('')}`;
}
