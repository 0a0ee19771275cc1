/**
 * Claim under test (arXiv 2412.02980): quality of training data drives in-distribution generalisation, diversity
 * out-of-distribution generalisation, complexity helps both. On a small scale, with a linear probe on embeddings; the table
 * says what was found, whichever way it falls.
 *
 * A probe (ridge regression on the vectors) learns which group of intents a query belongs to. Groups are intents whose mean
 * vectors lie together, equally many each. Two fifths of every group's intents are never trained on: they are the held-out kinds.
 * Training sets have equally many rows, and differ on purpose in
 *
 *   quality      a share of labels replaced by those of other groups
 *   diversity    the share of a group's other intents that rows are drawn from
 *   complexity   the shortest, any or the longest third of an intent's queries
 *
 * in all 27 combinations, once a seed. Each is measured: Q is the share of right labels, D the logarithm of the Vendi score, C the
 * mean words a row. Then accuracy is regressed on all three at once, each in standard deviations; intervals are over seeds, which
 * share the data, so they are about draws of training sets and not about other datasets.
 *
 *   node dist/bench/qdc.js BANKING77_FOLDER CLINC150_FILE [--seeds 8] [--rows 240] [--model use-lite]
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Matrix, solve } from 'ml-matrix';
import { spectralValues } from '../src/audit/spectral-draws.ts';
import { type Random, random } from '../src/base/random.ts';
import { rowOf, type Vectors } from '../src/compute/vectors.ts';
import { openDataset } from '../src/data/open.ts';
import { embed } from '../src/engine/embed.ts';
import { quantile95 } from '../src/stats/jackknife.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '8' },
    rows: { type: 'string', default: '240' },
    /** Rows of each intent that training sets are drawn from, and that are tested. */
    train: { type: 'string', default: '60' },
    test: { type: 'string', default: '20' },
    model: { type: 'string', default: 'use-lite' },
  },
});
const [banking, clinc] = positionals;
if (banking === undefined || clinc === undefined) {
  throw new Error('node dist/bench/qdc.js BANKING77_FOLDER CLINC150_FILE');
}
const SEEDS = Number(flags.seeds);
const GROUPS = 8;
const RIDGE = 0.3;
const NOISE = [0, 0.2, 0.4];
const SPREAD = [0.25, 0.5, 1];
const LENGTHS = ['short', 'any', 'long'] as const;

interface Query {
  readonly text: string;
  readonly intent: string;
}

interface Task {
  readonly name: string;
  readonly unit: Vectors;
  readonly words: readonly number[];
  readonly groupOf: readonly number[];
  /** Rows of every intent that may be trained on, and to be tested on. */
  readonly train: ReadonlyMap<string, readonly number[]>;
  readonly test: ReadonlyMap<string, readonly number[]>;
  readonly groups: readonly (readonly string[])[];
}

const byIntent = (queries: readonly Query[], most: number): Query[] => {
  const counts = new Map<string, number>();
  return queries.filter(({ intent }) => {
    const count = counts.get(intent) ?? 0;
    counts.set(intent, count + 1);
    return count < most;
  });
};

async function bankingQueries(file: string): Promise<Query[]> {
  const dataset = await openDataset([join(banking!, file)], { text: 'text' });
  const queries: Query[] = [];
  for await (const { text, columns } of dataset.rows({})) {
    queries.push({ text: text!, intent: String(columns.category) });
  }
  await dataset.close();
  return queries;
}

async function clincQueries(part: string): Promise<Query[]> {
  const all = JSON.parse(await readFile(clinc!, 'utf8')) as Record<string, [string, string][]>;
  return all[part]!.map(([text, intent]) => ({ text, intent }));
}

