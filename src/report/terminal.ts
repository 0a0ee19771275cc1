import type { Finding, Report } from '../audit/report.ts';
import type { About } from '../measures/measure.ts';
import { type Baseline, baselineWords } from './baseline.ts';
import { type AxisMeasures, chooseMeasures, type Measured } from './choose.ts';
import { datasetName, datasetWords, scorerWords } from './dataset-words.ts';
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
} from './format.ts';
import { groupCells, groupName, groupsWords, mixtureLines } from './groups.ts';
import { lengthLines } from './length.ts';
import { cut, displayWidth, oneLine, pad, sparkline, wrap } from './text.ts';
import { tradeoffLines } from './tradeoff.ts';
import { fillerWords, sharedForms, withoutWords } from './why.ts';

export interface TerminalOptions {
  /** Columns; below 60 the lines are laid out for 60, above 100 for 100. */
  readonly width: number;
  readonly colour: boolean;
  /** An earlier report, to stand beside each number. */
  readonly baseline?: Baseline | null;
}

type Abouts = Readonly<Record<string, About>>;
type Paint = (text: string) => string;
type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

interface Page {
  readonly width: number;
  readonly paint: Readonly<Record<Style, Paint>>;
  readonly baseline: Baseline | null;
}

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
};

/** The most rows of each list; the whole of it is in the JSON and the HTML. */
const SHOWN = {
  ...{ measures: 6, groups: 10, clusters: 5, pairs: 3, uncovered: 4, warnings: 5 },
  ...{ remove: 3, carry: 2, forms: 4 },
};

