/**
 * Claim: two draws from one source are said to differ in about one measure of twenty, and a dataset that is poorer is found out.
 *
 * Draws two datasets of as many rows from a file, again and again, and asks `compare` how they differ. Level: of one source, in how many
 * tests p is below 5 %, by kinds of measures, with a column of skewed numbers and one of rare passes besides. Power: the second has a
 * fifth of its rows replaced by copies of its others, and its numbers are half a standard deviation (of their logarithm) lower. With a
 * folder, a file each of answers to the same prompts: two files' answers are dealt to two datasets by lot, prompt by prompt, so that
 * the pairs are of one source and paired.
 *
 *   node dist/bench/verdicts.js FILE|FOLDER [rows] [runs] [measures]
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, mix, type Random, random } from '../src/base/random.ts';
import { compare } from '../src/compare/compare.ts';
import type { CompareReport } from '../src/compare/report.ts';
import { openDataset } from '../src/data/open.ts';
import { textsOf } from './support/texts.ts';

const [path, rows = 100, runs = 30, measures = 'fast'] = process.argv
  .slice(2)
  .map((one, i) => (i === 1 || i === 2 ? Number(one) : one)) as [
  string?,
  number?,
  number?,
  string?,
];
if (path === undefined)
  throw new Error('node dist/bench/verdicts.js FILE|FOLDER [rows] [runs] [measures]');
const folder = await mkdtemp(join(tmpdir(), 'gamut-verdicts-'));
const MEASURES = `${measures},quality:score,quality:pass`;

interface Row {
  readonly text: string;
  readonly prompt?: string;
}
interface Judged extends Row {
  readonly score: number;
  readonly pass: number;
}

try {
  const paired = (await stat(path)).isDirectory();
  const draw = paired
    ? pairsOf(await answersOf(path))
    : samplesOf((await textsOf(path)).map((text) => ({ text })));
  const level = tallyOf();
  const power = tallyOf();
  for (let run = 0; run < runs; run += 1) {
    const uniform = random(mix(0x1e7e1, run));
    const [a, b] = draw(uniform).map((own) => own.map((row) => judged(row, uniform, 0)));
    level.add(await asked(a!, b!));
    if (!paired) power.add(await asked(a!, poorer(b!, uniform)));
  }
  console.log(
    `${runs} draws of two datasets of ${rows} rows${paired ? ', paired by prompt' : ''}\n`,
  );
  console.log('One source: tests with p below 5 %');
  level.print(({ p }) => p < 0.05);
  if (!paired) {
    console.log('\nThe second repeats itself and scores lower: verdicts that say so');
    power.print(({ verdict }) => verdict === 'more', ['vendi', 'distinct-2', 'quality:']);
  }
} finally {
  await rm(folder, { recursive: true });
}

async function asked(a: readonly Judged[], b: readonly Judged[]): Promise<CompareReport> {
  const files = await Promise.all(
    [a, b].map(async (own, i) => {
      const file = join(folder, `${i}.jsonl`);
      await writeFile(file, own.map((row) => JSON.stringify(row)).join('\n'));
      return file;
    }),
  );
  return (await compare(files, { measures: MEASURES, text: 'text', map: false })).report;
}

/** A log-normal score, as rewards and lengths are, and a pass of one in seven. */
function judged(row: Row, uniform: Random, shift: number): Judged {
  return { ...row, score: Math.exp(gaussian(uniform) + shift), pass: Number(uniform() < 1 / 7) };
}

function poorer(own: readonly Judged[], uniform: Random): Judged[] {
  return own.map((row, i) => judged(i < own.length / 5 ? own.at(-1 - i)! : row, uniform, -0.5));
}

/** For each prompt that all files answer, the first answer of each. */
async function answersOf(of: string): Promise<Row[][]> {
  const prompts = new Map<string, Map<string, Row>>();
  const files = await readdir(of);
  for (const file of files.sort()) {
    const dataset = await openDataset([join(of, file)], { text: 'response', onBadRow: 'skip' });
    for await (const { text, columns } of dataset.rows({})) {
      const { prompt } = columns;
      if (text === null || typeof prompt !== 'string') continue;
      const answers = prompts.get(prompt) ?? new Map<string, Row>();
      if (!answers.has(file)) answers.set(file, { text, prompt });
      prompts.set(prompt, answers);
    }
    await dataset.close();
  }
  return [...prompts.values()]
    .filter(({ size }) => size === files.length)
    .map((answers) => [...answers.values()]);
}

type Draw = (uniform: Random) => readonly (readonly Row[])[];

function samplesOf(all: readonly Row[]): Draw {
  return (uniform) => {
    const some = chosen(all, 2 * rows, uniform);
    return [some.slice(0, rows), some.slice(rows)];
  };
}

function pairsOf(all: readonly (readonly Row[])[]): Draw {
  return (uniform) => {
    const dealt = chosen(all, rows, uniform).map((answers) => chosen(answers, 2, uniform));
    return [0, 1].map((side) => dealt.map((two) => two[side]!));
  };
}

function chosen<T>(all: readonly T[], count: number, uniform: Random): T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    return left.splice(Math.floor(uniform() * left.length), 1)[0]!;
  });
}

interface Test {
  readonly p: number;
  readonly verdict: 'more' | 'less' | null;
}

/** Tests by kinds of measures, and by measures. */
function tallyOf() {
  const tests = new Map<string, { readonly kind: string; readonly own: Test[] }>();
  return {
    add({ measures }: CompareReport): void {
      for (const [id, { axis, section, pairs }] of Object.entries(measures)) {
        const { p = null, verdict = null } = pairs[0] ?? {};
        if (p === null) continue;
        const kind = section ?? axis;
        const known = tests.get(id) ?? { kind, own: [] };
        known.own.push({ p, verdict });
        tests.set(id, known);
      }
    },
    print(is: (test: Test) => boolean, only?: readonly string[]): void {
      const line = (name: string, own: readonly Test[]): void => {
        const share = (100 * own.filter(is).length) / own.length;
        console.log(`  ${name.padEnd(28)} ${share.toFixed(1).padStart(5)} % of ${own.length}`);
      };
      if (only !== undefined) {
        for (const [id, { own }] of tests) {
          if (only.some((start) => id === start || (start.endsWith(':') && id.startsWith(start)))) {
            line(id, own);
          }
        }
        return;
      }
      for (const kind of new Set([...tests.values()].map((one) => one.kind))) {
        line(
          kind,
          [...tests.values()].flatMap((one) => (one.kind === kind ? one.own : [])),
        );
      }
      const most = [...tests].sort(([, a], [, b]) => shareOf(b.own, is) - shareOf(a.own, is));
      console.log('  most often:');
      for (const [id, { own }] of most.slice(0, 3)) line(id, own);
    },
  };
}

function shareOf(own: readonly Test[], is: (test: Test) => boolean): number {
  return own.filter(is).length / own.length;
}