async function taskOf(name: string, train: Query[], test: Query[]): Promise<Task> {
  const rows = [...byIntent(train, Number(flags.train)), ...byIntent(test, Number(flags.test))];
  const trained = rows.length - byIntent(test, Number(flags.test)).length;
  const folder = await mkdtemp(join(tmpdir(), 'gamut-qdc-'));
  try {
    const file = join(folder, 'rows.jsonl');
    await writeFile(file, rows.map(({ text }) => JSON.stringify({ text })).join('\n'));
    const { vectors: unit } = await embed(file, { model: flags.model });
    const members = (from: number, to: number): Map<string, number[]> => {
      const found = new Map<string, number[]>();
      for (let i = from; i < to; i += 1) {
        found.set(rows[i]!.intent, [...(found.get(rows[i]!.intent) ?? []), i]);
      }
      return found;
    };
    const ofTrain = members(0, trained);
    const groups = grouped(unit, ofTrain);
    const place = new Map(groups.flatMap((intents, g) => intents.map((intent) => [intent, g])));
    return {
      ...{ name, unit, train: ofTrain, test: members(trained, rows.length), groups },
      words: rows.map(({ text }) => text.split(/\s+/).length),
      groupOf: rows.map(({ intent }) => place.get(intent)!),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Groups of equally many intents: each in turn takes the free one nearest to its own mean. */
function grouped(unit: Vectors, train: ReadonlyMap<string, readonly number[]>): string[][] {
  const means = new Map(Array.from(train, ([intent, rows]) => [intent, meanOf(unit, rows)]));
  const free = [...means.keys()].sort();
  const groups: string[][] = [];
  // Each group begins with the intent farthest from all that begin one.
  const starts: Float64Array[] = [];
  for (let g = 0; g < GROUPS; g += 1) {
    const nearest = (intent: string): number =>
      Math.max(-1, ...starts.map((start) => dot(start, means.get(intent)!)));
    const first = free.reduce((a, b) => (nearest(b) < nearest(a) ? b : a));
    free.splice(free.indexOf(first), 1);
    groups.push([first]);
    starts.push(means.get(first)!);
  }
  for (let g = 0; free.length > 0; g = (g + 1) % GROUPS) {
    const own = groups[g]!;
    const score = (intent: string): number =>
      own.reduce((sum, other) => sum + dot(means.get(other)!, means.get(intent)!), 0);
    const next = free.reduce((a, b) => (score(b) > score(a) ? b : a));
    free.splice(free.indexOf(next), 1);
    own.push(next);
  }
  return groups;
}

function meanOf(unit: Vectors, rows: readonly number[]): Float64Array {
  const mean = new Float64Array(unit.dims);
  for (const row of rows) for (const [j, x] of rowOf(unit, row).entries()) mean[j]! += x;
  const norm = Math.sqrt(dot(mean, mean));
  return mean.map((x) => x / norm);
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j]! * b[j]!;
  return sum;
};

function shuffled<T>(list: readonly T[], uniform: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

interface Selection {
  readonly rows: readonly number[];
  readonly labels: readonly number[];
  readonly intents: ReadonlySet<string>;
}

function select(
  { groups, train, words }: Task,
  seen: readonly (readonly string[])[],
  knobs: { readonly noise: number; readonly spread: number; readonly length: string },
  uniform: Random,
): Selection {
  const rows: number[] = [];
  const labels: number[] = [];
  const intents = new Set<string>();
  const each = Math.floor(Number(flags.rows) / groups.length);
  for (const [g, own] of seen.entries()) {
    const used = own.slice(0, Math.max(1, Math.round(knobs.spread * own.length)));
    const pools = used.map((intent) => {
      intents.add(intent);
      const sorted = train.get(intent)!.toSorted((a, b) => words[a]! - words[b]! || a - b);
      const third = Math.ceil(sorted.length / 3);
      if (knobs.length === 'short') return shuffled(sorted.slice(0, third), uniform);
      if (knobs.length === 'long') return shuffled(sorted.slice(-third), uniform);
      return shuffled(sorted, uniform).slice(0, third);
    });
    for (let i = 0, left = each; left > 0; i += 1) {
      const pool = pools[i % pools.length]!;
      const row = pool[Math.floor(i / pools.length)];
      if (row === undefined) {
        if (pools.every((one) => one.length <= Math.floor(i / pools.length))) {
          throw new Error(`${used.join(', ')} have too few queries for ${each} rows`);
        }
        continue;
      }
      rows.push(row);
      labels.push(g);
      left -= 1;
    }
  }
  // Labels of other groups, for exactly this share of the rows.
  const wrong = shuffled([...rows.keys()], uniform).slice(0, Math.round(knobs.noise * rows.length));
  for (const i of wrong) {
    labels[i] = (labels[i]! + 1 + Math.floor(uniform() * (groups.length - 1))) % groups.length;
  }
  return { rows, labels, intents };
}

/** One column of weights a group: ridge regression on the rows, in its dual form. */
function probe({ unit, groups }: Task, { rows, labels }: Selection): Float64Array[] {
  const kernel = Matrix.zeros(rows.length, rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = dot(rowOf(unit, rows[i]!), rowOf(unit, rows[j]!)) + Number(i === j) * RIDGE;
      kernel.set(i, j, value);
      kernel.set(j, i, value);
    }
  }
  const targets = Matrix.zeros(rows.length, groups.length);
  for (const [i, label] of labels.entries()) targets.set(i, label, 1);
  const dual = solve(kernel, targets);
  return groups.map((_, g) => {
    const weights = new Float64Array(unit.dims);
    for (const [i, row] of rows.entries()) {
      const weight = dual.get(i, g);
      for (const [j, x] of rowOf(unit, row).entries()) weights[j]! += weight * x;
    }
    return weights;
  });
}

function accuracy(
  { unit, test, groupOf }: Task,
  weights: readonly Float64Array[],
  isOf: (intent: string) => boolean,
): number {
  let [right, all] = [0, 0];
  for (const [intent, rows] of test) {
    if (!isOf(intent)) continue;
    for (const row of rows) {
      const x = rowOf(unit, row);
      const scores = weights.map((column) => dot(column, x));
      right += Number(scores.indexOf(Math.max(...scores)) === groupOf[row]);
      all += 1;
    }
  }
  return right / all;
}

const OUTCOMES = ['own intents', 'all trained intents', 'held-out intents'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface Found {
  readonly knobs: { readonly noise: number; readonly spread: number; readonly length: string };
  readonly measured: readonly [q: number, d: number, c: number];
  readonly accuracy: Readonly<Record<Outcome, number>>;
}

async function runSeed(task: Task, seed: number): Promise<Found[]> {
  const uniform = random(seed + 1);
  const dealt = task.groups.map((intents) => shuffled(intents, uniform));
  const seen = dealt.map((intents) => intents.slice(0, Math.ceil(0.6 * intents.length)));
  const trained = new Set(seen.flat());
  const found: Found[] = [];
  for (const noise of NOISE) {
    for (const spread of SPREAD) {
      for (const length of LENGTHS) {
        const knobs = { noise, spread, length };
        const selection = select(task, seen, knobs, uniform);
        const { rows, labels, intents } = selection;
        const right = labels.filter((label, i) => label === task.groupOf[rows[i]!]).length;
        const [spectral] = await spectralValues(task.unit, [Int32Array.from(rows)], {});
        const weights = probe(task, selection);
        found.push({
          knobs,
          measured: [
            right / rows.length,
            Math.log(spectral!.vendi!),
            rows.reduce((sum, row) => sum + task.words[row]!, 0) / rows.length,
          ],
          accuracy: {
            'own intents': accuracy(task, weights, (intent) => intents.has(intent)),
            'all trained intents': accuracy(task, weights, (intent) => trained.has(intent)),
            'held-out intents': accuracy(task, weights, (intent) => !trained.has(intent)),
          },
        });
      }
    }
  }
  return found;
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

const z = (values: readonly number[]): number[] =>
  values.map((value) => (value - mean(values)) / deviation(values));

/** Points of accuracy for a standard deviation of each of Q, D and C, and the share of the variance explained. */
function regress(found: readonly Found[], outcome: Outcome): { slopes: number[]; r2: number } {
  const columns = [0, 1, 2].map((c) => z(found.map(({ measured }) => measured[c]!)));
  const y = found.map(({ accuracy: of }) => 100 * of[outcome]);
  const centred = y.map((value) => value - mean(y));
  const design = new Matrix(columns).transpose();
  const slopes = solve(design, Matrix.columnVector(centred), true).to1DArray();
  const left = centred.map(
    (value, i) => value - slopes.reduce((sum, slope, c) => sum + slope * columns[c]![i]!, 0),
  );
  return { slopes, r2: 1 - mean(left.map((x) => x * x)) / mean(centred.map((x) => x * x)) };
}

/** A mean over seeds with the half-width of its 95 % interval. */
function withError(values: readonly number[]): string {
  const t = values.length > 1 ? quantile95(values.length) : Number.NaN;
  const half = (t * deviation(values)) / Math.sqrt(values.length - 1);
  return `${mean(values).toFixed(1).padStart(5)} ± ${half.toFixed(1).padEnd(4)}`;
}

function report(task: Task, seeds: readonly (readonly Found[])[]): void {
  const { groups, train } = task;
  console.log(
    `\n${task.name}: ${train.size} intents in ${groups.length} groups, ${27 * seeds.length} training sets of ${Math.floor(Number(flags.rows) / GROUPS) * GROUPS} rows\n`,
  );
  console.log('| accuracy on | Q: right labels | D: ln Vendi | C: words a row | R² |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const outcome of OUTCOMES) {
    const fits = seeds.map((found) => regress(found, outcome));
    const cells = [0, 1, 2].map((c) => withError(fits.map(({ slopes }) => slopes[c]!)));
    console.log(
      `| ${outcome} | ${cells.join(' | ')} | ${mean(fits.map(({ r2 }) => r2)).toFixed(2)} |`,
    );
  }
  const all = seeds.flat();
  const correlation = (a: number, b: number): string => {
    const [x, y] = [a, b].map((c) => z(all.map(({ measured }) => measured[c]!)));
    return mean(x!.map((value, i) => value * y![i]!)).toFixed(2);
  };
  const spread = [0, 1, 2].map((c) => deviation(all.map(({ measured }) => measured[c]!)));
  console.log(
    `\nA standard deviation: Q ${spread[0]!.toFixed(3)}, D ${spread[1]!.toFixed(3)}, C ${spread[2]!.toFixed(2)}. Correlations: Q–D ${correlation(0, 1)}, Q–C ${correlation(0, 2)}, D–C ${correlation(1, 2)}.`,
  );
  console.log(`\n| training sets | ${OUTCOMES.join(' | ')} | Vendi | words |`);
  console.log(`| --- |${' --- |'.repeat(OUTCOMES.length + 2)}`);
  const line = (name: string, is: (knobs: Found['knobs']) => boolean): void => {
    const of = (pick: (found: Found) => number): number =>
      mean(all.filter(({ knobs }) => is(knobs)).map(pick));
    const shares = OUTCOMES.map((outcome) => (100 * of((one) => one.accuracy[outcome])).toFixed(1));
    const vendi = of(({ measured }) => Math.exp(measured[1])).toFixed(1);
    console.log(
      `| ${name} | ${shares.join(' | ')} | ${vendi} | ${of((one) => one.measured[2]).toFixed(1)} |`,
    );
  };
  for (const noise of NOISE)
    line(`${100 * noise} % wrong labels`, (knobs) => knobs.noise === noise);
  for (const one of SPREAD) line(`${100 * one} % of the intents`, ({ spread: own }) => own === one);
  for (const length of LENGTHS) line(`${length} queries`, (knobs) => knobs.length === length);
}

const tasks = [
  await taskOf('banking77', await bankingQueries('train.csv'), await bankingQueries('test.csv')),
  await taskOf('clinc150', await clincQueries('train'), await clincQueries('test')),
];
console.log(
  `Points of accuracy of a linear probe for one standard deviation more of Q, D or C, the other two held; 95 % intervals over ${SEEDS} seeds (${flags.model})`,
);
for (const task of tasks) {
  const seeds: Found[][] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) seeds.push(await runSeed(task, seed));
  report(task, seeds);
}
