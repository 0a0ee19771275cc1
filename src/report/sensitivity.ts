import { formatCount, formatNumber, MISSING } from '../base/numbers.ts';
import type { Robustness, SensitivityReport } from '../bench/report.ts';
import {
  dataWords,
  fidelityTable,
  foldedTable,
  legend,
  markdownTable,
  plainTable,
  sentences,
  type Table,
} from './bench-tables.ts';
import { oneLine, wrap } from './text.ts';

const NARROWEST = 60;
const WIDEST = 100;

/** What a person reads after `gamut sensitivity`. */
export function renderSensitivity(report: SensitivityReport, columns: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const { said, doubts } = sentences(report);
  const indented = (words: string): string[] =>
    wrap(words, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
  const lines = [
    ...wrap(dataWords(report), width),
    '',
    ...foldedTable(fidelityTable(report), width, 1),
    '',
    ...said.flatMap((words) => wrap(words, width)),
    '',
    ...plainTable(robustnessTable(report)),
    '',
    ...[...legend(report), ...verdicts(report)].flatMap(indented),
    ...(doubts.length > 0 ? ['', ...doubts.flatMap((words) => indented(`? ${words}`))] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

export function renderSensitivityMarkdown(report: SensitivityReport): string {
  const { said, doubts } = sentences(report);
  const lines = [
    `${dataWords(report)}.`,
    '',
    ...markdownTable(fidelityTable(report)),
    '',
    ...markdownTable(robustnessTable(report)),
    '',
    ...[...said, ...legend(report), ...verdicts(report), ...doubts].map((words) => `- ${words}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Every measure under every embedder: with one dataset its values, with several what their rankings do. */
function robustnessTable(report: SensitivityReport): Table {
  const { setups, robustness, datasets } = report;
  if (datasets.length === 1) {
    return {
      head: ['measure', ...setups.map(({ name }) => oneLine(name))],
      rows: report.measures.map(({ id }) => [
        id,
        ...setups.map(({ measures }) => {
          const value = measures[0]![id]!.value;
          return value === null ? MISSING : formatNumber(value);
        }),
      ]),
    };
  }
  return {
    head: ['measure', 'rankings', 'all agree', 'contradicted', 'verdict'],
    rows: robustness.map((one) => [
      ...[one.measure, formatCount(one.decided), formatCount(one.unanimous)],
      ...[formatCount(one.contradicted.length), verdictOf(one)],
    ]),
  };
}

/** What the table of measures says. */
const verdicts = ({ datasets }: SensitivityReport): string[] =>
  datasets.length === 1
    ? []
    : [
        'measures: two datasets are ranked where any embedder tells them apart; robust: all rank them alike; seen by some: others cannot tell; depends on the embedder: two rank them the other way round; undecided: none can tell',
      ];

function verdictOf({ decided, unanimous, contradicted }: Robustness): string {
  if (decided === 0) return 'undecided';
  if (contradicted.length > 0) return 'depends on the embedder';
  return unanimous === decided ? 'robust' : 'seen by some';
}
