import { Command } from 'commander';
import { attribute } from '../attribute/attribute.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { renderAttribution } from '../report/attribute.ts';
import { writeAttributionFigures } from '../report/figures/report-files.ts';
import { renderAttributionHtml } from '../report/verb-html.ts';
import { renderAttributionJunit } from '../report/verb-junit.ts';
import { renderAttributionMarkdown } from '../report/verb-markdown.ts';
import type { Io } from './io.ts';
import {
  INPUT_HELP,
  type IndexFlags,
  type InputFlags,
  integer,
  type JudgingFlags,
  judgingFlags,
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
  readonly prompt?: string;
  readonly factors: string;
  readonly measures: string;
  readonly at?: number;
  readonly interactions: boolean;
  readonly clusters?: number;
}

export function attributeCommand(io: Io): Command {
  const command = withReportFlags(
    new Command('attribute')
      .description('Say which part of a pipeline moved which number.')
      .argument('<input...>', INPUT_HELP)
      .requiredOption(
        '--factors <columns>',
        'columns that say how each row was made, with commas: model,temperature',
      ),
  );
  command
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'fast')
    .option('--at <n>', 'rows of each combination (default: those of the smallest)', integer(16))
    .option('--prompt <column>', PROMPT_HELP)
    .option('--no-interactions', 'main effects only')
    .option('--clusters <k>', 'how many clusters to find, shared by all', integer(1));
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { measures, at, interactions, clusters, index, recall } = flags;
  await checkOutputs(reportOutputs(flags), inputs);
  const factors = flags.factors
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  await withInputOptions(flags, io, async (options) => {
    const { prompt } = flags;
    const asked = { factors, measures, at, interactions, clusters, index, recall, prompt };
    const judged = { ...judgingFlags(flags), ...scoringOptionsOf(flags) };
    const report = await attribute(inputs, { ...options, ...asked, ...judged });
    const about = aboutOf(Object.keys(report.measures));
    await writeReport(flags, io, {
      report,
      html: () => renderAttributionHtml(report, about),
      markdown: () => renderAttributionMarkdown(report, about),
      junit: () => renderAttributionJunit(report, about),
      figures: (folder, theme) => writeAttributionFigures(folder, report, about, theme),
      terminal: () => renderAttribution(report, about, io.columns),
    });
  });
}
