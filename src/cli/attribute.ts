import { Command } from 'commander';
import { attribute } from '../attribute/attribute.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { renderAttribution } from '../report/attribute.ts';
import { renderAttributionHtml } from '../report/verb-html.ts';
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
  readonly factors: string;
  readonly json?: string;
  readonly html?: string;
  readonly measures: string;
  readonly at?: number;
  readonly interactions: boolean;
  readonly clusters?: number;
}

export function attributeCommand(io: Io): Command {
  const command = new Command('attribute')
    .description('Say which part of a pipeline moved which number.')
    .argument('<input...>', INPUT_HELP)
    .requiredOption(
      '--factors <columns>',
      'columns that say how each row was made, with commas: model,temperature',
    )
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--html <file>', 'write the report as one HTML file that opens offline')
    .option('--measures <which>', 'all, fast (nothing quadratic), or ids with commas', 'fast')
    .option('--at <n>', 'rows of each combination (default: those of the smallest)', integer(16))
    .option('--prompt <column>', PROMPT_HELP)
    .option('--no-interactions', 'main effects only')
    .option('--clusters <k>', 'how many clusters to find, shared by all', integer(1));
  withCommonFlags(withInputFlags(withIndexFlags(withJudgingFlags(withScoringFlags(command)))));
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { json, html, measures, at, interactions, clusters, index, recall } = flags;
  const jsonFile = json === '-' ? undefined : json;
  await checkOutputs(
    [
      { flag: '--json', path: jsonFile },
      { flag: '--html', path: html },
    ],
    inputs,
  );
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
    const text = `${JSON.stringify(report, null, 2)}\n`;
    if (html !== undefined) {
      io.note(`wrote ${await writePage(html, renderAttributionHtml(report, about))}`);
    }
    if (jsonFile !== undefined) await writeFileAtomic(jsonFile, text);
    if (json === '-') io.result(text);
    else if (!io.quiet) io.result(renderAttribution(report, about, io.columns));
    if (jsonFile !== undefined) io.note(`wrote ${jsonFile}`);
  });
}
