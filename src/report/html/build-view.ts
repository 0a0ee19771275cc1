import type {
  DatasetReport,
  MapReport,
  MeasureReport,
  Report,
  RowReport,
  Shown,
} from '../../audit/report.ts';
import type { About } from '../../measures/measure.ts';
import { type Baseline, baselineWords } from '../baseline.ts';
import { chooseMeasures, type Measured } from '../choose.ts';
import { datasetName, scorerWords } from '../dataset-words.ts';
import { figuresOf } from '../figures/figures.ts';
import {
  axisTitle,
  comparisonWords,
  directionWords,
  formatCount,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
  indexWords,
  sizeWords,
} from '../format.ts';
import { oneLine, reveal } from '../text.ts';
import { browseViews } from './browse.ts';
import type { Field } from './fields.ts';
import { modelFacts, scorerFacts } from './provenance.ts';
import { RAMP } from './ramp.ts';
import type {
  AxisView,
  BarView,
  BrowseView,
  Fact,
  FactsView,
  FigureView,
  MapView,
  MeasureView,
  RowView,
  SizeView,
  View,
} from './view.ts';

type Abouts = Readonly<Record<string, About>>;

/** Measures that lead an axis; the others start folded away. */
const LEADING = 5;

/** The report as the page shows it: words and positions instead of numbers and types. */
export function buildView(
  report: Report,
  map: MapReport | null,
  about: Abouts,
  fields: readonly Field[] = [],
  baseline: Baseline | null = null,
): View {
  const { dataset, reference } = report;
  const beside = [
    ...(reference ? [`held against ${datasetName(reference)}`] : []),
    ...(baseline ? [`beside the baseline ${baseline.name}`] : []),
  ];
  const largest = report.clusters[0]?.share ?? 1;
  const figures = figuresOf(report, about);
  const browse = browseViews(report);
  const there = placesThat(report, figures, browse);
  return {
    title: datasetName(dataset),
    against: beside.length > 0 ? beside.join('; ') : null,
    summary: summary(report),
    findings: report.findings.map(({ level, text, evidence, see = [] }) => ({
      level,
      text: oneLine(text),
      evidence: [
        ...evidence
          .filter((id) => Object.hasOwn(report.measures, id))
          .map((id) => ({
            target: `measure-${oneLine(id)}`,
            title: oneLine(report.measures[id]!.title),
          })),
        ...see.flatMap((what) => (there[what] ? PLACES[what] : [])),
      ],
    })),
    warnings: report.warnings.map(oneLine),
    facts: facts(dataset, reference),
    map: map && mapView(map, fields),
    axes: axes(report, about, baseline),
    figures,
    uncovered: report.uncovered.map((region) => ({
      name: oneLine(region.name),
      words: region.words.map(oneLine),
      referenceShare: formatShare(region.referenceShare),
      size: region.referenceShare,
      detail: `${formatRows(region.referenceRows)} of the reference, ${
        region.rows === 0
          ? 'none here'
          : `${formatRows(region.rows)} here (${formatShare(region.share)})`
      }`,
      samples: region.samples.map(rowView),
    })),
    clusters: report.clusters.map((cluster) => ({
      cluster: cluster.cluster,
      name: oneLine(cluster.name),
      words: cluster.words.map(oneLine),
      rows: formatRows(cluster.rows),
      share: formatShare(cluster.share),
      size: cluster.share / largest,
      spread: formatNumber(cluster.spread),
      samples: cluster.samples.map(rowView),
    })),
    pairs: report.nearestPairs.map((pair) => ({
      similarity: formatNumber(pair.similarity),
      identical: pair.identical,
      a: rowView(pair.a),
      b: rowView(pair.b),
    })),
    browse,
    provenance: provenance(report),
    skipped: report.skipped.map(({ id, why }) => ({ id: oneLine(id), why: oneLine(why) })),
  };
}

/** Where a finding's evidence stands beside the measures, and what the link is called. */
const PLACES: Readonly<Record<Shown, { readonly target: string; readonly title: string }>> = {
  duplicates: { target: 'rows-duplicates', title: 'Groups of duplicates' },
  templates: { target: 'rows-templates', title: 'Templates' },
  openings: { target: 'rows-openings', title: 'Openings' },
  remove: { target: 'rows-remove', title: 'What to remove' },
  outliers: { target: 'rows-outliers', title: 'Rows that stand alone' },
  uncovered: { target: 'uncovered', title: 'Missing from the dataset' },
  clusters: { target: 'clusters', title: 'Clusters' },
  lengths: { target: 'figure-lengths', title: 'Lengths' },
  quality: { target: 'figure-quality-diversity', title: 'Quality against diversity' },
};

