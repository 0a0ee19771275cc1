/**
 * Claim: `attribute` and `track` give back effects that are known, within their intervals.
 *
 * Rows are drawn from a few texts with known chances, so that what is true of quality, diversity and complexity follows
 * from the chances: exactly of `quality:score` (a mean and noise), `mean-distance` and `length.words`, and of `vendi` from
 * many simulated draws of as many rows. Every run draws afresh, writes files and asks the verb as a program would. Prints
 * truth beside the estimate of the first run, and how often intervals of all runs hold the truth.
 *
 *   node dist/bench/effects.js [runs] [rows]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute } from '../src/attribute/attribute.ts';
import { designOf, type Factor } from '../src/attribute/design.ts';
import { effectsOf } from '../src/attribute/effects.ts';
import { gaussian, mix, type Random, random } from '../src/base/random.ts';
import { manyEigenvalues } from '../src/compute/eigen.ts';
import { rowOf } from '../src/compute/vectors.ts';
import { embed } from '../src/index.ts';
import { vendiOf } from '../src/measures/mixtures.ts';
import { track } from '../src/track/track.ts';

const [runs = 20, rows = 120] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'gamut-effects-'));
const MEASURES = ['quality:score', 'vendi', 'mean-distance', 'length.words'] as const;
type Id = (typeof MEASURES)[number];
type Truth = Readonly<Record<Id, number>>;

const TEXTS = texts();
const COSINES = await cosinesOf(TEXTS);
/** Draws that the expected Vendi score at n rows is the mean of. */
const SIMULATED = 400;

/** How rows are drawn: text k with a chance in proportion to exp(−k · steep), scores around `score`. */
interface Source {
  readonly steep: number;
  readonly score: number;
}

try {
  await attributed('every combination, equally many rows', () => rows);
  await attributed(
    'every combination, one to three times as many',
    (cell) => rows * (1 + (cell % 3)),
  );
  await tracked();
} finally {
  await rm(folder, { recursive: true });
}

async function attributed(title: string, rowsOf: (cell: number) => number): Promise<void> {
  const factors: Factor[] = [
    { name: 'filter', levels: ['no', 'yes'] },
    { name: 'model', levels: ['large', 'small'] },
    { name: 'temperature', levels: ['0', '0.5', '1'] },
  ];
  const cells = [0, 1].flatMap((f) => [0, 1].flatMap((m) => [0, 1, 2].map((t) => [f, m, t])));
  // A filter raises scores and narrows topics, most where the model is small; heat widens them and lowers scores.
  const sources = cells.map(([filter = 0, model = 0, heat = 0]) => ({
    steep: 0.06 + 0.06 * filter + 0.04 * model + 0.08 * filter * model - 0.02 * heat,
    score: 3 + 0.8 * filter - 0.5 * model - 0.2 * heat,
  }));
  const truths: Truth[] = [];
  for (const source of sources) truths.push(await truthOf(source, rows));
  const design = designOf(factors, cells, true);
  const hits = new Map<Id, [inside: number, all: number]>();
  let seconds = 0;
  for (let run = 0; run < runs; run += 1) {
    const lines = cells.flatMap(([filter, model, heat], c) => {
      const uniform = random(mix(mix(7, run), c));
      return drawn(sources[c]!, rowsOf(c), uniform).map((row) => ({
        ...row,
        filter: factors[0]!.levels[filter!],
        model: factors[1]!.levels[model!],
        temperature: factors[2]!.levels[heat!],
      }));
    });
    const file = await written('rows', lines);
    const start = performance.now();
    const report = await attribute(file, {
      factors: factors.map(({ name }) => name),
      measures: MEASURES.join(),
      text: 'text',
    });
    seconds += (performance.now() - start) / 1000;
    const table = tableOf();
    for (const id of MEASURES) {
      const exact = effectsOf(
        factors,
        design,
        truths.map((truth) => ({ value: truth[id], error: 0 })),
        32,
      );
      for (const [t, { factors: of, levels }] of report.measures[id]!.effects.entries()) {
        for (const [l, { levels: names, effect, interval }] of levels.entries()) {
          const known = exact[t]!.levels[l]!.effect;
          count(hits, id, known, interval);
          // The last level says it of two; of pairs of factors the one that the sources have.
          if (l < levels.length - 1 || (of.length > 1 && of.includes('temperature'))) continue;
          table.add(
            id,
            of.map((name, i) => `${name} ${names[i]}`).join(' × '),
            known,
            effect,
            interval,
          );
        }
      }
    }
    if (run > 0) continue;
    console.log(
      `attribute: ${title} (${lines.length} rows, combinations compared at ${report.n})\n`,
    );
    table.print();
  }
  coverage(hits, seconds);
}

