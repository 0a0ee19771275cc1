/**
 * Generators side by side: datasets in one table of quality, diversity and complexity, at equal n, and how long it takes.
 *
 * Every file of a folder is a generator that answered the same prompts: the answers alone are compared, paired by prompt. Files
 * given beside it are compared with them in a second table, unpaired: of their rows, too, the answers alone (response, output
 * or answer).
 *
 *   node dist/bench/generators.js FOLDER [FILE…] [--text response] [--prompt instruction] [--at 250]
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../src/compare/compare.ts';
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
  console.log(renderComparison(report, aboutOf(Object.keys(report.measures)), 100));
  console.log(`${inputs.length} datasets at ${report.n} rows in ${seconds.toFixed(1)} s\n`);
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
