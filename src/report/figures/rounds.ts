import type { About, Value } from '../../measures/measure.ts';
import type { TrackReport } from '../../track/report.ts';
import {
  formatEffect,
  formatInterval,
  formatNumber,
  formatShare,
  formatValue,
  isShare,
} from '../format.ts';
import { oneLine } from '../text.ts';
import { readsWords, valueWords } from './forest.ts';
import {
  axes,
  band,
  dot,
  type Figure,
  legend,
  line,
  type Mark,
  OWN,
  type Series,
} from './marks.ts';
import { linear, type Scale } from './scale.ts';
import { seriesOf } from './series.ts';

const [WIDTH, HEIGHT] = [400, 230];
const FRAME = { left: 58, top: 34, right: WIDTH - 12, bottom: HEIGHT - 44 };
/** Of the dot of a round that differs from round 0 by more than chance, and of any other. */
const [SURE, UNSURE] = [5.5, 3];

interface Course extends Series {
  /** Of every round; null where it has none. */
  readonly values: readonly (Value | null)[];
  readonly sure?: (round: number) => boolean;
}

/** A measure from round to round with its intervals; null where fewer than two rounds have a value. */
export function roundFigure(
  id: string,
  report: TrackReport,
  about: About | undefined,
): Figure | null {
  const { values, changes, title, axis, more } = report.measures[id]!;
  if (values.filter(({ value }) => value !== null).length < 2) return null;
  const heading = oneLine(title);
  const sure = (round: number): boolean => (changes[round]?.verdict ?? null) !== null;
  const told = values.map((value, i) => `round ${i} ${valueWords(value, about)}`);
  return {
    id: `rounds-${id}`,
    title: heading,
    caption: readsWords(axis, more, about),
    label: `${heading} by round: ${told.join(', ')}.`,
    ...drawn([{ name: heading, tone: OWN, values, sure }], isShare(about)),
    table: {
      columns: [
        'Round',
        heading,
        '95 % interval',
        'Change from round 0',
        '95 % interval',
        'Than round 0',
      ],
      rows: values.map((value, i) => {
        const change = changes[i] ?? null;
        return [
          roundName(report, i),
          formatValue(value.value, about),
          value.interval === null
            ? oneLine(value.why ?? '–')
            : formatInterval(value.interval, about),
          change === null ? '–' : formatEffect(change.difference, change.interval, about),
          change === null ? '–' : formatInterval(change.interval, about),
          change?.verdict ?? (change === null ? '–' : 'not shown to differ'),
        ];
      }),
    },
  };
}

/** What of each round is new beside round 0, and what of round 0 it has forgotten. */
export function territoryFigure({ territory, rounds }: TrackReport): Figure | null {
  const of = (key: 'fresh' | 'forgotten' | 'drift'): (Value | null)[] =>
    territory.map((one) => one?.[key] ?? null);
  const drawable = [...of('fresh'), ...of('forgotten')];
  if (drawable.every((one) => one?.value == null)) return null;
  const words = (value: Value | null | undefined, say: (value: number) => string): string =>
    value?.value == null ? '–' : say(value.value);
  const last = territory.at(-1);
  return {
    id: 'territory',
    title: 'New and forgotten',
    caption:
      'New: rows of the round that lie farther from round 0 than nearly all of its own rows from each other. Forgotten: rows of round 0 that no row of the round is near any more.',
    label: `Beside round 0, the last round has ${words(last?.fresh, formatShare)} new rows and has forgotten ${words(last?.forgotten, formatShare)} of it.`,
    ...drawn(
      [
        { name: 'new', tone: seriesOf(0), values: of('fresh') },
        { name: 'forgotten', tone: seriesOf(2), values: of('forgotten') },
      ],
      true,
    ),
    table: {
      columns: ['Round', 'New', 'Forgotten', 'Energy distance to round 0'],
      rows: territory.flatMap((one, i) =>
        one === null
          ? []
          : [
              [
                `${i} ${oneLine(rounds[i]!.name)}`,
                words(one.fresh, formatShare),
                words(one.forgotten, formatShare),
                words(one.drift, formatNumber),
              ],
            ],
      ),
    },
  };
}

export const roundName = ({ rounds }: Pick<TrackReport, 'rounds'>, round: number): string =>
  `${round} ${oneLine(rounds[round]!.name)}`;

function drawn(
  courses: readonly Course[],
  shares: boolean,
): Pick<Figure, 'width' | 'height' | 'marks'> {
  const rounds = Math.max(...courses.map(({ values }) => values.length));
  const ends = courses.flatMap(({ values }) =>
    values.flatMap((one) => (one?.value == null ? [] : [one.value, ...(one.interval ?? [])])),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // A change of less than a fifth of the value is drawn as small as it is.
  const room = Math.max(0, Math.max(Math.abs(high), Math.abs(low)) / 5 - (high - low)) / 2;
  const [bottom, top] = shares
    ? // All and nothing are ends that a reader knows.
      [low < 0.1 && low >= 0 ? 0 : low - room, high > 0.9 && high <= 1 ? 1 : high + room]
    : [low - room, high + room];
  const x = linear(0, rounds - 1, [FRAME.left + 8, FRAME.right - 8]);
  const words = shares ? formatShare : undefined;
  const y = linear(bottom, top, [FRAME.bottom - 6, FRAME.top], 3, words);
  const ticks = Array.from({ length: rounds }, (_, i) => ({ at: x.of(i), text: `${i}` }));
  const marks = axes(FRAME, { ...x, ticks }, y, { x: 'round', y: '' });
  for (const course of courses) marks.push(...courseMarks(course, x, y));
  if (courses.length > 1) marks.push(...legend(courses, FRAME.right, FRAME.top - 16));
  return { width: WIDTH, height: HEIGHT, marks };
}

function courseMarks({ tone, values, sure }: Course, x: Scale, y: Scale): Mark[] {
  const known = values.flatMap((one, i) => (one?.value == null ? [] : [{ ...one, i }]));
  const held = known.filter(({ interval }) => interval !== null);
  const edge = (end: 0 | 1): (readonly [number, number])[] =>
    held.map(({ interval, i }) => [x.of(i), y.of(interval![end])] as const);
  return [
    ...(held.length > 1 ? [band(edge(1), edge(0), tone)] : []),
    line(
      known.map(({ value, i }) => [x.of(i), y.of(value!)] as const),
      tone,
      { width: 2 },
    ),
    ...known.map(({ value, i }) => dot(x.of(i), y.of(value!), sure?.(i) ? SURE : UNSURE, tone)),
  ];
}
