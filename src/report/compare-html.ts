import type { CompareMap, CompareReport } from '../compare/report.ts';
import type { About, Value } from '../measures/measure.ts';
import { seriesOf } from './charts/colours.ts';
import { forest } from './charts/forest.ts';
import { radar } from './charts/radar.ts';
import { scatter } from './charts/scatter.ts';
import { shownIds } from './compare.ts';
import {
  axisTitle,
  directionWords,
  formatInterval,
  formatNumber,
  formatRows,
  formatValue,
} from './format.ts';
import { element as el, escaped, stillPage } from './html/still-page.ts';

type Abouts = Readonly<Record<string, About>>;

/** Measures of each axis in the radar and in the forest plots. */
const SPOKES = 4;
const PLOTS = 6;

/** The comparison as one HTML file that opens from disk, runs no script and loads nothing. */
export function renderComparisonHtml(
  report: CompareReport,
  map: CompareMap | null,
  about: Abouts,
): string {
  const own = report.datasets.filter(({ role }) => role === 'dataset').length;
  const body = [
    el('header', { class: 'masthead' }, el('span', { class: 'mark' }, 'gamut compare')),
    el('h1', {}, escaped(`${formatRows(own, 'dataset')} at ${formatRows(report.n)} each`)),
    legend(report),
    ...report.warnings.map((warning) => el('p', {}, escaped(`! ${warning}`))),
    radarOf(report, about),
    ...report.rankings.map((_, i) => axisOf(report, i, about)),
    mixtures(report),
    promptsOf(report),
    map === null ? '' : mapOf(report, map),
    everything(report, about),
  ];
  return stillPage('gamut compare', ['page', 'charts'], body.join('\n'));
}

const section = (title: string, words: string, ...content: readonly string[]): string =>
  el('section', {}, el('h2', {}, escaped(title)), el('p', {}, escaped(words)), ...content);

const swatch = (i: number): string => el('span', { class: `swatch ${seriesOf(i)}` });

const named = (report: CompareReport, i: number): string =>
  swatch(i) + el('span', { class: 'data' }, escaped(report.datasets[i]!.name));

const legend = (report: CompareReport): string =>
  el('ul', { class: 'legend' }, ...report.datasets.map((_, i) => el('li', {}, named(report, i))));

const rowOf = (tag: 'td' | 'th', cells: readonly string[]): string =>
  el('tr', {}, ...cells.map((cell) => el(tag, {}, cell)));

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  el(
    'div',
    { class: 'wide' },
    el(
      'table',
      {},
      el('thead', {}, rowOf('th', head)),
      el('tbody', {}, ...rows.map((cells) => rowOf('td', cells))),
    ),
  );

function radarOf(report: CompareReport, about: Abouts): string {
  const spokes = report.rankings
    .flatMap((ranking) => shownIds(ranking, report, SPOKES))
    .map((id) => {
      const { values, more, title } = report.measures[id]!;
      const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const share = ({ value }: Value): number | null => {
        if (value === null) return null;
        if (high === low) return 0.5;
        return more === 'more' ? (value - low) / (high - low) : (high - value) / (high - low);
      };
      return { name: about[id]?.title ?? title, shares: values.map(share) };
    });
  if (spokes.length < 3) return '';
  return section(
    'At a glance',
    'Outward is more of the axis. Every spoke runs from the least to the most among these datasets, so a small difference can look large: the intervals below say which are.',
    radar(
      spokes,
      report.datasets.map(({ name }) => name),
    ),
  );
}

function axisOf(report: CompareReport, which: number, about: Abouts): string {
  const ranking = report.rankings[which]!;
  const { axis, section: part } = ranking;
  const ids = shownIds(ranking, report, PLOTS);
  const rows = ranking.order.map(({ dataset, meanRank, more, less }) => [
    named(report, dataset),
    escaped(formatNumber(Math.round(meanRank * 10) / 10)),
    String(more),
    String(less),
  ]);
  const plots = ids.map((id) => {
    const { values, title, more } = report.measures[id]!;
    const direction = directionWords(axis, more);
    return forest(
      `${title} (${id}): ${direction}`,
      values.flatMap((value, i) =>
        value.value === null
          ? []
          : [
              {
                name: report.datasets[i]!.name,
                ...{ value: value.value, interval: value.interval, series: i },
                words: wordsOf(value, about[id]),
              },
            ],
      ),
    );
  });
  return section(
    axisTitle(axis, part),
    `Mean place over ${formatRows(ranking.families, 'kind')} of measures, and over how many measures and other datasets together it has significantly more or less.`,
    tableOf(['', 'mean place', 'more', 'less'], rows),
    ...plots,
  );
}

const wordsOf = ({ value, interval }: Value, about: About | undefined): string =>
  formatValue(value, about) + (interval === null ? '' : ` (${formatInterval(interval, about)})`);

function mixtures(report: CompareReport): string {
  const { alone, pairs, n } = report.union;
  const size = alone.length;
  const cell = (i: number, j: number): string => {
    if (i === j) return formatNumber(alone[i]!);
    const found = pairs.find(({ a, b }) => a === Math.min(i, j) && b === Math.max(i, j))!;
    return `${formatNumber(found.mixed)}${el('small', {}, `union ${formatNumber(found.union)}`)}`;
  };
  const indices = Array.from({ length: size }, (_, i) => i);
  return section(
    'Mixtures',
    `Vendi scores: alone on the diagonal; beside it of ${formatRows(n)} of which half are from each, and of all rows of both. More than both alone: each has what the other lacks.`,
    tableOf(
      ['', ...indices.map((i) => swatch(i))],
      indices.map((i) => [named(report, i), ...indices.map((j) => cell(i, j))]),
    ),
  );
}

function promptsOf(report: CompareReport): string {
  const { prompts } = report;
  if (prompts === null) return '';
  return section(
    'Prompt by prompt',
    `All datasets answer the same ${formatRows(prompts.prompts, 'prompt')} (column ${prompts.column}); differences are paired by them. Mean cosine distances between answers.`,
    tableOf(
      ['', 'to different prompts', 'own, same prompt', "from others' to the same prompt"],
      prompts.datasets.map(({ acrossPrompts, ownAnswers, toOthers }, i) => [
        named(report, i),
        wordsOf(acrossPrompts, undefined),
        ownAnswers === null ? 'one each' : wordsOf(ownAnswers, undefined),
        wordsOf(toOthers, undefined),
      ]),
    ),
  );
}

const mapOf = (report: CompareReport, map: CompareMap): string =>
  section(
    'Map',
    `UMAP of equally many rows of each dataset, ${formatRows(map.of.length)} in all.`,
    legend(report),
    scatter(map.x, map.y, map.of),
  );

function everything(report: CompareReport, about: Abouts): string {
  const rows = Object.entries(report.measures).map(([id, { values, pairs, title }]) => [
    `${escaped(title)}${el('small', {}, escaped(id))}`,
    ...values.map((value) => {
      const interval =
        value.interval === null ? (value.why ?? '') : formatInterval(value.interval, about[id]);
      return escaped(formatValue(value.value, about[id])) + el('small', {}, escaped(interval));
    }),
    `${pairs.filter(({ verdict }) => verdict !== null).length} of ${pairs.length}`,
  ]);
  return section(
    'Every measure',
    'Values at equal n with 95 % intervals, and how many of the pairs differ (5 %, Holm over the pairs of the measure).',
    tableOf(['', ...report.datasets.map((_, i) => named(report, i)), 'pairs that differ'], rows),
  );
}