/** Which of these places the page has. */
function placesThat(
  report: Report,
  figures: readonly FigureView[],
  browse: readonly BrowseView[],
): Readonly<Record<Shown, boolean>> {
  const targets = new Set([
    ...browse.map(({ id }) => `rows-${id}`),
    ...figures.map(({ id }) => `figure-${id}`),
    ...(report.uncovered.length > 0 ? ['uncovered'] : []),
    ...(report.clusters.length > 0 ? ['clusters'] : []),
  ]);
  const known = Object.entries(PLACES).map(([what, { target }]) => [what, targets.has(target)]);
  return Object.fromEntries(known) as Record<Shown, boolean>;
}

const rowView = ({ id, text }: RowReport): RowView => ({
  id: oneLine(id),
  text: text === null ? null : reveal(text),
});

function summary(report: Report): string {
  const { dataset, embedder } = report;
  const rows = `${formatRows(dataset.rows)} of ${dataset.kind}`;
  const made = embedder ? `${rows}, embedded by ${embedder.title}` : rows;
  return [made, ...scorerWords(report).map(oneLine)].join('; ');
}

function facts(dataset: DatasetReport, reference: DatasetReport | null): FactsView {
  const both = reference ? [dataset, reference] : [dataset];
  const line = (name: string, of: (one: DatasetReport) => string | null): string[][] => {
    const values = both.map(of);
    return values.some((value) => value !== null)
      ? [[name, ...values.map((value) => value ?? '–')]]
      : [];
  };
  return {
    columns: reference ? ['Dataset', 'Reference'] : ['Dataset'],
    rows: [
      ...line('Source', ({ sources }) => sources.map(({ path }) => oneLine(path)).join(', ')),
      ...line('Rows', ({ rows }) => formatCount(rows)),
      ...line('Exact duplicates', ({ exactDuplicates }) => formatCount(exactDuplicates)),
      ...line('Read as', ({ sources }) => {
        const texts = new Set(
          sources.flatMap(({ text }) => (text === null ? [] : [oneLine(text)])),
        );
        return texts.size > 0 ? [...texts].join('; ') : null;
      }),
      ...line(
        'Tokens a row',
        ({ tokens }) =>
          tokens &&
          `${formatNumber(tokens.mean)} on average, ${formatNumber(tokens.median)} in the middle, ${formatNumber(tokens.max)} at most`,
      ),
      ...line(
        'Too long for the model',
        ({ long }) =>
          long &&
          `${formatCount(long.rows)} over ${formatCount(long.maxTokens)} tokens${
            long.rows === 0 ? '' : long.treatment === 'mean' ? ', averaged over windows' : ', cut'
          }`,
      ),
      ...line('Left out', ({ badRows }) =>
        badRows.count === 0
          ? null
          : `${formatRows(badRows.count)}; first: ${badRows.first
              .slice(0, 3)
              .map(({ source, line: at, why }) => oneLine(`${source}:${at} ${why}`))
              .join('; ')}`,
      ),
    ],
  };
}

function axes(report: Report, about: Abouts, baseline: Baseline | null): AxisView[] {
  return chooseMeasures(report, LEADING).map(({ axis, section, key, rest }) => {
    const view = ([id, measure]: Measured): MeasureView =>
      measureView(id, measure, about[id], report, baseline);
    return {
      axis: section === null ? axis : `${axis}-${section}`,
      title: axisTitle(axis, section),
      key: key.map(view),
      rest: rest.map(view),
      compares: [...key, ...rest].some(([, measure]) => measure.compared !== undefined),
    };
  });
}

