import type { EmbedderReport } from '../audit/report.ts';
import { cut, oneLine } from './text.ts';

/** What Markdown for pull requests is made of, safe whatever a dataset says. */

/** Columns of a row's text. */
const TEXT = 120;

const MARKS = { problem: '✗ problem', notice: '! notice', good: '✓ good' } as const;

/** Text among Markdown that says what it says: no markup, no mention, no reference, no link. */
export const escaped = (text: string): string =>
  oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]#|~]/g, '\\$&')
    // A word joiner is unseen and keeps names, numbers and addresses from becoming links.
    .replace(/(@|\\#)(?=[\p{L}\p{N}])/gu, '$1\u2060')
    .replace(/:\/\/|www(?=\.)/gi, (part) => `${part.slice(0, 1)}\u2060${part.slice(1)}`)
    .replace(/^(?:[-+](?=\s)|\d+(?=[.)](?:\s|$)))/, '$&\u2060');

/** A row's words as code, which no renderer reads for markup. */
export function code(text: string): string {
  const line = cut(oneLine(text), TEXT);
  if (line === '') return '–';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  // A table ends a cell at a bar even in code, unless a backslash stands before it.
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`;
}

export interface FindingLine {
  readonly level: keyof typeof MARKS | 'plain';
  /** What it is about, where that is no judgement. */
  readonly label?: string;
  readonly text: string;
  /** Where it shows, in Markdown. */
  readonly evidence: readonly string[];
}

export const findingLines = (findings: readonly FindingLine[]): string =>
  findings
    .map(({ level, label, text, evidence }) => {
      const mark = label === undefined ? (level === 'plain' ? '' : MARKS[level]) : escaped(label);
      const shown = evidence.length > 0 ? ` (${evidence.join(', ')})` : '';
      return `- ${mark === '' ? '' : `**${mark}** `}${escaped(text)}${shown}`;
    })
    .join('\n');

export const warningLines = (warnings: readonly string[]): string =>
  warnings.map((text) => `> **Warning:** ${escaped(text)}`).join('\n>\n');

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Behind a line to click; the blank lines let Markdown be read within. */
export const folded = (title: string, content: string): string =>
  content === '' ? '' : `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;

/** The blocks that there are. */
export const page = (blocks: readonly string[]): string =>
  `${blocks.filter((block) => block !== '').join('\n\n')}\n`;

/** What made the report, so that it can be made again. */
export function footerOf({
  gamut,
  settings,
  embedder,
}: {
  readonly gamut: string;
  readonly settings: { readonly seed: number };
  readonly embedder: EmbedderReport | null;
}): string {
  const model = embedder ? `, ${escaped(embedder.model)} ${escaped(embedder.revision)}` : '';
  return `<sub>gamut ${escaped(gamut)}${model}, seed ${settings.seed}</sub>`;
}
