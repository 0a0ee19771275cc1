import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { compare } from '../compare/compare.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { renderComparison } from '../report/compare.ts';
import { renderComparisonHtml } from '../report/compare-html.ts';
import { writeComparisonFigures } from '../report/figures/report-files.ts';
import { renderComparisonJunit } from '../report/verb-junit.ts';
import { renderComparisonMarkdown } from '../report/verb-markdown.ts';
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
  scoringOptionsOf,
  withCommonFlags,
  withIndexFlags,
  withInputFlags,
  withInputOptions,
  withJudgingFlags,
  withScoringFlags,
} from './options.ts';
import { checkOutputs } from './outputs.ts';
import {
  type ReportFlags,
  reportOutputs,
  wantsMap,
  withReportFlags,
  writeReport,
} from './report-files.ts';

interface Flags extends InputFlags, IndexFlags, JudgingFlags, ScoringOptions, ReportFlags {
  readonly reference?: string[];
  readonly measures: string;
  readonly at?: number;
  readonly by?: string;
  readonly control?: 'length';
  readonly prompt?: string;
  readonly clusters?: number;
  readonly bandwidth: number;
  readonly buckets?: number;
  readonly duplicateAt: number;
}

export function compareCommand(io: Io): Command {
  const command = withReportFlags(
    new Command('compare')
      .description('Put datasets side by side at equal size, and say which differ.')
      .argument('<input...>', `each a dataset: ${INPUT_HELP}`)
      .option(
        '--reference <input>',
        'a dataset as it should be, beside them; several if given again',
        (input: string, before: string[] = []) => [...before, input],
      ),
  );
  command
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'fast')
    .option('--at <n>', 'rows of each to compare (default: those of the smallest)', integer(2))
    .option('--by <column>', 'compare the groups that a column makes of one dataset')
    .option(
      '--prompt <column>',
      'the column with prompts: pairs datasets, and groups their answers (default: found where all share it)',
    )
    .addOption(controlOption())
    .option('--clusters <k>', 'how many clusters to find, shared by all', integer(1))
    .option('--bandwidth <sigma>', 'width of Gaussian kernels', number(1e-6, 1e6), 1)
    .option('--buckets <b>', 'buckets of MAUVE (default: a tenth of the rows)', integer(2))
    .option('--duplicate-at <cosine>', 'rows this similar are duplicates', number(0, 1), 0.95);
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { reference, measures, index, recall } = flags;
  const { at, by, control, prompt, clusters, bandwidth, buckets, duplicateAt } = flags;
  await checkOutputs(reportOutputs(flags), [...inputs, ...(reference ?? [])]);
  if ([...inputs, ...(reference ?? [])].filter((path) => path === '-').length > 1) {
    throw usageError('Standard input can be read once; - can be given once only.');
  }
  await withInputOptions(flags, io, async (options) => {
    const { report, map } = await compare(inputs, {
      ...options,
      ...scoringOptionsOf(flags),
      ...{ reference, measures, index, recall, at, by, control, prompt, clusters },
      ...{ bandwidth, buckets, duplicateAt, ...judgingFlags(flags) },
      map: wantsMap(flags),
    });
    const about = aboutOf(Object.keys(report.measures));
    await writeReport(flags, io, {
      report,
      html: () => renderComparisonHtml(report, map, about),
      markdown: () => renderComparisonMarkdown(report, map, about),
      junit: () => renderComparisonJunit(report, map, about),
      figures: (folder, theme) => writeComparisonFigures(folder, report, map, about, theme),
      terminal: () => renderComparison(report, about, io.columns),
    });
  });
}