function measureView(
  id: string,
  measure: MeasureReport,
  about: About | undefined,
  report: Report,
  baseline: Baseline | null,
): MeasureView {
  const reference = measure.compared?.reference ?? null;
  const notes = [];
  if (measure.why !== undefined) notes.push(oneLine(measure.why));
  if (measure.method === 'sampled') notes.push(`From a sample of ${formatRows(measure.n)}.`);
  return {
    id: oneLine(id),
    title: oneLine(measure.title),
    reads: about ? oneLine(about.reads) : '',
    direction: directionWords(measure.axis, measure.more),
    value: formatValue(measure.value, about),
    interval: measure.interval && formatInterval(measure.interval, about),
    reference: reference === null ? null : formatValue(reference, about),
    comparison: comparisonWords(measure, about),
    baseline: baseline && baselineWords(id, measure, baseline, report, about),
    note: notes.length > 0 ? notes.join(' ') : null,
    cite: about?.cite ?? '',
    unit: about?.unit ?? null,
    bar: about ? barView(measure, about, report) : null,
    size: sizeView(measure, about),
  };
}

function sizeView(measure: MeasureReport, about: About | undefined): SizeView | null {
  const words = sizeWords(measure, about);
  if (measure.size === undefined || words === null) return null;
  const { curve } = measure.size;
  return {
    words,
    curve: curve.length < 3 ? null : curvePoints(curve),
    points: curve
      .map(({ n, value }) => `${formatRows(n)}: ${formatValue(value, about)}`)
      .join('; '),
  };
}

/** A curve in a square of side 1: doublings of the rows to the right, values upwards from their least. */
function curvePoints(curve: NonNullable<MeasureReport['size']>['curve']): [number, number][] {
  const values = curve.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A change of less than a tenth of the value is drawn as small as it is.
  const span = Math.max(high - low, Math.abs(high) / 10) || 1;
  const [first, last] = [Math.log(curve[0]!.n), Math.log(curve.at(-1)!.n)];
  const middle = (low + high) / 2;
  return curve.map(({ n, value }) => [
    (Math.log(n) - first) / (last - first),
    0.5 + (value - middle) / span,
  ]);
}

/** Where the value lies in its range; a reference at another n has no place on the same bar. */
function barView(measure: MeasureReport, about: About, report: Report): BarView | null {
  const [low, top] = about.range;
  const sizes = {
    n: measure.n,
    d: report.embedder?.dims ?? Number.POSITIVE_INFINITY,
    k: report.settings.clusters?.k ?? Number.POSITIVE_INFINITY,
  };
  const high = typeof top === 'number' ? top : sizes[top];
  if (measure.value === null || !Number.isFinite(low) || !Number.isFinite(high) || high <= low) {
    return null;
  }
  const place = (value: number): number => Math.min(1, Math.max(0, (value - low) / (high - low)));
  const { compared } = measure;
  const comparable = compared && compared.n === measure.n ? compared.reference : null;
  return {
    at: place(measure.value),
    interval: measure.interval && [place(measure.interval[0]), place(measure.interval[1])],
    reference: comparable === null ? null : place(comparable),
    low: formatValue(low, about),
    high: formatValue(high, about),
  };
}

function mapView(map: MapReport, fields: readonly Field[]): MapView {
  const referencePoints = map.cluster.reduce(
    (count, cluster) => count + (cluster === -1 ? 1 : 0),
    0,
  );
  const points = map.cluster.length - referencePoints;
  const drawn =
    points < map.of
      ? `${formatCount(points)} of ${formatRows(map.of)}, drawn at random`
      : `All ${formatRows(points)}`;
  const beside =
    referencePoints > 0 ? `, and ${formatCount(referencePoints)} of the reference` : '';
  return {
    points,
    referencePoints,
    caption: `${drawn}${beside}; laid out by ${oneLine(map.engine)}.`,
    fields: fields.map(({ view }) => view),
    ramp: RAMP,
  };
}

function provenance(report: Report): Fact[] {
  const { embedder, settings, index } = report;
  const rows: Fact[] = [['gamut', `${report.gamut} (${report.schema})`], ...modelFacts(embedder)];
  if (embedder) rows.push(['Model hash', embedder.hash], ['Device', embedder.device]);
  rows.push(
    ...scorerFacts(report.scorers),
    ['Space', settings.space],
    ['Measures asked for', settings.measures],
    ['Near-duplicates from', `cosine ${settings.duplicateAt}`],
  );
  if (settings.clusters) {
    const { k, source } = settings.clusters;
    rows.push([
      'Clusters',
      `${formatCount(k)}, ${source === 'found' ? 'found' : 'given as labels'}`,
    ]);
  }
  if (index) {
    rows.push(['Neighbours', `${index.k} a row, ${indexWords(index)} (${index.why})`]);
  }
  rows.push(['Seed', String(settings.seed)]);
  return rows.map(([name, value]) => [name, oneLine(value)]);
}
