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
import { oneLine, pad, wrap } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

const SHOWN = 5;
const VALUE = 9;
const INTERVAL = 19;

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
    ...AXES.flatMap((axis) =>
      [...leading(report, axis)].map((id) => course(report, id, about, width)),
    ),
    wrap(
      'less, more: significantly so of the axis than round 0 (95 %, Holm over the rounds). Every measure with --json.',
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

function course(report: TrackReport, id: string, about: Abouts, width: number): string[] {
  const measure: TrackedMeasure = report.measures[id]!;
  const name = width - VALUE - INTERVAL - 7;
  const title = `${axisTitle(measure.axis, measure.section ?? null)}: ${measure.title}${measure.more === 'less' ? ' ↓' : ''} (${id})`;
  const lines = measure.values.map((value, i) => {
    const interval = value.interval === null ? '' : formatInterval(value.interval, about[id]);
    const verdict = measure.changes[i]?.verdict ?? '';
    return (
      pad(`  ${i}  ${oneLine(report.rounds[i]!.name)}`, name) +
      pad(formatValue(value.value, about[id]), VALUE, 'left') +
      pad(interval, INTERVAL, 'left') +
      `  ${verdict}`
    ).trimEnd();
  });
  return [...wrap(oneLine(title), width), ...lines];
}
