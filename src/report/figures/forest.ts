import type { CompareReport } from '../../compare/report.ts';
import type { About, Value } from '../../measures/measure.ts';
import { directionWords, formatInterval, formatValue } from '../format.ts';
import { oneLine } from '../text.ts';
import { dot, type Figure, line, type Mark, text, widthOf } from './marks.ts';
import { seriesOf } from './series.ts';

const WIDTH = 460;
const ROW = 40;
const [LEFT, RIGHT] = [8, WIDTH - 8];

/**
 * A measure of all datasets: a bar each for the interval, a dot for the value, on one scale from the least
 * to the largest end. null where fewer than two have a value.
 */
export function forestFigure(
  id: string,
  report: CompareReport,
  about: About | undefined,
): Figure | null {
  const { values, title, more, axis } = report.measures[id]!;
  const ends = values.flatMap(({ value, interval }) =>
    value === null ? [] : [value, ...(interval ?? [])],
  );
  if (values.filter(({ value }) => value !== null).length < 2) return null;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number): number =>
    high > low ? LEFT + ((value - low) / (high - low)) * (RIGHT - LEFT) : (LEFT + RIGHT) / 2;
  const marks: Mark[] = [];
  for (const [d, value] of values.entries()) {
    const y = ROW * d;
    const words = valueWords(value, about);
    const room = RIGHT - LEFT - widthOf(words) - 24;
    const name = shortened(oneLine(report.datasets[d]!.name), room);
    marks.push(
      text(name, LEFT - 4, y + 14, 'start', 'ink'),
      text(words, RIGHT + 4, y + 14, 'end'),
      rule(LEFT, RIGHT, y + 26, 'grid', 1),
    );
    if (value.value === null) continue;
    if (value.interval !== null) {
      const [from, to] = value.interval;
      marks.push(rule(x(from), x(to), y + 26, seriesOf(d), 3));
    }
    marks.push(dot(x(value.value), y + 26, 5, seriesOf(d)));
  }
  const direction = directionWords(axis, more);
  const heading = oneLine(title);
  const told = values.map(
    (value, d) => `${oneLine(report.datasets[d]!.name)} ${valueWords(value, about)}`,
  );
  return {
    id: `forest-${id}`,
    title: heading,
    caption: `${about === undefined ? '' : `${oneLine(about.reads)} `}${direction[0]!.toUpperCase()}${direction.slice(1)}.`,
    label: `${heading}, ${direction}: ${told.join('; ')}.`,
    ...{ width: WIDTH, height: ROW * values.length, marks },
    table: {
      columns: ['Dataset', heading, '95 % interval'],
      rows: values.map((value, d) => [
        oneLine(report.datasets[d]!.name),
        formatValue(value.value, about),
        value.interval === null ? (value.why ?? '–') : formatInterval(value.interval, about),
      ]),
    },
  };
}

const rule = (
  from: number,
  to: number,
  y: number,
  tone: Parameters<typeof line>[1],
  width: number,
): Mark =>
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
