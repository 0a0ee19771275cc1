import { extname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import { bench } from '../bench/bench.ts';
import type { BenchReport } from '../bench/report.ts';
import { renderBench, renderBenchCsv, renderBenchMarkdown } from '../report/bench.ts';
import {
  type EmbedderFlags,
  embeddersOptionsOf,
  names,
  withEmbedderFlags,
} from './embedder-flags.ts';
import type { Io } from './io.ts';
import { INPUT_HELP, integer, number, withCommonFlags } from './options.ts';
import { checkOutputs } from './outputs.ts';

interface Flags extends EmbedderFlags {
  readonly batches?: readonly number[];
  readonly lengths?: readonly (number | 'own')[];
  readonly repeats?: number;
  readonly seconds?: number;
  readonly quick?: boolean;
  readonly fresh?: boolean;
  readonly labels?: string;
  readonly pair?: string;
  readonly score?: string;
  readonly json?: string;
  readonly output?: readonly string[];
}

type Render = (report: BenchReport) => string | Promise<string | Uint8Array>;

/** What is written, by the ending of a file's name. */
const FORMATS: Readonly<Record<string, Render>> = {
  '.csv': renderBenchCsv,
  '.md': renderBenchMarkdown,
  '.svg': async (report) => (await import('../report/bench-plot.ts')).renderBenchPlot(report),
  '.png': async (report) => (await import('../report/bench-plot.ts')).renderBenchPng(report),
};

const lengths = (text: string): (number | 'own')[] =>
  names(text).map((name) => (name === 'own' ? name : integer(1)(name)));

function counts(text: string): number[] {
  const found = names(text).map((name) => integer(1)(name));
  if (found.length === 0) throw new InvalidArgumentError('It must have a number.');
  return found;
}

export function benchCommand(io: Io): Command {
  const command = new Command('bench')
    .description(
      'Hold embedders against each other on your data: what each costs, and what it does to the conclusions.',
    )
    .argument('<input...>', `${INPUT_HELP}; each is a dataset of its own`);
  withEmbedderFlags(command)
    .option('--batches <numbers>', 'texts in a call, with commas between (default: 1,256)', counts)
    .option(
      '--lengths <words>',
      'lengths of texts in words, cut from the data, with commas between; own: as they are (default: own)',
      lengths,
    )
    .option('--repeats <n>', 'passes that are timed (default: 5)', integer(1))
    .option(
      '--seconds <s>',
      'how long the passes of one setting take in all (default: 10)',
      number(0.01, 86_400),
    )
    .option('--quick', 'a first look within a minute: 300 rows, batches of 64, three short passes')
    .option('--fresh', 'time again what an interrupted run has finished')
    .option('--labels <column>', 'classes of rows, for kNN accuracy and V-measure')
    .option('--pair <column>', 'second texts, to be compared with the rows (with --score)')
    .option('--score <column>', 'how alike people found each pair, for Spearman’s correlation')
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option(
      '-o, --output <file>',
      `write tables or the plot of speed and fidelity, by ending: ${Object.keys(FORMATS).join(', ')}; repeat it for several`,
      (file: string, before: readonly string[] = []) => [...before, file],
    );
  withCommonFlags(command);
  return command.action((inputs: string[], flags: Flags) => run(inputs, flags, io));
}

async function run(inputs: readonly string[], flags: Flags, io: Io): Promise<void> {
  const { json, output = [], reference } = flags;
  const renders = output.map(renderOf);
  const jsonFile = json === '-' ? undefined : json;
  await checkOutputs(
    [{ flag: '--json', path: jsonFile }, ...output.map((path) => ({ flag: '-o', path }))],
    [...inputs, reference],
  );
  const { batches, repeats, seconds, quick, fresh, labels, pair, score } = flags;
  const report = await bench(inputs, {
    ...embeddersOptionsOf(flags, io),
    ...{ batches, lengths: flags.lengths, repeats, seconds, quick, fresh, labels, pair, score },
  });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  for (const [i, path] of output.entries()) {
    await writeFileAtomic(path, await renders[i]!(report));
  }
  if (jsonFile !== undefined) await writeFileAtomic(jsonFile, text);
  if (json === '-') io.result(text);
  else if (!io.quiet) io.result(renderBench(report, io.columns));
  for (const path of [...output, ...(jsonFile === undefined ? [] : [jsonFile])]) {
    io.note(`wrote ${path}`);
  }
}

function renderOf(path: string): Render {
  const render = FORMATS[extname(path).toLowerCase()];
  if (render !== undefined) return render;
  throw usageError(
    `-o ${path}: the ending says the format; name a file ending in ${Object.keys(FORMATS).join(', ')}.`,
  );
}
