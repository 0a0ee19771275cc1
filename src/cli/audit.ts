import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { audit } from '../audit/audit.ts';
import type { MapReport } from '../audit/report.ts';
import { usageError } from '../base/errors.ts';
import { formatCount, formatRows } from '../base/numbers.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { INDEX_FILES } from '../novelty/saved-index.ts';
import { parseBaseline } from '../report/baseline.ts';
import { writeReportFigures } from '../report/figures/report-files.ts';
import { renderHtml } from '../report/html.ts';
import { renderJunit } from '../report/junit.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Io } from './io.ts';
import {
  controlOption,
  INPUT_HELP,
  type IndexFlags,
  type InputFlags,
  integer,
  type JudgingFlags,
  judgingFlags,
  number,
  PROMPT_HELP,
  scoringOptionsOf,
  withCommonFlags,
  withIndexFlags,
  withInputFlags,
  withInputOptions,
  withJudgingFlags,
  withScoringFlags,
} from './options.ts';
import { checkOutputs } from './outputs.ts';
import { type ReportFlags, reportOutputs, withReportFlags, writeReport } from './report-files.ts';

interface Flags extends InputFlags, IndexFlags, JudgingFlags, ScoringOptions, ReportFlags {
  readonly reference?: string[];
  readonly baseline?: string;
  readonly measures: string;
  readonly space: 'cosine' | 'euclidean';
  readonly labels?: string;
  readonly clusters?: number;
  readonly bandwidth: number;
  readonly buckets?: number;
  readonly duplicateAt: number;
  readonly prompt?: string;
  readonly by?: string;
  readonly control?: 'length';
  readonly at?: number;
  readonly curves: boolean;
  readonly saveIndex?: string;
}

export function auditCommand(io: Io): Command {
  const command = withReportFlags(
    new Command('audit')
      .description('Measure a dataset and say what it is made of.')
      .argument('<input...>', INPUT_HELP)
      .option(
        '--reference <input>',
        'a dataset as it should be, to hold this one against; several if given again',
        (input: string, before: string[] = []) => [...before, input],
      )
      .option(
        '--baseline <file>',
        'an earlier report (--json), to stand beside each number that is shown',
      ),
  );
  command
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'all')
    .addOption(
      new Option(
        '--space <space>',
        'rows of length one, or as they are, for measures that are not of cosines',
      )
        .choices(['cosine', 'euclidean'])
        .default('cosine'),
    )
    .option('--labels <column>', 'a column, or a .npy file, in place of the clusters gamut finds')
    .option('--clusters <k>', 'how many clusters to find (default: √n within 8…256)', integer(1))
    .option('--bandwidth <sigma>', 'width of Gaussian kernels', number(1e-6, 1e6), 1)
    .option('--buckets <b>', 'buckets of MAUVE (default: a tenth of the rows)', integer(2))
    .option('--duplicate-at <cosine>', 'rows this similar are duplicates', number(0, 1), 0.95)
    .option('--prompt <column>', PROMPT_HELP)
    .option(
      '--by <column>',
      'split the Vendi score into groups of rows by a column; what each adds',
    )
    .addOption(controlOption())
    .option(
      '--at <rows>',
      'give every number at this many rows too; up to twice what there is where theory extrapolates',
      integer(2),
    )
    .option('--no-curves', 'do not measure how every number moves with the rows')
    .option('--save-index <folder>', 'keep an HNSW index of the rows for gamut novelty');
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { json, html, markdown, figures, saveIndex } = flags;
  await checkOutputs(
    [...reportOutputs(flags), { flag: '--save-index', path: saveIndex, folder: INDEX_FILES }],
    [...inputs, ...(flags.reference ?? []), flags.labels, flags.baseline],
  );
  if (inputs.includes('-') && flags.reference?.includes('-')) {
    throw usageError('Standard input can be read once: INPUT and --reference cannot both be -.');
  }
  const shown = html ?? markdown ?? (json === '-' || io.quiet ? undefined : 'on the terminal');
  if (flags.baseline !== undefined && shown === undefined) {
    throw usageError(
      '--baseline stands on the terminal, in the HTML and in Markdown, and none is asked for; add --html FILE.',
    );
  }
  const baseline =
    flags.baseline === undefined
      ? null
      : parseBaseline(await earlier(flags.baseline), flags.baseline);
  await withInputOptions(flags, io, async (options) => {
    const { report, map } = await audit(inputs, {
      ...options,
      ...scoringOptionsOf(flags),
      reference: flags.reference,
      measures: flags.measures,
      space: flags.space,
      index: flags.index,
      recall: flags.recall,
      labels: flags.labels,
      clusters: flags.clusters,
      bandwidth: flags.bandwidth,
      buckets: flags.buckets,
      prompt: flags.prompt,
      ...judgingFlags(flags),
      duplicateAt: flags.duplicateAt,
      by: flags.by,
      control: flags.control,
      at: flags.at,
      curves: flags.curves,
      map: html !== undefined || figures !== undefined,
      saveIndex,
    });
    const about = aboutOf(Object.keys(report.measures));
    const width = io.columns;
    await writeReport(
      flags,
      io,
      {
        report,
        html: () => renderHtml(report, map, about, baseline),
        ...(map === null ? {} : { pageWords: mapWords(map) }),
        markdown: () => renderMarkdown(report, about, baseline),
        junit: () => renderJunit(report, about),
        figures: (folder, theme) => writeReportFigures(folder, report, map, about, theme),
        terminal: () => renderTerminal(report, about, { width, colour: io.colour, baseline }),
      },
      saveIndex === undefined ? [] : [saveIndex],
    );
  });
}

async function earlier(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw usageError(
      `--baseline ${path} cannot be read; give a file that gamut audit --json wrote.`,
    );
  }
}

/** How many rows the map shows. */
function mapWords(map: MapReport): string {
  const shown = map.cluster.reduce((sum, cluster) => sum + (cluster < 0 ? 0 : 1), 0);
  const of = shown < map.of ? `${formatCount(shown)} of ${formatRows(map.of)}` : formatRows(shown);
  return `map of ${of}`;
}
