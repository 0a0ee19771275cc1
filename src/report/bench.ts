import type { BenchReport } from '../bench/report.ts';
import {
  COST_LEGEND,
  costTable,
  dataWords,
  fidelityTable,
  foldedTable,
  legend,
  markdownTable,
  sentences,
} from './bench-tables.ts';
import { wrap } from './text.ts';

const NARROWEST = 60;
const WIDEST = 100;

/** What a person reads after `gamut bench`. Tables are as wide as they are; sentences fit the terminal. */
export function renderBench(report: BenchReport, columns: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const { said, doubts } = sentences(report);
  const lines = [
    ...wrap(dataWords(report), width),
    ...wrap(`on ${machineWords(report)}`, width),
    '',
    ...foldedTable(costTable(report), width, 3),
    '',
    ...indented(COST_LEGEND, width),
    '',
    ...(report.setups.length > 1
      ? [
          ...foldedTable(fidelityTable(report), width, 1),
          '',
          ...said.flatMap((words) => wrap(words, width)),
          '',
          ...legend(report).flatMap((words) => indented(words, width)),
        ]
      : plainTaskOf(report, width)),
    ...(doubts.length > 0 ? ['', ...doubts.flatMap((words) => indented(`? ${words}`, width))] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** One setup alone has nothing to be held against; what it does on labels is said all the same. */
const plainTaskOf = (report: BenchReport, width: number): string[] =>
  report.setups[0]?.task === null ? [] : foldedTable(fidelityTable(report), width, 1);

export function renderBenchMarkdown(report: BenchReport): string {
  const { said, doubts } = sentences(report);
  const list = (items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', ...items.map((item) => `- ${item}`)];
  const lines = [
    `${dataWords(report)}, on ${machineWords(report)}.`,
    '',
    ...markdownTable(costTable(report)),
    '',
    ...markdownTable(fidelityTable(report)),
    ...list(said),
    ...list([COST_LEGEND, ...legend(report)]),
    ...list(doubts),
  ];
  return `${lines.join('\n')}\n`;
}

const machineWords = ({ machine, settings }: BenchReport): string =>
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}; medians of ${settings.repeats} repeats ± half of them`;

const indented = (words: string, width: number): string[] =>
  wrap(words, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));

const COLUMNS = [
  ...['embedder', 'model', 'device', 'dtype', 'dims', 'batch', 'words'],
  ...['rows_per_second', 'rows_per_second_spread', 'tokens_per_second', 'p50_ms', 'p99_ms'],
  ...['load_ms', 'first_call_ms', 'peak_bytes', 'start_bytes', 'padding_share', 'waiting_share'],
  ...['similarity', 'neighbours', 'clusters', 'within', 'measured', 'rankings_kept'],
  ...['rankings', 'knn_accuracy', 'v_measure', 'sts', 'doubts'],
];

/** A line for every setup under every load, numbers as they are. */
export function renderBenchCsv({ setups }: BenchReport): string {
  const lines = setups.flatMap((setup) =>
    setup.timings.map((timing) => {
      const { rowsPerSecond, tokensPerSecond, latency } = timing;
      const { agreement, conclusions, task } = setup;
      return [
        ...[setup.name, setup.model, setup.device, setup.dtype, setup.dims, timing.batch],
        ...[timing.length, rowsPerSecond.median, rowsPerSecond.spread, tokensPerSecond?.median],
        ...[latency.p50, latency.p99, timing.loadMs, timing.firstCallMs, timing.peakBytes],
        ...[timing.startBytes, timing.paddingShare, timing.waitingShare],
        ...[agreement?.similarity, agreement?.neighbours, agreement?.clusters],
        ...[conclusions?.within, conclusions?.measured, conclusions?.kept, conclusions?.decided],
        ...[task?.knnAccuracy, task?.vMeasure, task?.sts, timing.doubts.join('; ')],
      ];
    }),
  );
  return `${[COLUMNS, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`;
}

function csvCell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
