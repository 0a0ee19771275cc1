import type { About, Axis } from '../measures/measure.ts';
import type { TrackedMeasure, TrackReport } from '../track/report.ts';
import { AXES, leadingIds } from './choose.ts';
import { scorerWords } from './dataset-words.ts';
import {
  axisTitle,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
} from './format.ts';
import { displayWidth, oneLine, pad, sparkline, wrap } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

const SHOWN = 5;
/** Blocks that a course is drawn with at most. */
const BLOCKS = 10;
/** Columns between columns. */
const GAP = 2;

/** What a person reads after `gamut track`: the warning first, then every leading number round by round. */
export function renderTrack(report: TrackReport, about: Abouts, columns: number): string {
  const width = Math.min(100, Math.max(60, columns));
  const { rounds, n, embedder, settings, warnings } = report;
  const made = embedder ? `embedded by ${embedder.model}` : 'vectors as given';
  const scored = scorerWords(report).map((words) => `; ${words}`);
  const blocks = [
    wrap(
      `${formatRows(rounds.length, 'round')} at ${formatRows(n)} each, ${oneLine(made)}, seed ${settings.seed}${scored.join('')}`,
      width,
    ),
    wrap(collapseWords(report), width),
    warnings.flatMap((warning) => wrap(`! ${oneLine(warning)}`, width)),
    territory(report, width),
    ...courses(report, about, width),
    wrap(
      '↓: lower is more of the axis. less, more: significantly so of the axis than round 0, in the rounds named (Holm over the rounds). Every measure and round with --json, --html or --markdown.',
      width,
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

export function collapseWords({ collapse, rounds }: TrackReport): string {
  if (collapse === null) return 'No lasting loss of diversity against round 0 is shown.';
  const { round, measures, vendi } = collapse;
  const scores =
    vendi === null
      ? ''
      : ` As diverse as ${formatNumber(vendi[0])} completely different rows, round 0 as ${formatNumber(vendi[1])}.`;
  return oneLine(
    `Collapse: from round ${round} (${rounds[round]!.name}) on less diverse than round 0, by ${measures.join(', ')}.${scores}`,
  );
}

function leading({ measures }: TrackReport, axis: Axis): string[] {
  const all = Object.entries(measures).filter(
    ([, measure]) => measure.axis === axis && measure.values.some(({ value }) => value !== null),
  );
  const first = [...leadingIds(axis, null), ...leadingIds(axis, 'lexical')];
  const known = first.filter((id) => all.some(([other]) => other === id));
  const rest = all.map(([id]) => id).filter((id) => !known.includes(id));
  return [...new Set([...known, ...rest])].slice(0, SHOWN);
}

function territory({ territory: all, rounds }: TrackReport, width: number): string[] {
  const name = Math.max(12, width - 36);
  const head = `${pad('Against round 0', name)}${pad('new', 12, 'left')}${pad('forgotten', 12, 'left')}${pad('drift', 12, 'left')}`;
  const share = (value: number | null): string => (value === null ? '–' : formatShare(value));
  const lines = all.flatMap((round, i) =>
    round === null
      ? []
      : [
          pad(`  ${i}  ${oneLine(rounds[i]!.name)}`, name) +
            pad(share(round.fresh.value), 12, 'left') +
            pad(share(round.forgotten.value), 12, 'left') +
            pad(formatNumber(round.drift.value ?? Number.NaN), 12, 'left'),
        ],
  );
  return [head, ...lines];
}

/** A table an axis, a line a measure: where it began, how it went, where it is. */
function courses(report: TrackReport, about: Abouts, width: number): string[][] {
  const tables = new Map<string, string[][]>();
  for (const id of AXES.flatMap((axis) => leading(report, axis))) {
    const { axis, section, title, more, values, changes } = report.measures[id]!;
    const heading = axisTitle(axis, section ?? null);
    const last = values.at(-1)!;
    const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
    const cells = [
      `  ${oneLine(title)}${more === 'less' ? ' ↓' : ''}`,
      formatValue(values[0]!.value, about[id]),
      known.length < 3 ? '' : sparkline(thinned(known)),
      formatValue(last.value, about[id]),
      last.interval === null ? '' : formatInterval(last.interval, about[id]),
      judged(changes),
    ];
    tables.set(heading, [...(tables.get(heading) ?? []), cells]);
  }
  const heads = (title: string): string[] => [title, 'round 0', '', 'last', '95 % interval', ''];
  const all = [...tables].map(([title, lines]) => [heads(title), ...lines]);
  const room = [1, 2, 3, 4, 5].map((at) =>
    Math.max(...all.flat().map((cells) => displayWidth(cells[at]!))),
  );
  const name = Math.max(16, width - room.reduce((sum, columns) => sum + columns + GAP, 0));
  return all.map((lines) =>
    lines.map(([first, ...cells]) =>
      [pad(first!, name), ...cells.map((cell, at) => pad(cell, room[at]!, SIDES[at]))]
        .join(' '.repeat(GAP))
        .trimEnd(),
    ),
  );
}

/** To which side the columns after the name keep. */
const SIDES = ['left', 'right', 'left', 'left', 'right'] as const;

/** As many of the values as there is room for, the first and the last among them. */
function thinned(values: readonly number[]): number[] {
  const step = (values.length - 1) / (BLOCKS - 1);
  return values.length <= BLOCKS
    ? [...values]
    : Array.from({ length: BLOCKS }, (_, i) => values[Math.round(i * step)]!);
}

/** 'less 2–5', 'more 1', 'less 1, 3'; '' where no round differs. */
function judged(changes: TrackedMeasure['changes']): string {
  const runs: { verdict: 'more' | 'less'; from: number; to: number }[] = [];
  for (const [round, change] of changes.entries()) {
    const verdict = change?.verdict ?? null;
    if (verdict === null) continue;
    const before = runs.at(-1);
    if (before?.verdict === verdict && before.to === round - 1) before.to = round;
    else runs.push({ verdict, from: round, to: round });
  }
  const words = runs.map(
    ({ verdict, from, to }, i) =>
      `${runs[i - 1]?.verdict === verdict ? '' : `${verdict} `}${from === to ? from : `${from}–${to}`}`,
  );
  return words.join(', ');
}
