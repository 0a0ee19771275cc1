import { formatCount, formatNumber, formatShare, MISSING, THIN } from '../base/numbers.ts';
import type { BenchReport, EmbeddersReport, SetupReport, Timing } from '../bench/report.ts';
import { displayWidth, oneLine, pad } from './text.ts';

/** Cells as they are shown: the first column is words, all others are numbers. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MIB = 2 ** 20;

const optional = (value: number | null, format = formatNumber): string =>
  value === null ? MISSING : format(value);

/** What each setup costs under each load. */
export function costTable({ setups }: Pick<BenchReport, 'setups'>): Table {
  const rows = setups.flatMap((setup) => setup.timings.map((timing) => costRow(setup, timing)));
  const head = [
    ...['embedder', 'batch', 'words', 'rows/s', '±', 'tokens/s', 'p50 ms', 'p99 ms'],
    ...['load s', 'MiB', 'padding', 'waits'],
  ];
  return { head, rows };
}

function costRow({ name }: SetupReport, timing: Timing): string[] {
  const { rowsPerSecond, tokensPerSecond, latency, paddingShare, waitingShare } = timing;
  return [
    ...[oneLine(name), formatCount(timing.batch)],
    timing.length === 'own' ? 'own' : formatCount(timing.length),
    formatNumber(rowsPerSecond.median) + (timing.doubts.length > 0 ? '?' : ''),
    formatShare(rowsPerSecond.spread / rowsPerSecond.median),
    optional(tokensPerSecond?.median ?? null),
    ...[formatNumber(latency.p50), formatNumber(latency.p99)],
    formatNumber(timing.loadMs / 1000),
    formatCount(Math.round(timing.peakBytes / MIB)),
    optional(paddingShare, formatShare),
    optional(waitingShare, formatShare),
  ];
}

/** What each setup does to the conclusions. */
export function fidelityTable({ setups, baseline }: EmbeddersReport): Table {
  const tasks = setups.map(({ task }) => task);
  const has = (name: 'knnAccuracy' | 'vMeasure' | 'sts'): boolean =>
    tasks.some((task) => task !== null && task[name] !== null);
  const rows = setups.map(({ name, agreement, conclusions, task }) => [
    oneLine(name),
    ...(agreement === null || conclusions === null
      ? ['baseline', '', '', '', '']
      : [
          optional(agreement.similarity),
          optional(agreement.neighbours, formatShare),
          formatNumber(agreement.clusters),
          `${formatCount(conclusions.within)}/${formatCount(conclusions.measured)}`,
          conclusions.decided === 0
            ? MISSING
            : `${formatCount(conclusions.kept)}/${formatCount(conclusions.decided)}`,
        ]),
    ...(has('knnAccuracy')
      ? [optional(task?.knnAccuracy ?? null, formatShare), optional(task?.vMeasure ?? null)]
      : []),
    ...(has('sts') ? [optional(task?.sts ?? null)] : []),
  ]);
  const k = setups.find(({ agreement }) => agreement !== null)?.agreement?.k ?? 15;
  const head = [
    ...[`beside ${oneLine(baseline)}`, 'similarity', `same ${k} nearest`, 'clusters'],
    ...['within', 'rankings'],
    ...(has('knnAccuracy') ? ['kNN', 'V-measure'] : []),
    ...(has('sts') ? ['STS'] : []),
  ];
  return { head, rows };
}

/** What the last columns of `costTable` say. */
export const COST_LEGEND =
  'padding: of what the model computed; waits: time of embedding in which the device had no batch';

/** What the columns of `fidelityTable` say, a sentence each. */
export function legend(report: EmbeddersReport): string[] {
  const pairs = report.setups.find(({ agreement }) => agreement !== null)?.agreement?.pairs ?? 0;
  return [
    `similarity: Spearman’s correlation of the cosines of ${formatCount(pairs)} pairs of rows`,
    `clusters: adjusted Rand index; the baseline’s own, from another seed, reach ${formatNumber(report.clusterCeiling)}`,
    'within: numbers of single datasets that stay in the baseline’s intervals',
    ...(report.datasets.length > 1
      ? [
          'rankings: of two datasets on a measure, as the baseline has them, where intervals do not overlap',
        ]
      : []),
  ];
}

/** Sentences of a report, in the order of its tables: what became of conclusions, what is doubtful. */
export function sentences(report: EmbeddersReport): { said: string[]; doubts: string[] } {
  const said = report.setups.flatMap(({ conclusions }) => conclusions?.words ?? []).map(oneLine);
  const doubts = report.setups.flatMap(({ name, timings, warnings }) => [
    ...timings.flatMap(({ batch, length, doubts: own }) =>
      own.map(
        (why) => `${name}, batch ${batch}, ${length === 'own' ? 'own' : `${length} words`}: ${why}`,
      ),
    ),
    ...warnings.map((warning) => `${name}: ${warning}`),
  ]);
  const skipped = report.skipped.map(({ setup, why }) => `${setup} was left out: ${why}`);
  return { said, doubts: [...report.warnings, ...skipped, ...doubts].map(oneLine) };
}

/** A table in parts no wider than a terminal, where that can be: each begins with the first `keys` columns. */
export function foldedTable(table: Table, width: number, keys: number): string[] {
  const [first, ...others] = parts(table, width, keys).map(plainTable);
  return [...first!, ...others.flatMap((lines) => ['', ...lines])];
}

function parts({ head, rows }: Table, width: number, keys: number): Table[] {
  const widths = columnWidths({ head, rows });
  const own = head.map((_, c) => c).slice(0, keys);
  const taken: number[][] = [];
  for (let c = keys; c < head.length; c += 1) {
    const last = taken.at(-1);
    const wide = [...own, ...(last ?? []), c].reduce(
      (sum, each) => sum + widths[each]! + GAP,
      -GAP,
    );
    if (last !== undefined && wide <= width) last.push(c);
    else taken.push([c]);
  }
  const pick = (cells: readonly string[], more: readonly number[]): string[] =>
    [...own, ...more].map((c) => cells[c]!);
  return taken.map((more) => ({
    head: pick(head, more),
    rows: rows.map((cells) => pick(cells, more)),
  }));
}

const GAP = 2;

const columnWidths = ({ head, rows }: Table): number[] =>
  head.map((_, c) => Math.max(...[head, ...rows].map((cells) => displayWidth(cells[c]!))));

/** For terminals: the first column to the left, numbers to the right. */
export function plainTable({ head, rows }: Table): string[] {
  const widths = columnWidths({ head, rows });
  return [head, ...rows].map((cells) =>
    cells
      .map((cell, c) => pad(cell, widths[c]!, c === 0 ? 'right' : 'left'))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

export function markdownTable({ head, rows }: Table): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, c) => (c === 0 ? '---' : '---:'))), ...rows.map(line)];
}

/** 'A.jsonl (1 000 of 9 229 rows)'. */
export const dataWords = ({ datasets, reference }: EmbeddersReport): string => {
  const words = ({ name, rows, of }: EmbeddersReport['datasets'][number]): string =>
    `${oneLine(name)} (${rows === of ? '' : `${formatCount(rows)} of `}${formatCount(of)}${THIN}rows)`;
  const beside = reference === null ? '' : `, against ${words(reference)}`;
  return datasets.map(words).join(', ') + beside;
};
