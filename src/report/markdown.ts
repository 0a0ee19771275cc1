import type { MeasureReport, Report } from '../audit/report.ts';
import type { About } from '../measures/measure.ts';
import { type Baseline, baselineWords } from './baseline.ts';
import { type AxisMeasures, chooseMeasures } from './choose.ts';
import { datasetName, datasetWords, scorerWords } from './dataset-words.ts';
import {
  axisTitle,
  directionWords,
  formatCount,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
} from './format.ts';
import { groupCells, groupName, groupsWords } from './groups.ts';
import { lengthCell, lengthWords, outcomeWords, shownLengths } from './length.ts';
import {
  code,
  escaped,
  findingLines,
  folded,
  footerOf,
  page,
  table,
  warningLines,
} from './markdown-parts.ts';
import { curveCells, curveTitle } from './tradeoff.ts';
import { fillerWords, sharedForms, withoutWords } from './why.ts';

type Abouts = Readonly<Record<string, About>>;

/** The most of each list; the whole of it is in the JSON and the HTML. */
const SHOWN = {
  measures: 6,
  lengths: 20,
  regions: 8,
  clusters: 10,
  pairs: 5,
  influence: 5,
  forms: 10,
  outliers: 5,
};

/**
 * The report as Markdown, for a pull request or a wiki: findings, the leading numbers, what is missing
 * and repeated, the rest folded. What comes from a dataset is escaped or in code, where it can neither
 * be markup nor call people or issues by name.
 */
export function renderMarkdown(
  report: Report,
  about: Abouts,
  /** An earlier report, to stand beside each number. */
  baseline: Baseline | null = null,
): string {
  const beside = (id: string, measure: MeasureReport): string | null =>
    baseline && baselineWords(id, measure, baseline, report, about[id]);
  const axes = chooseMeasures(report, SHOWN.measures);
  const blocks = [
    `# ${escaped(datasetName(report.dataset))}`,
    heading(report, baseline),
    findingLines(report.findings.map((one) => ({ ...one, evidence: one.evidence.map(code) }))),
    warningLines(report.warnings),
    ...axes.map((axis) => axisTable(axis, axis.key, about, beside)),
    lengths(report, axes, about),
    groups(report),
    tradeoff(report),
    regions(report),
    influence(report),
    folded('How lines begin', forms(report)),
    folded('Rows far from everything', outliers(report)),
    folded('Largest clusters', clusters(report)),
    folded('Nearest pairs', pairs(report)),
    folded(
      'All other measures',
      axes
        .filter(({ rest }) => rest.length > 0)
        .map((axis) => axisTable(axis, axis.rest, about, beside))
        .join('\n\n'),
    ),
    footerOf(report),
  ];
  return page(blocks);
}

function heading(report: Report, baseline: Baseline | null): string {
  const { dataset, reference, embedder } = report;
  const against = reference
    ? `, held against ${escaped(datasetName(reference))} (${escaped(datasetWords(reference))})`
    : '';
  const made = embedder ? `, embedded by ${escaped(embedder.title)}` : '';
  const before = baseline ? `; beside the baseline ${escaped(baseline.name)}` : '';
  const scored = scorerWords(report).map((words) => `; ${escaped(words)}`);
  return `${escaped(datasetWords(dataset))}${against}${made}${scored.join('')}${before}.`;
}

function axisTable(
  { axis, section }: AxisMeasures,
  measures: readonly (readonly [string, MeasureReport])[],
  about: Abouts,
  beside: (id: string, measure: MeasureReport) => string | null,
): string {
  if (measures.length === 0) return '';
  const compares = measures.some(([, { compared }]) => compared !== undefined);
  const stands = measures.map(([id, measure]) => beside(id, measure));
  const known = stands.some((words) => words !== null);
  const heads = [
    ...['Measure', 'Value', '95 % interval'],
    ...[...(compares ? ['Reference'] : []), ...(known ? ['Beside the baseline'] : []), ''],
  ];
  const rows = measures.map(([id, measure], i) => {
    const one = about[id];
    const { interval, compared } = measure;
    const other = compared === undefined ? '' : formatValue(compared.reference, one);
    const at =
      compared === undefined || compared.n === measure.n ? '' : ` at ${formatCount(compared.n)}`;
    return [
      `${escaped(measure.title)} ${code(id)}`,
      `**${formatValue(measure.value, one)}**`,
      interval === null ? '–' : formatInterval(interval, one),
      ...(compares ? [`${other}${at}`] : []),
      ...(known ? [escaped(stands[i] ?? '–')] : []),
      directionWords(measure.axis, measure.more),
    ];
  });
  return `## ${axisTitle(axis, section)}\n\n${table(heads, rows)}`;
}

function lengths({ length }: Report, axes: readonly AxisMeasures[], about: Abouts): string {
  if (length === undefined) return '';
  const leading = axes.flatMap(({ key }) => key.map(([id]) => id));
  const rows = shownLengths(length, leading, SHOWN.lengths).map(([id, measure]) => [
    `${escaped(measure.title)} ${code(id)}`,
    ...[measure.plain, measure.matched, measure.cut].map((values) => lengthCell(values, about[id])),
    measure.pairs[0] === undefined ? '' : (outcomeWords(measure.pairs[0]) ?? ''),
  ]);
  const heads = ['Measure', 'Plain', 'Matched', 'Cut', ''];
  return `## Length held equal\n\n${escaped(lengthWords(length))}\n\n${table(heads, rows)}`;
}

