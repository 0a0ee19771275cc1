import type { CompareReport, Ranking } from '../compare/report.ts';
import type { About } from '../measures/measure.ts';
import { leadingIds } from './choose.ts';
import { scorerWords } from './dataset-words.ts';
import {
  axisTitle,
  directionWords,
  formatCount,
  formatInterval,
  formatNumber,
  formatRows,
  formatValue,
} from './format.ts';
import { mixtureLines } from './groups.ts';
import { lengthLines } from './length.ts';
import { cut, displayWidth, oneLine, pad, wrap } from './text.ts';

type Abouts = Readonly<Record<string, About>>;

/** Columns of a number, and of the standing before it. */
const COLUMN = 15;
const PLACE = 6;
const STANDING = 12;
const SHOWN = { measures: 5, warnings: 6 };

/** What a person reads after `gamut compare`: who leads each axis, and by which numbers. */
export function renderComparison(report: CompareReport, about: Abouts, columns: number): string {
  const width = Math.min(120, Math.max(60, columns));
  const blocks = [
    heading(report, width),
    report.warnings
      .slice(0, SHOWN.warnings)
      .flatMap((warning) => wrap(`! ${oneLine(warning)}`, width)),
    ...report.rankings.map((ranking) => rankingBlock(ranking, report, about, width)),
    front(report, width),
    thresholds(report, width),
    mixtures(report, width),
    lengths(report, about, width),
    prompts(report, width),
    rest(report, width),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(report: CompareReport, width: number): string[] {
  const { datasets, n, embedder, settings } = report;
  const own = datasets.filter(({ role }) => role === 'dataset').length;
  const beside = own < datasets.length ? ' and the reference' : '';
  const made = embedder
    ? `embedded by ${embedder.model} (${embedder.dims} dimensions)`
    : `vectors as given, ${settings.space} space`;
  const clusters = formatRows(settings.clusters, 'cluster');
  const scored = scorerWords(report).map((words) => `; ${words}`);
  return wrap(
    oneLine(
      `${formatRows(own, 'dataset')}${beside} at ${formatRows(n)} each, ${made}, ${clusters} shared by all, seed ${settings.seed}${scored.join('')}`,
    ),
    width,
  );
}

/** The measures that stand in the table of an axis: those that lead it, else the first of each family. */
export function shownIds(
  { axis, section }: Ranking,
  report: CompareReport,
  most: number,
): string[] {
  const all = Object.entries(report.measures).filter(
    ([, measure]) =>
      measure.axis === axis &&
      (measure.section ?? null) === section &&
      measure.values.some(({ value }) => value !== null),
  );
  const leading = leadingIds(axis, section);
  const ids = all.map(([id]) => id);
  const first = leading.filter((id) => ids.includes(id));
  return [...first, ...ids.filter((id) => !first.includes(id))].slice(0, most);
}

function rankingBlock(
  ranking: Ranking,
  report: CompareReport,
  about: Abouts,
  width: number,
): string[] {
  const { datasets, measures } = report;
  const names = datasets.map(({ name }) => oneLine(name));
  const fits = Math.floor((width - PLACE - STANDING - 24) / COLUMN);
  const ids = shownIds(ranking, report, Math.max(1, Math.min(SHOWN.measures, fits)));
  const room = width - PLACE - STANDING - ids.length * COLUMN;
  const widest = Math.min(room, Math.max(9, ...names.map(displayWidth)) + 1);
  const head =
    pad('place', PLACE) +
    pad('', widest) +
    ids.map((id) => pad(id, COLUMN - 1, 'left').padStart(COLUMN)).join('') +
    pad('more / less', STANDING, 'left');
  const line = (place: string, i: number, standing: string): string =>
    (
      pad(place, PLACE) +
      pad(shortened(names[i]!, widest - 1), widest) +
      ids
        .map((id) => pad(formatValue(measures[id]!.values[i]!.value, about[id]), COLUMN, 'left'))
        .join('') +
      pad(standing, STANDING, 'left')
    ).trimEnd();
  const rows = ranking.order.map(({ dataset, meanRank, more, less }) =>
    line(meanRank.toFixed(1), dataset, `${more} / ${less}`),
  );
  const reference = datasets.findIndex(({ role }) => role === 'reference');
  if (reference >= 0 && ranking.axis !== 'against') rows.push(line('', reference, ''));
  const less = ids.filter((id) => measures[id]!.more === 'less');
  const direction =
    directionWords(ranking.axis, 'more') +
    (less.length === 0 ? '' : `; lower is, of ${less.join(', ')}`);
  const place = `place: mean over ${formatRows(ranking.families, 'kind')} of measures`;
  return [
    axisTitle(ranking.axis, ranking.section),
    ...wrap(`${direction}. ${place}`, width - 2).map((text) => `  ${text}`),
    cut(head, width),
    ...rows,
  ];
}

/** A long name keeps both of its ends, where names of files differ. */
function shortened(name: string, width: number): string {
  if (displayWidth(name) <= width) return name;
  const half = Math.floor((width - 1) / 2);
  return `${Array.from(name)
    .slice(0, width - 1 - half)
    .join('')}…${Array.from(name).slice(-half).join('')}`;
}

function front({ front: found, datasets }: CompareReport, width: number): string[] {
  if (found === null) return [];
  const names = (all: readonly number[]): string =>
    all.map((i) => oneLine(datasets[i]!.name)).join(', ');
  const axes = found.axes.join(' and ').replace(/ and (?=.* and )/, ', ');
  return [
    ...wrap(`No other dataset leads in ${axes} at once (mean places)`, width),
    ...wrap(names(found.front), width - 2).map((line) => `  ${line}`),
    ...found.beaten.flatMap(({ dataset, by }) =>
      wrap(`beaten: ${names([dataset])} by ${names(by)}`, width - 2).map((line, i) =>
        i === 0 ? `  ${line}` : `    ${line}`,
      ),
    ),
  ];
}

/** What a rising threshold of quality costs each dataset, with the knee where there is one. */
function thresholds({ curves, datasets, settings }: CompareReport, width: number): string[] {
  if (curves === undefined) return [];
  const answers = curves.flatMap((curve, d) => {
    const answer = curve?.answer ?? 'nothing to filter: too few rows, or all of one quality.';
    return wrap(oneLine(`${datasets[d]!.name}: ${answer}`), width - 4).map(
      (line, i) => `${i === 0 ? '  ' : '    '}${line}`,
    );
  });
  return [cut(oneLine(`Diversity as quality rises (${settings.quality})`), width), ...answers];
}

const mixtures = ({ union, datasets }: CompareReport, width: number): string[] =>
  mixtureLines(union, (i) => oneLine(datasets[i]!.name), width);

function lengths(report: CompareReport, about: Abouts, width: number): string[] {
  const { length, rankings } = report;
  if (length === undefined) return [];
  const leading = rankings.flatMap((ranking) => shownIds(ranking, report, 2));
  const title = 'Length held equal';
  const lines = lengthLines(length, leading, about, width);
  const flagged = Object.values(length.measures).some(({ pairs }) =>
    pairs.some(({ goesWithLength }) => goesWithLength),
  );
  return flagged ? [title, ...lines] : [title, ...lines, '  No difference goes with length.'];
}

function prompts({ prompts: found, datasets }: CompareReport, width: number): string[] {
  if (found === null) return [];
  const { samePrompt, column } = found;
  const between = samePrompt.interval === null ? '' : ` (${formatInterval(samePrompt.interval)})`;
  const lines = [
    `Paired by ${formatRows(found.prompts, 'prompt')} (column ${oneLine(column)})`,
    ...wrap(
      `Answers of two datasets to the same prompt lie ${formatNumber(samePrompt.value ?? 0)}${between} apart in cosine distance.`,
      width - 2,
    ).map((line) => `  ${line}`),
  ];
  for (const [i, { acrossPrompts, toOthers, ownAnswers }] of found.datasets.entries()) {
    const own =
      ownAnswers === null ? '' : `, its own to one prompt ${formatNumber(ownAnswers.value ?? 0)}`;
    const text = `${oneLine(datasets[i]!.name)}: answers to different prompts ${formatNumber(acrossPrompts.value ?? 0)}, from the others' answers to the same ${formatNumber(toOthers.value ?? 0)}${own}`;
    lines.push(...wrap(text, width - 2).map((line, j) => (j === 0 ? `  ${line}` : `    ${line}`)));
  }
  return lines;
}

function rest({ measures, skipped, n }: CompareReport, width: number): string[] {
  const count = Object.keys(measures).length;
  const text = `more / less: how often a dataset has significantly more or less of the axis than another, over all measures and pairs (95 %, Holm over the pairs of a measure), all at ${formatRows(n)}. ${formatRows(count, 'measure')} with intervals and every pair with --json or --html.`;
  const lines = wrap(text, width);
  if (skipped.length > 0) {
    const ids = skipped.map(({ id }) => id).join(', ');
    lines.push(cut(oneLine(`${formatCount(skipped.length)} skipped: ${ids}`), width));
  }
  return lines;
}
