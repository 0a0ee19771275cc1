import type { CompareMap, CompareReport, Ranking } from '../../compare/report.ts';
import type { About } from '../../measures/measure.ts';
import { shownIds } from '../compare.ts';
import { comparisonFindings } from '../compare-findings.ts';
import { scorerWords } from '../dataset-words.ts';
import { type ComparedFigures, comparedFigures } from '../figures/compared.ts';
import { valueWords } from '../figures/forest.ts';
import { SERIES } from '../figures/series.ts';
import { formatCount, formatNumber, formatRows } from '../format.ts';
import { lengthCell, lengthWords, outcomeWords, shownLengths } from '../length.ts';
import { oneLine } from '../text.ts';
import { cell, valueCell } from './cells.ts';
import type { Field } from './fields.ts';
import { provenanceOf, skippedOf, sourceFacts } from './provenance.ts';
import { RAMP } from './ramp.ts';
import type { CellView, MapView, TableView, VerbView } from './view.ts';

type Abouts = Readonly<Record<string, About>>;
type Table = VerbView['tables'][number];

const LENGTHS = 24;

/** The comparison as the page shows it: words and positions instead of numbers and types. */
export function buildCompareView(
  report: CompareReport,
  map: CompareMap | null,
  about: Abouts,
  fields: readonly Field[],
): VerbView {
  const { datasets, n, embedder, rankings } = report;
  const own = datasets.filter(({ role }) => role === 'dataset').length;
  const beside = own < datasets.length ? ' and the reference' : '';
  const made = embedder ? `embedded by ${embedder.title}` : `vectors as given`;
  const names = map?.names ?? null;
  const figures = comparedFigures(report, names, about);
  const points = map === null ? 0 : map.of.length / datasets.length;
  return {
    mark: 'gamut compare',
    title: `${formatRows(own, 'dataset')}${beside} at ${formatRows(n)} each`,
    summary: oneLine([made, ...scorerWords(report)].join('; ')),
    findings: comparisonFindings(report, names, about),
    warnings: report.warnings.map(oneLine),
    map: map && mapOf(report, map, points, fields),
    clusters: datasets.map(({ name }, cluster) => ({
      ...{ cluster, name: oneLine(name) },
      share: formatCount(points),
    })),
    figures: figures.glance,
    spreads: figures.spreads,
    axes: rankings.map((ranking, i) => axisOf(report, ranking, figures.axes[i]!)),
    tables: [
      mixtures(report),
      prompts(report),
      lengths(report, about),
      everything(report, about),
    ].filter((table) => table !== null),
    provenance: provenanceOf(report, sourceFacts(datasets), 'shared by all'),
    skipped: skippedOf(report),
  };
}

function mapOf(
  report: CompareReport,
  map: CompareMap,
  each: number,
  fields: readonly Field[],
): MapView {
  const names = fields.findIndex(({ view }) => view.title === CLUSTERS);
  const all = each === report.n ? 'All' : `The first in hash order, ${formatCount(each)} of`;
  return {
    points: map.of.length,
    referencePoints: 0,
    caption: `${all} ${formatRows(report.n)} of every dataset; laid out by UMAP together.`,
    legend: 'Datasets',
    group: 'Dataset',
    apart: true,
    colours: report.datasets.map((_, d) => SERIES[d % SERIES.length]!),
    ...(names < 0 ? {} : { named: names }),
    fields: fields.map(({ view }) => view),
    ramp: RAMP,
  };
}

/** The column of the map that says which cluster a row is in. */
export const CLUSTERS = 'Clusters';

const named = (report: CompareReport, d: number): CellView => ({
  text: oneLine(report.datasets[d]!.name),
  series: d % SERIES.length,
});

