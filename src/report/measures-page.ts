import type { Plain, Plainest } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { axisTitle, directionWords } from './format.ts';
import { rangeOf } from './measures.ts';

/**
 * The catalogue as a page of Markdown: every family with the facts of the registry and what its file says
 * at its head (family-notes.ts).
 */
export function measuresPage(
  measures: readonly Listed[],
  notes: ReadonlyMap<string, string>,
): string {
  const titleOf = ({ axis, section }: Listed): string => axisTitle(axis, section);
  const parts = [INTRODUCTION];
  for (const title of new Set(measures.map(titleOf))) {
    const own = measures.filter((measure) => titleOf(measure) === title);
    parts.push(`## ${title}`);
    for (const family of new Set(own.map((measure) => measure.family))) {
      const members = own.filter((measure) => measure.family === family);
      parts.push(`### ${family.family}`);
      const note = notes.get(family.family);
      if (note !== undefined) parts.push(asMarkdown(note));
      parts.push(tableOf(members), factsOf(members[0]!), citesOf(members));
    }
  }
  parts.push('## Where other programs differ', differences(measures));
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `# Measures

What \`npm run docs\` writes from the registry; \`gamut measures\` lists the same on the terminal. Do not edit.

- **Interval**: 95 %, for the expected value at this n over fresh draws of the dataset, and of the reference, from their
  sources. What goes from 0 to 1 has Wilson’s bounds, so that a share of none or all has a width too. Where there is no
  honest interval the report has \`null\` and the reason. How often each holds the truth: \`node dist/bench/intervals.js\`.
- **Plainest data**: the value of one row, of rows that are all equal, of rows that share nothing (at right angles, no word
  or value twice), and of such rows several times each; measures against a reference hold the rows against
  themselves. *kinds* is the number of different rows, *same* what one of each of the rows has, *–* no value (with the
  reason), and an empty cell hangs on more than that. No rows have no value by any measure. Vectors that are not finite,
  and truncated ones, are refused with the row they stand in.
- **Grows** with n: only values at equal n compare (\`--at\`, and the curves of a report).`;

function tableOf(members: readonly Listed[]): string {
  const head = [
    '| id | reads | range | direction | grows | one | equal | share nothing | repeated |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const rows = members.map((measure) => {
    const cells = [
      `\`${measure.id}\``,
      measure.reads,
      rangeOf(measure),
      directionWords(measure.axis, measure.more),
      measure.growsWithN ? 'yes' : 'no',
      ...PLAIN.map((name) => plainWords(measure.at[name])),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [...head, ...rows].join('\n');
}

const PLAIN = [
  'one',
  'identical',
  'disjoint',
  'duplicated',
] as const satisfies readonly (keyof Plainest)[];

function plainWords(plain: Plain | undefined): string {
  if (plain === undefined || plain === 'any') return '';
  return plain === null ? '–' : `${plain}`;
}

function factsOf({ family, fast, rows }: Listed): string {
  const interval =
    family.intervalBy ??
    (family.interval === 'subsample'
      ? '40 draws of the rows, without replacement'
      : 'leaving out one of 32 groups of rows at a time');
  const facts = [
    `Needs ${family.needs.map((need) => `\`${need}\``).join(', ')}${fast ? '' : ' (not in `fast`)'}`,
    ...(rows === undefined
      ? []
      : [rows === 'unit' ? 'rows of length one' : 'rows as `--space` says']),
    `interval: ${interval}`,
  ];
  return `${facts.join('; ')}.`;
}

const citesOf = (members: readonly Listed[]): string =>
  `From: ${[...new Set(members.map(({ cite }) => cite))].join('; ')}.`;

function differences(measures: readonly Listed[]): string {
  const families = [...new Set(measures.map(({ family }) => family))];
  return families
    .flatMap(({ family, peers }) => (peers === undefined ? [] : [`- **${family}** ${peers}`]))
    .join('\n');
}

/** Indented lines of a comment are formulas and lists in columns: they stand as they are. */
function asMarkdown(note: string): string {
  const blocks = note.split(/\n\s*\n/).map((block) => {
    const lines = block.split('\n');
    if (lines.every((line) => /^\s{2}/.test(line))) return `\`\`\`text\n${block}\n\`\`\``;
    return lines.map(escaped).join('\n');
  });
  return blocks.join('\n\n');
}

/** Signs that Markdown would take for its own. */
const escaped = (line: string): string => line.replace(/(?<!`)([*_<])(?!`)/g, '\\$1');