async function tracked(): Promise<void> {
  // Two rounds of one source, then a loop that feeds on itself: fewer texts, higher scores.
  const sources = [0.03, 0.03, 0.03, 0.1, 0.16, 0.25].map((steep, round) => ({
    steep,
    score: 3 + 0.1 * round,
  }));
  const onset = 3;
  const truths: Truth[] = [];
  for (const source of sources) truths.push(await truthOf(source, rows));
  const hits = new Map<Id, [inside: number, all: number]>();
  const said = new Map<string, number>();
  let alarms = 0;
  let seconds = 0;
  for (let run = 0; run < runs; run += 1) {
    const files: string[] = [];
    for (const [r, source] of sources.entries()) {
      files.push(await written(`round${r}`, drawn(source, rows, random(mix(mix(11, run), r)))));
    }
    const ask = { measures: MEASURES.join(), text: 'text' };
    const start = performance.now();
    const report = await track(files, ask);
    seconds += (performance.now() - start) / 1000;
    const table = tableOf();
    for (const id of MEASURES) {
      for (const [r, change] of report.measures[id]!.changes.entries()) {
        if (change === null) continue;
        const known = truths[r]![id] - truths[0]![id];
        count(hits, id, known, change.interval);
        if (r >= onset - 1) table.add(id, `round ${r}`, known, change.difference, change.interval);
      }
    }
    if (run === 0) {
      console.log(
        `track: ${sources.length} rounds of ${rows} rows, which narrow from round ${onset} on; changes from round 0\n`,
      );
      table.print();
    }
    const round = report.collapse === null ? 'none' : `round ${report.collapse.round}`;
    said.set(round, (said.get(round) ?? 0) + 1);
    if ((await track(files.slice(0, onset), ask)).collapse !== null) alarms += 1;
  }
  coverage(hits, seconds);
  const words = [...said].sort().map(([round, times]) => `${round} ${times} times`);
  console.log(`Collapse said to begin: ${words.join(', ')} of ${runs} runs.`);
  console.log(`Of rounds 0 to ${onset - 1} alone, which are one source: said ${alarms} times.`);
}

function drawn(
  source: Source,
  n: number,
  uniform: Random,
): { readonly text: string; readonly score: number }[] {
  const chances = chancesOf(source);
  return Array.from({ length: n }, () => ({
    text: TEXTS[pick(chances, uniform)]!,
    score: source.score + gaussian(uniform),
  }));
}

function pick(chances: readonly number[], uniform: Random): number {
  let rest = uniform();
  const found = chances.findIndex((chance) => {
    rest -= chance;
    return rest < 0;
  });
  return found < 0 ? chances.length - 1 : found;
}

