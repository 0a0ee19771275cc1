import type { Command } from 'commander';
import { writeFileAtomic } from '../base/files.ts';
import { formatBytes, formatRows } from '../base/numbers.ts';
import type { ThemeName } from '../report/plot/theme.ts';
import type { Io } from './io.ts';
import { figuresOption, themeOption } from './options.ts';
import type { Output } from './outputs.ts';

/** The files that every verb with a report can write it to. */
export interface ReportFlags {
  readonly json?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly figures?: string;
  readonly theme: ThemeName;
}

export const withReportFlags = (command: Command): Command =>
  command
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--html <file>', 'write the report as one HTML file that opens offline')
    .option('--markdown <file>', 'write the report as Markdown, as for a pull request')
    .option('--junit <file>', 'write findings and measures as JUnit XML')
    .addOption(figuresOption())
    .addOption(themeOption());

export const reportOutputs = ({ json, html, markdown, junit, figures }: ReportFlags): Output[] => [
  { flag: '--json', path: fileOf(json) },
  { flag: '--html', path: html },
  { flag: '--markdown', path: markdown },
  { flag: '--junit', path: junit },
  { flag: '--figures', path: figures, folder: 'any' },
];

/** Whether anything is asked for that shows a map, or says what its clusters are called. */
export const wantsMap = ({ html, markdown, junit, figures }: ReportFlags): boolean =>
  [html, markdown, junit, figures].some((path) => path !== undefined);

const fileOf = (json: string | undefined): string | undefined => (json === '-' ? undefined : json);

/** A report, and what it looks like elsewhere; each is made only where it is asked for. */
export interface Renderings {
  readonly report: object;
  html(): string;
  /** What else is said of the page than its size. */
  readonly pageWords?: string;
  markdown(): string;
  junit(): string;
  /** Writes them, and says how many. */
  figures(folder: string, theme: ThemeName): Promise<number>;
  terminal(): string;
}

/** Writes all that was asked for, results to standard output last; `also` names other files that were written. */
export async function writeReport(
  flags: ReportFlags,
  io: Io,
  of: Renderings,
  also: readonly string[] = [],
): Promise<void> {
  const { json, html, markdown, junit, figures, theme } = flags;
  const text = (): string => `${JSON.stringify(of.report, null, 2)}\n`;
  const notes: string[] = [];
  const write = async (path: string | undefined, render: () => string): Promise<void> => {
    if (path === undefined) return;
    await writeFileAtomic(path, render());
    notes.push(path);
  };
  if (html !== undefined) {
    const page = of.html();
    await writeFileAtomic(html, page);
    const size = formatBytes(Buffer.byteLength(page));
    notes.push(`${html} (${[size, of.pageWords].filter(Boolean).join(', ')})`);
  }
  if (figures !== undefined) {
    const count = await of.figures(figures, theme);
    notes.push(`${figures} (${formatRows(count, 'figure')} as SVG and PNG)`);
  }
  await write(fileOf(json), text);
  await write(markdown, () => of.markdown());
  await write(junit, () => of.junit());
  if (json === '-') io.result(text());
  else if (!io.quiet) io.result(of.terminal());
  for (const note of [...notes, ...also]) io.note(`wrote ${note}`);
}
