/**
 * Generators side by side: datasets in one table of quality, diversity and complexity, at equal n, and how long it takes.
 *
 * Every file of a folder is a generator that answered the same prompts: the answers alone are compared, paired by prompt. Files
 * given beside it are compared with them in a second table, unpaired: of their rows, too, the answers alone (response, output
 * or answer).
 *
 * Prints a line a dataset: numbers that lead, and its mean place in diversity, wording, rules and complexity with how often
 * it has significantly more and less than another; --all prints what `gamut compare` does. Vectors are kept between runs.
 *
 *   node dist/bench/generators.js FOLDER [FILE…] [--text response] [--prompt prompt] [--at 200] [--all]
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../src/compare/compare.ts';
import type { CompareReport } from '../src/compare/report.ts';
import { openDataset } from '../src/data/open.ts';
import { aboutOf } from '../src/measures/registry.ts';
import { renderComparison } from '../src/report/compare.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    text: { type: 'string', default: 'response' },
    prompt: { type: 'string', default: 'prompt' },
    model: { type: 'string' },
    measures: { type: 'string', default: 'fast' },
    at: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});
const [folder, ...others] = positionals;
if (folder === undefined) throw new Error('node dist/bench/generators.js FOLDER [FILE…]');
const files = (await readdir(folder)).sort().map((name) => join(folder, name));

async function table(
  inputs: readonly string[],
  options: Parameters<typeof compare>[1],
): Promise<void> {
  const start = performance.now();
  const { report } = await compare(inputs, {
    ...{ model: flags.model, measures: flags.measures, map: false },
    ...{ onBadRow: 'skip', long: 'truncate', ...options },
  });
  const seconds = (performance.now() - start) / 1000;
  if (flags.all) console.log(renderComparison(report, aboutOf(Object.keys(report.measures)), 100));
  else console.log(summaryOf(report));
  console.log(`\n${inputs.length} datasets at ${report.n} rows in ${seconds.toFixed(1)} s\n`);
}

const RANKED = [
  ['diversity', null],
  ['diversity', 'lexical'],
  ['quality', 'rules'],
  ['complexity', null],
] as const;

/** A line a dataset, by its place in diversity: the numbers that lead, and places with how often it has more and less. */
function summaryOf({ datasets, measures, rankings, prompts }: CompareReport): string {
  const found = RANKED.flatMap(
    ([axis, section]) => rankings.find((one) => one.axis === axis && one.section === section) ?? [],
  );
  const heads = found.map(({ axis, section }) =>
    section === 'lexical' ? 'wording' : (section ?? axis),
  );
  const lines = [
    ['dataset', 'Vendi', ...heads, 'rules kept', 'words', ...(prompts ? ['to others'] : [])],
  ];
  lines.push(lines[0]!.map(() => '---'));
  const number = (id: string, d: number): string => {
    const value = measures[id]?.values[d]?.value ?? null;
    if (value === null) return '';
    return id === 'quality.rules' ? `${(100 * value).toFixed(0)} %` : value.toPrecision(3);
  };
  for (const { dataset } of found[0]!.order) {
    const places = found.map(({ order }) => order.find((one) => one.dataset === dataset)!);
    const own = prompts?.datasets[dataset]?.toOthers.value ?? null;
    lines.push([
      datasets[dataset]!.name,
      number('vendi', dataset),
      ...places.map(({ meanRank, more, less }) => `${meanRank.toFixed(1)} (${more} / ${less})`),
      number('quality.rules', dataset),
      number('length.words', dataset),
      ...(own === null ? [] : [own.toFixed(2)]),
    ]);
  }
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** The answers of a file as rows of text, in a file of the same name. */
async function answersOf(path: string, into: string): Promise<string> {
  const dataset = await openDataset([path], { onBadRow: 'skip' });
  const lines: string[] = [];
  for await (const { columns } of dataset.rows({})) {
    const answer = columns.response ?? columns.output ?? columns.answer;
    if (typeof answer === 'string' && answer.trim() !== '') {
      lines.push(JSON.stringify({ text: answer }));
    }
  }
  await dataset.close();
  const file = join(into, basename(path).replace(/(_predictions)?\.jsonl?$/, '.jsonl'));
  await writeFile(file, lines.join('\n'));
  return file;
}

await table(files, { text: flags.text, prompt: flags.prompt });
if (others.length > 0) {
  const into = await mkdtemp(join(tmpdir(), 'gamut-generators-'));
  try {
    const inputs: string[] = [];
    for (const file of [...files, ...others]) inputs.push(await answersOf(file, into));
    await table(inputs, {
      text: 'text',
      at: flags.at === undefined ? undefined : Number(flags.at),
    });
  } finally {
    await rm(into, { recursive: true });
  }
}