function chancesOf({ steep }: Source): number[] {
  const weights = TEXTS.map((_, k) => Math.exp(-k * steep));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

async function truthOf(source: Source, n: number): Promise<Truth> {
  const chances = chancesOf(source);
  let [alike, words] = [0, 0];
  for (const [i, p] of chances.entries()) {
    words += p * wordsOf(TEXTS[i]!);
    for (const [j, q] of chances.entries()) alike += p * q * COSINES[i]![j]!;
  }
  const uniform = random(5);
  const matrices = Array.from({ length: SIMULATED }, () => {
    const counts = TEXTS.map(() => 0);
    for (let i = 0; i < n; i += 1) counts[pick(chances, uniform)]! += 1;
    return Float64Array.from(
      counts.flatMap((a, i) => counts.map((b, j) => Math.sqrt(a * b) * COSINES[i]![j]!)),
    );
  });
  const spectra = await manyEigenvalues(matrices, TEXTS.length);
  const vendi = spectra.reduce((sum, values) => sum + vendiOf(values).score, 0) / SIMULATED;
  return {
    'quality:score': source.score,
    vendi,
    'mean-distance': 1 - alike,
    'length.words': words,
  };
}

/** Sentences about different things, short ones first: what draws fewer texts draws shorter ones too. */
function texts(): string[] {
  const things =
    'oven tide clause goat ledger violin comet fever bridge orchard saddle chess'.split(' ');
  const acts = 'repair explain sell paint measure forget'.split(' ');
  const ends =
    'before winter comes|with only one hand|for a class of twelve|and say why|near the harbour at night';
  const all = things.flatMap((thing, i) =>
    [0, 1, 2].map((turn) => {
      const tails = ends.split('|').slice(0, 1 + ((3 * i + 2 * turn) % 4));
      return `${acts[(i + 3 * turn) % acts.length]} the ${thing} ${tails.join(' ')}`;
    }),
  );
  return all.sort((a, b) => wordsOf(a) - wordsOf(b));
}

function wordsOf(text: string): number {
  return text.split(' ').length;
}

async function cosinesOf(all: readonly string[]): Promise<number[][]> {
  const file = await written(
    'texts',
    all.map((text) => ({ text })),
  );
  const { vectors } = await embed(file);
  const dot = (i: number, j: number): number => {
    const other = rowOf(vectors, j);
    return rowOf(vectors, i).reduce((sum, x, d) => sum + x * other[d]!, 0);
  };
  return all.map((_, i) => all.map((__, j) => dot(i, j)));
}

async function written(name: string, lines: readonly object[]): Promise<string> {
  const file = join(folder, `${name}.jsonl`);
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  return file;
}

function count(
  hits: Map<Id, [inside: number, all: number]>,
  id: Id,
  known: number,
  [low, high]: readonly [number, number],
): void {
  const found = hits.get(id) ?? [0, 0];
  hits.set(id, found);
  if (low <= known && known <= high) found[0] += 1;
  found[1] += 1;
}

function coverage(hits: ReadonlyMap<Id, readonly [number, number]>, seconds: number): void {
  const shares = [...hits].map(
    ([id, [inside, all]]) => `${id} ${((100 * inside) / all).toFixed(0)} % of ${all}`,
  );
  console.log(`\nIntervals that hold the truth: ${shares.join(', ')}.`);
  console.log(`${(seconds / runs).toFixed(1)} s a run.\n`);
}

interface Table {
  add(
    id: string,
    column: string,
    known: number,
    found: number,
    ends: readonly [number, number],
  ): void;
  print(): void;
}

/** Truth: estimate (interval), a line a measure. */
function tableOf(): Table {
  const columns = new Set<string>();
  const lines = new Map<string, string[]>();
  return {
    add(id, column, known, found, [low, high]) {
      columns.add(column);
      const line = lines.get(id) ?? [];
      lines.set(id, line);
      line.push(`${show(known)}: ${show(found)} (${show(low)} … ${show(high)})`);
    },
    print() {
      console.log(`| | ${[...columns].join(' | ')} |`);
      console.log(`| --- |${' --- |'.repeat(columns.size)}`);
      for (const [id, line] of lines) console.log(`| \`${id}\` | ${line.join(' | ')} |`);
    },
  };
}

function show(value: number): string {
  return value.toFixed(Math.abs(value) < 0.1 ? 3 : 2).replace('-', '−');
}