/** The summary that a person reads after an audit: findings first, then the numbers they rest on. */
export function renderTerminal(report: Report, about: Abouts, options: TerminalOptions): string {
  const style = (name: Style): Paint => {
    const [on, off] = CODES[name];
    return options.colour ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  };
  const page: Page = {
    width: Math.min(100, Math.max(60, options.width)),
    baseline: options.baseline ?? null,
    paint: {
      bold: style('bold'),
      dim: style('dim'),
      red: style('red'),
      yellow: style('yellow'),
      green: style('green'),
      cyan: style('cyan'),
    },
  };
  const chosen = chooseMeasures(report, SHOWN.measures);
  const blocks = [
    heading(report, page),
    findings(report.findings, page),
    warnings(report.warnings, page),
    ...chosen.map((axis) => axisBlock(axis, report, about, page)),
    lengths(report, chosen, about, page),
    groups(report, page),
    tradeoff(report, page),
    uncovered(report, page),
    influence(report, 'remove', page),
    influence(report, 'carry', page),
    forms(report, page),
    clusters(report, page),
    pairs(report, page),
    rest(report, chosen, page),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(report: Report, { width, paint, baseline }: Page): string[] {
  const lines = [paint.bold(cut(datasetName(report.dataset), width))];
  lines.push(...wrap(datasetWords(report.dataset), width));
  if (report.reference) {
    const reference = `against ${datasetName(report.reference)}: ${datasetWords(report.reference)}`;
    lines.push(...wrap(reference, width));
  }
  if (baseline) lines.push(...wrap(`beside the baseline ${baseline.name}`, width));
  const { embedder, settings } = report;
  const made = embedder
    ? `embedded by ${embedder.model} (${embedder.dims} dimensions, ${embedder.device}), seed ${settings.seed}`
    : `vectors as given, ${settings.space} space, seed ${settings.seed}`;
  lines.push(...wrap(oneLine(made), width).map(paint.dim));
  for (const words of scorerWords(report)) lines.push(...wrap(words, width).map(paint.dim));
  if (report.index !== null && report.index.kind !== 'exact') {
    const found = `neighbours found by ${indexWords(report.index)}`;
    lines.push(...wrap(found, width).map(paint.dim));
  }
  return lines;
}

const MARKS = {
  problem: { mark: '✗ problem', style: 'red' },
  notice: { mark: '! notice ', style: 'yellow' },
  good: { mark: '✓ good   ', style: 'green' },
} as const;

function findings(all: readonly Finding[], { width, paint }: Page): string[] {
  return all.flatMap((finding) => {
    const { mark, style } = MARKS[finding.level];
    const indent = 13;
    return wrap(oneLine(finding.text), width - indent).map((line, place) =>
      place === 0 ? `  ${paint[style](mark)}  ${line}` : `${' '.repeat(indent)}${line}`,
    );
  });
}

function warnings(all: readonly string[], { width, paint }: Page): string[] {
  const lines = all
    .slice(0, SHOWN.warnings)
    .flatMap((warning) =>
      wrap(oneLine(warning), width - 4).map((line, place) =>
        place === 0 ? `  ${paint.yellow('!')} ${line}` : `    ${line}`,
      ),
    );
  if (lines.length === 0) return [];
  const left = all.length - SHOWN.warnings;
  if (left > 0) lines.push(paint.dim(`    and ${left} more in the report`));
  return [paint.bold('Warnings'), ...lines];
}

/** Columns of the numbers; the title takes what is left. */
const COLUMNS = { value: 9, interval: 19, reference: 11 };

function axisBlock(axis: AxisMeasures, report: Report, about: Abouts, page: Page): string[] {
  const { width, paint, baseline } = page;
  const compares = axis.key.some(([, measure]) => measure.compared !== undefined);
  const numbers = COLUMNS.value + COLUMNS.interval + (compares ? COLUMNS.reference : 0);
  const title = width - numbers - 2;
  const head =
    pad(axisTitle(axis.axis, axis.section), title + 2) +
    pad('value', COLUMNS.value, 'left') +
    pad('95 % interval', COLUMNS.interval, 'left') +
    (compares ? pad('reference', COLUMNS.reference, 'left') : '');
  const directions = new Set(axis.key.map(([, measure]) => measure.more));
  const exception = directions.size > 1 ? '; where marked ↓, lower is' : '';
  const direction = directionWords(axis.axis, directions.has('more') ? 'more' : 'less');
  const lines = [paint.bold(head), paint.dim(`  ${direction}${exception}`)];
  for (const [id, measure] of axis.key) {
    const known = about[id];
    const name = `${oneLine(measure.title)}${measure.more === 'less' ? ' ↓' : ''}`;
    const interval = measure.interval ? formatInterval(measure.interval, known) : '';
    const reference = measure.compared?.reference ?? null;
    lines.push(
      (
        `  ${pad(name, title)}` +
        paint.bold(pad(formatValue(measure.value, known), COLUMNS.value, 'left')) +
        pad(interval, COLUMNS.interval, 'left') +
        (reference === null ? '' : pad(formatValue(reference, known), COLUMNS.reference, 'left'))
      ).trimEnd(),
    );
    const read = reading([id, measure], known, report, baseline);
    lines.push(...wrap(read, width - 4).map((line) => paint.dim(`    ${line}`)));
  }
  return lines;
}

/** What the number reads; why there is none; the comparison, where it is not at this very n. */
function reading(
  [id, measure]: Measured,
  known: About | undefined,
  report: Report,
  baseline: Baseline | null,
): string {
  const why = measure.value === null ? measure.why : undefined;
  const words = oneLine(why ?? known?.reads ?? '');
  const unequal = measure.compared !== undefined && measure.compared.n !== measure.n;
  const compared = unequal && report.reference ? comparisonWords(measure, known) : null;
  const size = sizeWords(measure, known);
  const curve = measure.size?.curve ?? [];
  const line = curve.length < 3 ? null : sparkline(curve.map(({ value }) => value));
  const before = baseline && baselineWords(id, measure, baseline, report, known);
  return [`${id}: ${words}`, compared, before, line, size]
    .filter((part) => part !== null)
    .join(' ');
}

function lengths(
  { length }: Report,
  chosen: readonly AxisMeasures[],
  about: Abouts,
  { width, paint }: Page,
): string[] {
  if (length === undefined) return [];
  const leading = chosen.flatMap(({ key }) => key.map(([id]) => id));
  return [paint.bold('Length held equal'), ...lengthLines(length, leading, about, width)];
}

/** Columns of the table of groups; the name takes what is left. */
const GROUP_COLUMNS = { rows: 8, share: 8, vendi: 8, rarefied: 10, interval: 17 };

function groups({ groups: found }: Report, { width, paint }: Page): string[] {
  if (found === undefined) return [];
  const sizes = Object.entries(GROUP_COLUMNS) as [keyof typeof GROUP_COLUMNS, number][];
  const room = width - 2 - sizes.reduce((sum, [, size]) => sum + size, 0);
  const line = (name: string, cells: Readonly<Record<keyof typeof GROUP_COLUMNS, string>>) =>
    `  ${pad(name, room)}${sizes.map(([key, size]) => pad(cells[key], size, 'left')).join('')}`.trimEnd();
  const head = { rows: 'rows', share: 'share', vendi: 'Vendi' };
  const equal = found.at === null ? '' : `at ${formatCount(found.at)}`;
  const left = found.groups.length - SHOWN.groups;
  const mixtures =
    found.gain === null
      ? []
      : mixtureLines(
          found.gain,
          (i) => groupName(found.groups[found.gain!.groups[i]!]!),
          width - 2,
        );
  return [
    `${paint.bold(`Groups of ${oneLine(found.column)}`)} ${paint.dim(`(${formatRows(found.values, 'value')})`)}`,
    ...wrap(groupsWords(found), width - 2).map((text) => `  ${text}`),
    paint.dim(line('', { ...head, rarefied: equal, interval: equal && '95 % interval' })),
    ...found.groups
      .slice(0, SHOWN.groups)
      .map((group) => line(groupName(group), groupCells(group))),
    ...(left > 0 ? [paint.dim(`  and ${formatCount(left)} more with --json`)] : []),
    ...mixtures.map((text) => `  ${text}`),
  ];
}

function tradeoff(report: Report, { width, paint }: Page): string[] {
  const [head, note, ...lines] = tradeoffLines(report.tradeoff, width);
  return head === undefined ? [] : [paint.bold(head), paint.dim(note!), ...lines];
}

function uncovered(report: Report, { width, paint }: Page): string[] {
  if (report.uncovered.length === 0) return [];
  const lines = report.uncovered
    .slice(0, SHOWN.uncovered)
    .map((region) =>
      cut(
        `  ${pad(formatShare(region.referenceShare), 7, 'left')}  ${pad(
          region.rows === 0 ? 'no rows here' : `${formatRows(region.rows)} here`,
          13,
        )} ${oneLine(region.name)}`,
        width,
      ),
    );
  const left = report.uncovered.length - SHOWN.uncovered;
  if (left > 0) lines.push(paint.dim(`  and ${formatCount(left)} more`));
  return [`${paint.bold('Missing regions')} ${paint.dim('(share of the reference)')}`, ...lines];
}

const INFLUENCE = { remove: 'What to remove', carry: 'What carries the diversity' } as const;

/** The score without many rows, and the first of the rows that it rests on. */
function influence(report: Report, what: 'remove' | 'carry', { width, paint }: Page): string[] {
  const rows = report.why.influence?.[what].slice(0, SHOWN[what]) ?? [];
  if (rows.length === 0) return [];
  const lines = withoutWords(report, what).flatMap(({ vendi, words }) =>
    wrap(words, width - 11).map(
      (line, place) => `  ${paint.bold(pad(place === 0 ? vendi : '', 7, 'left'))}  ${line}`,
    ),
  );
  const column = Math.min(16, Math.max(...rows.map(({ id }) => displayWidth(oneLine(id)))));
  for (const row of rows) {
    const like = pad(row.rows > 1 ? `${formatCount(row.rows)} like` : '', 7, 'left');
    const text = row.text === null ? '' : cut(oneLine(row.text), width - 13 - column);
    lines.push(`  ${like}  ${paint.dim(pad(oneLine(row.id), column, 'left'))}  ${text}`.trimEnd());
  }
  const score = formatNumber(report.why.influence!.vendi);
  return [`${paint.bold(INFLUENCE[what])} ${paint.dim(`(Vendi score, now ${score})`)}`, ...lines];
}

/** How rows begin alike, with what fills the slots. */
function forms(report: Report, { width, paint }: Page): string[] {
  const lines = sharedForms(report)
    .slice(0, SHOWN.forms)
    .map((form) => {
      const text = cut(oneLine(form.text), width - 11);
      const fillers = oneLine(fillerWords(form) ?? '');
      const room = width - 13 - displayWidth(text);
      const shown = room < 20 || fillers === '' ? '' : `  ${paint.dim(cut(fillers, room))}`;
      return `  ${pad(formatShare(form.share), 7, 'left')}  ${text}${shown}`;
    });
  if (lines.length === 0) return [];
  return [`${paint.bold('How lines begin')} ${paint.dim('(share of rows)')}`, ...lines];
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of blocks, to an eighth of a column; any share above zero shows. */
function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

function clusters(report: Report, { width, paint }: Page): string[] {
  if (report.clusters.length === 0) return [];
  const largest = report.clusters[0]!.share;
  const lines = report.clusters.slice(0, SHOWN.clusters).map((cluster) => {
    const drawn = pad(bar(cluster.share / largest, 16), 16);
    const share = pad(formatShare(cluster.share), 7, 'left');
    const words = cluster.words.length > 0 ? cluster.words.join(', ') : cluster.name;
    return `  ${paint.cyan(drawn)} ${share}  ${cut(oneLine(words), width - 28)}`;
  });
  const count = formatRows(report.clusters.length, 'cluster');
  return [`${paint.bold('Largest clusters')} ${paint.dim(`(of ${count})`)}`, ...lines];
}

function pairs(report: Report, { width, paint }: Page): string[] {
  const shown = report.nearestPairs.slice(0, SHOWN.pairs);
  if (shown.length === 0) return [];
  const ids = shown.flatMap(({ a, b }) => [oneLine(a.id), oneLine(b.id)]);
  const column = Math.min(16, Math.max(...ids.map(displayWidth)));
  const lines = shown.flatMap((pair) => {
    const similarity = pair.identical ? 'equal' : formatNumber(pair.similarity);
    return [pair.a, pair.b].map((row, place) => {
      const head = pad(place === 0 ? similarity : '', 7, 'left');
      const text = row.text === null ? '' : cut(oneLine(row.text), width - 13 - column);
      return `  ${head}  ${paint.dim(pad(oneLine(row.id), column, 'left'))}  ${text}`.trimEnd();
    });
  });
  return [`${paint.bold('Nearest pairs')} ${paint.dim('(cosine similarity)')}`, ...lines];
}

/** One line on what is not shown here, one on what could not be measured. */
function rest(report: Report, chosen: readonly AxisMeasures[], { width, paint }: Page): string[] {
  const lines: string[] = [];
  const more = chosen.reduce((count, axis) => count + axis.rest.length, 0);
  if (more > 0) lines.push(`${formatRows(more, 'more measure')} with --json or --html`);
  if (report.skipped.length > 0) {
    const ids = report.skipped.map(({ id }) => id).join(', ');
    lines.push(cut(oneLine(`${formatCount(report.skipped.length)} skipped: ${ids}`), width));
  }
  return lines.map(paint.dim);
}