function groups({ groups: found }: Report): string {
  if (found === undefined) return '';
  const named = (group: (typeof found.groups)[number]): string =>
    group.name === null ? groupName(group) : code(group.name);
  const rows = found.groups.map((group) => {
    const { rows: size, share, vendi, rarefied, interval } = groupCells(group);
    return [named(group), size, share, vendi, rarefied, interval || '–'];
  });
  const at = found.at === null ? 'At equal rows' : `At ${formatRows(found.at)}`;
  const heads = ['Group', 'Rows', 'Share', 'Vendi', at, '95 % interval'];
  const title = `## Groups of ${escaped(found.column)}\n\n${groupsWords(found)}`;
  return [`${title}\n\n${table(heads, rows)}`, gains(found, named)].filter(Boolean).join('\n\n');
}

/** What the row's group gains where half of its rows give way to the column's. */
function gains(
  { gain, groups: all }: NonNullable<Report['groups']>,
  named: (group: (typeof all)[number]) => string,
): string {
  if (gain === null) return '';
  const names = gain.groups.map((g) => named(all[g]!));
  const rows = gain.gain.map((row, a) => [
    names[a]!,
    formatNumber(gain.alone[a]!),
    ...row.map((ratio, b) => (a === b ? '–' : `×${formatNumber(ratio)}`)),
  ]);
  const heads = [`Vendi of ${formatRows(gain.n)}`, 'alone', ...names.map((name) => `half ${name}`)];
  return folded('What groups add to each other', table(heads, rows));
}

function tradeoff({ tradeoff: found }: Report): string {
  const [heads, ...rows] = curveCells(found);
  return heads === undefined ? '' : `## ${curveTitle(found!)}\n\n${table(heads, rows)}`;
}

function regions({ uncovered }: Report): string {
  if (uncovered.length === 0) return '';
  const rows = uncovered
    .slice(0, SHOWN.regions)
    .map(({ name, referenceShare, rows: here, samples }) => [
      code(name),
      formatShare(referenceShare),
      formatCount(here),
      code(samples[0]?.text ?? ''),
    ]);
  const heads = ['Region', 'Of the reference', 'Rows here', 'For example'];
  return `## Missing from the dataset\n\n${table(heads, rows)}`;
}

/** What to remove and what carries the diversity: the score without many rows, then single ones. */
function influence(report: Report): string {
  const { influence: found } = report.why;
  if (found === null || found.remove.length + found.carry.length === 0) return '';
  const lines = [...withoutWords(report, 'remove'), ...withoutWords(report, 'carry')].map(
    ({ vendi, words }) => `- **${vendi}** ${escaped(words)}`,
  );
  const rows = [
    ...found.remove.slice(0, SHOWN.influence),
    ...found.carry.slice(0, SHOWN.influence),
  ];
  const cells = rows.map((row) => [
    formatNumber(row.vendi),
    formatCount(row.rows),
    `${code(row.id)} ${code(row.text ?? '')}`,
  ]);
  const head = `The Vendi score is ${formatNumber(found.vendi)}. It would be:`;
  return [
    '## What to remove, what carries the diversity',
    head,
    lines.join('\n'),
    table(['Adds to the score', 'Rows like it', 'Row'], cells),
  ].join('\n\n');
}

function forms(report: Report): string {
  const shown = sharedForms(report).slice(0, SHOWN.forms);
  if (shown.length === 0) return '';
  const rows = shown.map((form) => [
    formatShare(form.share),
    code(form.text),
    code(fillerWords(form) ?? ''),
  ]);
  return table(['Of the rows', 'A line begins with', 'Where it differs'], rows);
}

function outliers({ why }: Report): string {
  const shown = why.outliers?.rows.slice(0, SHOWN.outliers) ?? [];
  if (shown.length === 0) return '';
  const rows = shown.map(({ distance, id, text }) => [
    formatNumber(distance),
    `${code(id)} ${code(text ?? '')}`,
  ]);
  return table(['Distance to the nearest', 'Row'], rows);
}

function clusters(report: Report): string {
  if (report.clusters.length === 0) return '';
  const rows = report.clusters
    .slice(0, SHOWN.clusters)
    .map(({ name, rows: size, share, samples }) => [
      code(name),
      formatRows(size),
      formatShare(share),
      code(samples[0]?.text ?? ''),
    ]);
  return table(['Cluster', 'Rows', 'Share', 'For example'], rows);
}

function pairs({ nearestPairs }: Report): string {
  if (nearestPairs.length === 0) return '';
  const rows = nearestPairs
    .slice(0, SHOWN.pairs)
    .map(({ similarity, identical, a, b }) => [
      identical ? 'equal' : formatNumber(similarity),
      `${code(a.id)} ${code(a.text ?? '')}`,
      `${code(b.id)} ${code(b.text ?? '')}`,
    ]);
  return table(['Similarity', 'One', 'Other'], rows);
}
