import { Command } from 'commander';
import { usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import { formatRows } from '../base/numbers.ts';
import { compare } from '../compare/compare.ts';
import type { ScoringOptions } from '../engine/scoring.ts';
import { aboutOf } from '../measures/registry.ts';
import { renderComparison } from '../report/compare.ts';
import { renderComparisonHtml } from '../report/compare-html.ts';
import { writeComparisonFigures } from '../report/figures/report-files.ts';
import type { ThemeName } from '../report/plot/theme.ts';
import type { Io } from './io.ts';
import {
  controlOption,
  figuresOption,
  INPUT_HELP,
  type IndexFlags,
  type InputFlags,
  integer,
  type JudgingFlags,
  judgingFlags,
  number,
  scoringOptionsOf,
  themeOption,
  withCommonFlags,
  withIndexFlags,
  withInputFlags,
  withInputOptions,
  withJudgingFlags,
  withScoringFlags,
} from './options.ts';
import { checkOutputs, writePage } from './outputs.ts';

interface Flags extends InputFlags, IndexFlags, JudgingFlags, ScoringOptions {
  readonly reference?: string[];
  readonly json?: string;
  readonly html?: string;
  readonly figures?: string;
  readonly theme: ThemeName;
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
  const command = new Command('compare')
    .description('Put datasets side by side at equal size, and say which differ.')
    .argument('<input...>', `each a dataset: ${INPUT_HELP}`)
    .option(
      '--reference <input>',
      'a dataset as it should be, beside them; several if given again',
      (input: string, before: string[] = []) => [...before, input],
    )
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--html <file>', 'write the report as one HTML file that opens offline')
    .addOption(figuresOption())
    .addOption(themeOption())
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
  const { json, html, figures, reference, measures, index, recall } = flags;
  const { at, by, control, prompt, clusters, bandwidth, buckets, duplicateAt } = flags;
  const jsonFile = json === '-' ? undefined : json;
  await checkOutputs(
    [
      { flag: '--json', path: jsonFile },
      { flag: '--html', path: html },
      { flag: '--figures', path: figures, folder: 'any' },
    ],
    [...inputs, ...(reference ?? [])],
  );
  if ([...inputs, ...(reference ?? [])].filter((path) => path === '-').length > 1) {
    throw usageError('Standard input can be read once; - can be given once only.');
  }
  await withInputOptions(flags, io, async (options) => {
    const { report, map } = await compare(inputs, {
      ...options,
      ...scoringOptionsOf(flags),
      ...{ reference, measures, index, recall, at, by, control, prompt, clusters },
      ...{ bandwidth, buckets, duplicateAt, ...judgingFlags(flags) },
      map: html !== undefined || figures !== undefined,
    });
    const about = aboutOf(Object.keys(report.measures));
    const text = `${JSON.stringify(report, null, 2)}\n`;
    const notes: string[] = [];
    if (html !== undefined) {
      notes.push(await writePage(html, renderComparisonHtml(report, map, about)));
    }
    if (figures !== undefined) {
      const count = await writeComparisonFigures(figures, report, map, about, flags.theme);
      notes.push(`${figures} (${formatRows(count, 'figure')} as SVG and PNG)`);
    }
    if (jsonFile !== undefined) await writeFileAtomic(jsonFile, text);
    if (json === '-') io.result(text);
    else if (!io.quiet) io.result(renderComparison(report, about, io.columns));
    for (const note of [...notes, jsonFile]) if (note !== undefined) io.note(`wrote ${note}`);
  });
}
