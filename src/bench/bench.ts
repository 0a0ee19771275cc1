import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { inputError, throwIfAborted } from '../base/errors.ts';
import { vectorsOf } from '../compute/vectors.ts';
import type { Json, Row } from '../data/row.ts';
import { dot } from './agreement.ts';
import { ask, commonFacts, describeSetup, type Found, findAll, type Question } from './evaluate.ts';
import { runJob, withJobs } from './job.ts';
import type { BenchReport, SetupReport, Task, Timing } from './report.ts';
import { textsOfLength } from './sample.ts';
import { type BenchOptions, type BenchSettings, type Setup, settingsOf } from './settings.ts';
import { openState } from './state.ts';
import { spearman } from './statistics.ts';
import { classTask } from './task.ts';
import { embedWith } from './vectors.ts';

/** Texts that are timed at the most; conclusions are drawn from all sampled rows. */
const TIMED = 1024;
/** Work of others, as a share of the cores, from which timings are doubtful. */
const BUSY = 0.5;

/**
 * Models × devices × precisions × loads on people's own data: what each costs, and what it does to the
 * conclusions that a baseline gives.
 */
export async function bench(
  inputs: readonly string[],
  options: BenchOptions = {},
): Promise<BenchReport> {
  const settings = settingsOf(options);
  const load = loadavg()[0]!;
  const question = await ask(inputs, settings.rows, settings.measures, options);
  const tasks = tasksOf(question, options);
  const { found, skipped } = await findAll(settings.setups, question, options);
  const baseline = found[0]!;
  const timings = await timeAll(found, question, settings, options);
  const setups: SetupReport[] = [];
  for (const [i, one] of found.entries()) {
    setups.push({
      ...describeSetup(one, baseline, question),
      timings: timings.measured[i]!,
      task: await judge(one, tasks, options, question.seed),
    });
  }
  const facts = await commonFacts(question, baseline, options.signal);
  const [first] = cpus();
  const cores = cpus().length;
  const busy = `The machine had other work when this began (load ${load.toFixed(1)} on ${cores} cores): timings are slower than they would be alone.`;
  return {
    schema: 'gamut.bench/1',
    ...facts,
    setups,
    skipped: [...skipped, ...timings.skipped],
    warnings: [...facts.warnings, ...(load > BUSY * cores ? [busy] : [])],
    machine: { processor: first?.model.trim() ?? 'unknown', cores, node: process.versions.node },
    settings: {
      ...{ repeats: settings.repeats, seconds: settings.seconds },
      quick: options.quick ?? false,
    },
  };
}

interface Timings {
  readonly measured: readonly (readonly Timing[])[];
  readonly skipped: { readonly setup: string; readonly why: string }[];
}

async function timeAll(
  found: readonly Found[],
  { samples, seed }: Question,
  settings: BenchSettings,
  options: BenchOptions,
): Promise<Timings> {
  const { loads, repeats, seconds } = settings;
  const { long, prefix, cache, offline, endpoint, signal, onProgress } = options;
  const own = spread(samples.map(({ rows }) => rows)).map(({ text }) => text!);
  const keys = samples.map((sample) => sample.keys.length);
  const state = openState(cache, [keys, own, seed, settings, prefix, endpoint]);
  if (options.fresh) await state.remove();
  const measured = found.map((): Timing[] => []);
  const skipped: { setup: string; why: string }[] = [];
  const total = found.length * loads.length;
  await withJobs(async (folder) => {
    let done = 0;
    let cached = 0;
    for (const load of loads) {
      const texts = join(folder, 'texts.json');
      const some = load.length === 'own' ? own : textsOfLength(own, load.length);
      await writeFile(texts, JSON.stringify(some));
      for (const [i, { embedded }] of found.entries()) {
        const { setup } = embedded;
        const key = [setup, load];
        let timing = await state.get(key);
        if (timing === null) {
          const job = { load: { ...load, repeats, seconds }, texts };
          const models = { long, prefix, cache, offline, endpoint };
          const answer = await runJob(folder, { ...job, setup, models }, signal);
          if ('timing' in answer) {
            timing = answer.timing;
            await state.set(key, timing);
          } else skipped.push({ setup: `${setup.name}, ${loadWords(load)}`, why: answer.failed });
        } else cached += 1;
        if (timing !== null) measured[i]!.push(timing);
        done += 1;
        onProgress?.({ stage: 'timing', done, total, unit: 'settings', cached });
      }
    }
  });
  await state.remove();
  return { measured, skipped };
}