function axisOf(
  report: CompareReport,
  ranking: Ranking,
  found: ComparedFigures['axes'][number],
): VerbView['axes'][number] {
  return {
    ...found,
    lead: `Mean place over ${formatRows(ranking.families, 'kind')} of measures, and over how many measures and other datasets together a dataset has significantly more or less.`,
    drawn: 'Bars are 95 % intervals.',
    table: {
      columns: ['', 'Mean place', 'More', 'Less'].map((head) => cell(head)),
      rows: ranking.order.map(({ dataset, meanRank, more, less }) => [
        named(report, dataset),
        cell(meanRank.toFixed(1)),
        cell(String(more)),
        cell(String(less)),
      ]),
    },
  };
}

function mixtures(report: CompareReport): Table {
  const { alone, pairs, n } = report.union;
  const of = (i: number, j: number): CellView => {
    if (i === j) return cell(formatNumber(alone[i]!));
    const found = pairs.find(({ a, b }) => a === Math.min(i, j) && b === Math.max(i, j))!;
    return cell(formatNumber(found.mixed), `union ${formatNumber(found.union)}`);
  };
  const all = alone.map((_, i) => i);
  return {
    id: 'mixtures',
    title: 'Mixtures',
    lead: `Vendi scores: alone on the diagonal; beside it of ${formatRows(n)} of which half are from each, and of all rows of both. More than both alone: each has what the other lacks.`,
    table: {
      columns: [cell(''), ...all.map((i) => named(report, i))],
      rows: all.map((i) => [named(report, i), ...all.map((j) => of(i, j))]),
    },
  };
}

function prompts(report: CompareReport): Table | null {
  const { prompts: found } = report;
  if (found === null) return null;
  const words = (value: Parameters<typeof valueWords>[0]): CellView =>
    cell(valueWords(value, undefined));
  return {
    id: 'prompts',
    title: 'Prompt by prompt',
    lead: `All datasets answer the same ${formatRows(found.prompts, 'prompt')} (column ${oneLine(found.column)}); differences are paired by them. Mean cosine distances between answers.`,
    table: {
      columns: ['', 'To different prompts', 'Own, same prompt', 'Others, same prompt'].map((head) =>
        cell(head),
      ),
      rows: found.datasets.map(({ acrossPrompts, ownAnswers, toOthers }, d) => [
        named(report, d),
        words(acrossPrompts),
        ownAnswers === null ? cell('one each') : words(ownAnswers),
        words(toOthers),
      ]),
    },
  };
}

function lengths(report: CompareReport, about: Abouts): Table | null {
  const { length, rankings } = report;
  if (length === undefined) return null;
  const leading = rankings.flatMap((ranking) => shownIds(ranking, report, 2));
  const rows = shownLengths(length, leading, LENGTHS).map(([id, measure]) => [
    cell(oneLine(measure.title), oneLine(id)),
    ...[measure.plain, measure.matched, measure.cut].map((values) =>
      cell(lengthCell(values, about[id])),
    ),
    cell(
      measure.pairs
        .flatMap((pair) => outcomeWords(pair) ?? [])
        .slice(0, 3)
        .join('; '),
    ),
  ]);
  return {
    id: 'length',
    title: 'Length held equal',
    lead: lengthWords(length),
    table: {
      columns: ['Measure', 'Plain', 'Matched', 'Cut', ''].map((head) => cell(head)),
      rows,
    },
  };
}

function everything(report: CompareReport, about: Abouts): Table {
  const table: TableView = {
    columns: [
      cell('Measure'),
      ...report.datasets.map((_, d) => named(report, d)),
      cell('Pairs that differ'),
    ],
    rows: Object.entries(report.measures).map(([id, { values, pairs, title }]) => [
      cell(oneLine(title), oneLine(id)),
      ...values.map((value) => valueCell(value, about[id])),
      cell(`${pairs.filter(({ verdict }) => verdict !== null).length} of ${pairs.length}`),
    ]),
  };
  return {
    id: 'everything',
    title: 'Every measure',
    lead: 'Values at equal n with 95 % intervals, and how many of the pairs differ (5 %, Holm over the pairs of the measure).',
    table,
    folded: `All ${formatRows(table.rows.length, 'measure')}`,
  };
}
