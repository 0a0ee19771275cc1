import type { About, Axis, Section } from '../../measures/measure.ts';
import type { TrackedMeasure, TrackReport } from '../../track/report.ts';
import { leadingParts, type Part, partsOf } from '../choose.ts';
import { scorerWords } from '../dataset-words.ts';
import { axisId } from '../figures/compared.ts';
import { valueWords } from '../figures/forest.ts';
import { roundFigure, roundName, territoryFigure } from '../figures/rounds.ts';
import { axisTitle, formatEffect, formatInterval, formatRows, formatShare } from '../format.ts';
import { oneLine } from '../text.ts';
import { collapseWords } from '../track.ts';
import { cell, valueCell } from './cells.ts';
import { provenanceOf, skippedOf, sourceFacts } from './provenance.ts';
import type { CellView, FigureView, FindingView, VerbView } from './view.ts';

type Abouts = Readonly<Record<string, About>>;

/** Figures of an axis, and lines of its table; the last table of the page has every measure. */
const DRAWN = 10;
const LISTED = 6;
const FINDINGS = 7;

/** The rounds of a run as the page shows them. */
export function buildTrackView(report: TrackReport, about: Abouts): VerbView {
  const { rounds, n, embedder } = report;
  const made = embedder ? `embedded by ${embedder.title}` : 'vectors as given';
  const parts = partsOf(report.measures, (id) =>
    report.measures[id]!.values.some(({ value }) => value !== null),
  );
  return {
    mark: 'gamut track',
    title: `${formatRows(rounds.length, 'round')} at ${formatRows(n)} each`,
    summary: oneLine([made, ...scorerWords(report)].join('; ')),
    findings: findingsOf(report, parts, about),
    warnings: report.warnings.map(oneLine),
    map: null,
    clusters: [],
    figures: [territoryFigure(report)].filter((figure) => figure !== null),
    spreads: [],
    axes: parts.map((part) => axisOf(report, part, about)),
    tables: [everyRound(report, parts, about)],
    provenance: provenanceOf(report, sourceFacts(rounds), 'shared by all rounds'),
    skipped: skippedOf(report),
  };
}

function findingsOf(report: TrackReport, parts: readonly Part[], about: Abouts): FindingView[] {
  return [
    collapse(report, parts),
    territory(report),
    ...leadingParts(parts).flatMap((part) => course(report, part, about) ?? []),
    count(report),
  ]
    .filter((finding) => finding !== null)
    .slice(0, FINDINGS);
}

const named = (axis: Axis, section: Section | null): { target: string; title: string } => ({
  target: axisId({ axis, section }),
  title: axisTitle(axis, section),
});

function collapse(report: TrackReport, parts: readonly Part[]): FindingView {
  const measure = report.measures[report.collapse?.measures[0] ?? ''] ?? parts[0];
  return {
    level: report.collapse === null ? 'good' : 'problem',
    text: collapseWords(report),
    evidence: measure === undefined ? [] : [named(measure.axis, measure.section ?? null)],
  };
}

function territory({ territory: all, rounds }: TrackReport): FindingView | null {
  const last = all.at(-1);
  if (last == null || last.fresh.value === null || last.forgotten.value === null) return null;
  return {
    level: 'plain',
    label: 'Territory',
    text: `${formatShare(last.fresh.value)} of the last round (${oneLine(rounds.at(-1)!.name)}) are new beside round 0, and ${formatShare(last.forgotten.value)} of round 0 are forgotten: nothing of the last round is near them.`,
    evidence: [{ target: 'figure-territory', title: 'New and forgotten' }],
  };
}

/** The measure that leads an axis, from the first round to the last. */
function course(
  report: TrackReport,
  { axis, section, ids }: Part,
  about: Abouts,
): FindingView | null {
  const id = ids.find((one) => report.measures[one]!.changes.at(-1) != null);
  if (id === undefined) return null;
  const { values, changes, title, firstLess, firstMore } = report.measures[id]!;
  const last = changes.at(-1)!;
  const since = last.verdict === 'less' ? firstLess : last.verdict === 'more' ? firstMore : null;
  const judged =
    last.verdict === null
      ? 'no more than chance explains'
      : `more than chance explains${since === null ? '' : `, first in round ${since}`}`;
  return {
    level: 'plain',
    label: axisTitle(axis, section),
    text: `${oneLine(title)}: ${valueWords(values[0]!, about[id])} in round 0, ${valueWords(values.at(-1)!, about[id])} in the last; a change of ${formatEffect(last.difference, last.interval, about[id])} (${formatInterval(last.interval, about[id])}), ${judged}.`,
    evidence: [{ target: `figure-rounds-${id}`, title: oneLine(title) }],
  };
}

function count({ measures, rounds }: TrackReport): FindingView {
  const last = Object.values(measures).map(({ changes }) => changes.at(-1)?.verdict ?? null);
  const of = (verdict: 'less' | 'more'): number => last.filter((one) => one === verdict).length;
  return {
    level: 'plain',
    label: 'All measures',
    text: `Of ${formatRows(last.length, 'measure')}, ${of('less')} have less of their axis in round ${rounds.length - 1} than in round 0, by more than chance, and ${of('more')} more.`,
    evidence: [{ target: 'everything', title: 'Every measure' }],
  };
}

function axisOf(
  report: TrackReport,
  { axis, section, ids }: Part,
  about: Abouts,
): VerbView['axes'][number] {
  const figures = ids
    .slice(0, DRAWN)
    .map((id) => roundFigure(id, report, about[id]))
    .filter((figure): figure is FigureView => figure !== null);
  const { target, title } = named(axis, section);
  const since = (round: number | null): CellView => cell(round === null ? '–' : `round ${round}`);
  return {
    id: target,
    title,
    lead: `Values with 95 % intervals, ${formatRows(report.n)} of each round; since when a round has more or less of the axis than round 0 by more than chance (Holm over the rounds).`,
    drawn: 'Below, bands are 95 % intervals, and large dots are rounds that differ so.',
    figures,
    table: {
      columns: ['', 'Round 0', 'Last round', 'Change', 'Less since', 'More since'].map((head) =>
        cell(head),
      ),
      rows: ids.slice(0, LISTED).map((id) => {
        const { title: name, values, changes, firstLess, firstMore } = report.measures[id]!;
        return [
          cell(oneLine(name), oneLine(id)),
          valueCell(values[0]!, about[id]),
          valueCell(values.at(-1)!, about[id]),
          changeCell(changes.at(-1) ?? null, about[id]),
          since(firstLess),
          since(firstMore),
        ];
      }),
    },
  };
}

const changeCell = (
  change: TrackedMeasure['changes'][number],
  about: About | undefined,
): CellView =>
  change === null
    ? cell('–')
    : cell(
        formatEffect(change.difference, change.interval, about),
        formatInterval(change.interval, about),
      );

function everyRound(
  report: TrackReport,
  parts: readonly Part[],
  about: Abouts,
): VerbView['tables'][number] {
  const ids = parts.flatMap((part) => part.ids);
  return {
    id: 'everything',
    title: 'Every measure',
    lead: 'Every round, with 95 % intervals.',
    folded: `All ${formatRows(ids.length, 'measure')}`,
    table: {
      columns: [cell('Measure'), ...report.rounds.map((_, i) => cell(roundName(report, i)))],
      rows: ids.map((id) => {
        const { title, values } = report.measures[id]!;
        return [
          cell(oneLine(title), oneLine(id)),
          ...values.map((value) => valueCell(value, about[id])),
        ];
      }),
    },
  };
}