export const loadWords = ({ batch, length }: Pick<Timing, 'batch' | 'length'>): string =>
  `${batch} at a time, ${length === 'own' ? 'texts as they are' : `${length} words`}`;

/** Rows of all datasets in turn, so that each has its share of what is timed. */
function spread(sets: readonly (readonly Row[])[]): Row[] {
  const rows: Row[] = [];
  const longest = Math.max(...sets.map((set) => set.length));
  for (let i = 0; i < longest && rows.length < TIMED; i += 1) {
    for (const set of sets) if (i < set.length && rows.length < TIMED) rows.push(set[i]!);
  }
  return rows;
}

interface Tasks {
  readonly classes: Int32Array | null;
  /** Second texts as rows, the row that each belongs to, and the scores. */
  readonly pairs: {
    readonly rows: readonly Row[];
    readonly of: Int32Array;
    readonly scores: Float64Array;
  } | null;
}

/** What people labelled, checked before any work. */
function tasksOf({ samples }: Question, { labels, pair, score }: BenchOptions): Tasks {
  const rows = samples.flatMap((sample) => sample.rows);
  const numbers = new Map<string, number>();
  const classes =
    labels === undefined
      ? null
      : Int32Array.from(rows, (row) => {
          const name = JSON.stringify(given(row, labels, '--labels'));
          if (!numbers.has(name)) numbers.set(name, numbers.size);
          return numbers.get(name)!;
        });
  if (pair === undefined || score === undefined) return { classes, pairs: null };
  const of: number[] = [];
  const scores: number[] = [];
  const seconds = rows.map((row, i): Row => {
    const text = given(row, pair, '--pair');
    const value = Number(given(row, score, '--score'));
    if (typeof text !== 'string' || !Number.isFinite(value)) {
      throw inputError(
        `The row on line ${row.at.line} (id ${row.id}) has no text in '${pair}' or no number in '${score}'; see --pair and --score.`,
      );
    }
    of.push(i);
    scores.push(value);
    return { ...row, text };
  });
  return {
    classes,
    pairs: { rows: seconds, of: Int32Array.from(of), scores: Float64Array.from(scores) },
  };
}

function given(row: Row, column: string, flag: string): Json {
  const value = Object.hasOwn(row.columns, column) ? row.columns[column] : null;
  if (value !== null && value !== undefined) return value;
  const columns = Object.keys(row.columns).join(', ') || 'none';
  throw inputError(
    `The row on line ${row.at.line} (id ${row.id}) has no '${column}' (its columns: ${columns}). Name another with ${flag}.`,
  );
}

async function judge(
  { embedded, judged, order }: Found,
  { classes, pairs }: Tasks,
  options: BenchOptions,
  seed: number,
): Promise<Task | null> {
  if (classes === null && pairs === null) return null;
  const { signal } = options;
  throwIfAborted(signal);
  const found =
    classes === null
      ? { knnAccuracy: null, vMeasure: null }
      : await classTask(judged, classes, { seed, order, signal });
  return {
    ...found,
    sts: pairs === null ? null : await stsOf(embedded.setup, judged, pairs, options),
  };
}

async function stsOf(
  setup: Setup,
  judged: Found['judged'],
  { rows, of, scores }: NonNullable<Tasks['pairs']>,
  options: BenchOptions,
): Promise<number | null> {
  const { vectors, dims } = await embedWith(setup, rows, options);
  const both = new Float32Array(2 * judged.n * dims);
  let at = 0;
  for (const block of [...judged.blocks, ...vectors.blocks]) {
    both.set(block, at);
    at += block.length;
  }
  const all = vectorsOf(both, dims);
  const cosines = Array.from(of, (row, i) => dot(all, row, judged.n + i));
  return spearman(cosines, scores);
}
