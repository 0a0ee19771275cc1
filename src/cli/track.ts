import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { writeTrackFigures } from '../report/figures/report-files.ts';
import { renderTrack } from '../report/track.ts';
import { renderTrackHtml } from '../report/verb-html.ts';
import { renderTrackJunit } from '../report/verb-junit.ts';
import { renderTrackMarkdown } from '../report/verb-markdown.ts';
import { track } from '../track/track.ts';
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
  readonly measures: string;
  readonly at?: number;
  readonly clusters?: number;
}

export function trackCommand(io: Io): Command {
  const command = withReportFlags(
    new Command('track')
      .description('Follow a run round by round, and warn when its diversity collapses.')
      .argument('<input...>', `each a round, in order: ${INPUT_HELP}`),
  );
  command
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'fast')
    .option('--at <n>', 'rows of each round (default: those of the smallest)', integer(2))
    .option('--prompt <column>', PROMPT_HELP)
    .option('--clusters <k>', 'how many clusters to find, shared by all', integer(1));
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { measures, at, clusters, index, recall } = flags;
  await checkOutputs(reportOutputs(flags), inputs);
  if (inputs.filter((path) => path === '-').length > 1) {
    throw usageError('Standard input can be read once; - can be given once only.');
  }
  await withInputOptions(flags, io, async (options) => {
    const asked = { measures, at, clusters, index, recall, prompt: flags.prompt };
    const judged = { ...judgingFlags(flags), ...scoringOptionsOf(flags) };
    const report = await track(inputs, { ...options, ...asked, ...judged });
    const about = aboutOf(Object.keys(report.measures));
    await writeReport(flags, io, {
      report,
      html: () => renderTrackHtml(report, about),
      markdown: () => renderTrackMarkdown(report, about),
      junit: () => renderTrackJunit(report, about),
      figures: (folder, theme) => writeTrackFigures(folder, report, about, theme),
      terminal: () => renderTrack(report, about, io.columns),
    });
  });
}
