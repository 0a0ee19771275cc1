import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { renderTrack } from '../report/track.ts';
import { renderTrackHtml } from '../report/verb-html.ts';
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
import { checkOutputs, writePage } from './outputs.ts';

interface Flags extends InputFlags, IndexFlags, JudgingFlags, ScoringOptions {
  readonly prompt?: string;
  readonly json?: string;
  readonly html?: string;
  readonly measures: string;
  readonly at?: number;
  readonly clusters?: number;
}

export function trackCommand(io: Io): Command {
  const command = new Command('track')
    .description('Follow a run round by round, and warn when its diversity collapses.')
    .argument('<input...>', `each a round, in order: ${INPUT_HELP}`)
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--html <file>', 'write the report as one HTML file that opens offline')
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'fast')
    .option('--at <n>', 'rows of each round (default: those of the smallest)', integer(2))
    .option('--prompt <column>', PROMPT_HELP)
    .option('--clusters <k>', 'how many clusters to find, shared by all', integer(1));
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { json, html, measures, at, clusters, index, recall } = flags;
  const jsonFile = json === '-' ? undefined : json;
  await checkOutputs(
    [
      { flag: '--json', path: jsonFile },
      { flag: '--html', path: html },
    ],
    inputs,
  );
  if (inputs.filter((path) => path === '-').length > 1) {
    throw usageError('Standard input can be read once; - can be given once only.');
  }
  await withInputOptions(flags, io, async (options) => {
    const asked = { measures, at, clusters, index, recall, prompt: flags.prompt };
    const judged = { ...judgingFlags(flags), ...scoringOptionsOf(flags) };
    const report = await track(inputs, { ...options, ...asked, ...judged });
    const about = aboutOf(Object.keys(report.measures));
    const text = `${JSON.stringify(report, null, 2)}\n`;
    if (html !== undefined) {
      io.note(`wrote ${await writePage(html, renderTrackHtml(report, about))}`);
    }
    if (jsonFile !== undefined) await writeFileAtomic(jsonFile, text);
    if (json === '-') io.result(text);
    else if (!io.quiet) io.result(renderTrack(report, about, io.columns));
    if (jsonFile !== undefined) io.note(`wrote ${jsonFile}`);
  });
}
