import { inputError } from '../base/errors.ts';
import { rowOf } from '../compute/vectors.ts';
import { valueAt } from '../data/columns.ts';
import { textKey } from '../embed/text-key.ts';
import { subsetOf } from '../engine/artefacts.ts';
import { columnsOf } from '../engine/columns.ts';
import type { Value } from '../measures/measure.ts';
import { estimated, meanValue, missing } from '../measures/value.ts';
import { groupOf, groupSizes } from '../stats/groups.ts';
import type { Side } from './sides.ts';

/** Prompts that every dataset answers, so that differences can be taken prompt by prompt. */
export interface Alignment {
  readonly column: string;
  readonly prompts: readonly string[];
  /** For each dataset and each prompt the rows that answer it. */
  readonly answers: readonly (readonly (readonly number[])[])[];
  /** The group of each prompt, for intervals. */
  readonly groups: Uint8Array;
}

/** Columns that hold the prompt by custom. */
const CUSTOMARY = ['prompt', 'question', 'instruction'];
/** Datasets that share this part of their prompts, or more, are taken to answer the same ones. */
const SHARED = 0.8;

export interface Aligned {
  readonly alignment: Alignment;
  /** The datasets with answers to the shared prompts alone, grouped by prompt for intervals. */
  readonly sides: readonly Side[];
  /** Rows that were left out because not every dataset answers their prompt. */
  readonly leftOut: number;
}

/**
 * The prompts by which datasets align: those of the column that was asked for, or of a customary one
 * where all datasets answer nearly the same. null where there is none.
 */
export async function alignPrompts(
  sides: readonly Side[],
  asked: string | undefined,
  seed: number,
  signal?: AbortSignal,
): Promise<Aligned | null> {
  const own = sides.filter(({ role }) => role === 'dataset');
  for (const column of asked === undefined ? CUSTOMARY : [asked]) {
    if (asked === undefined && !(await hasColumn(own[0]!, column, signal))) continue;
    const found: Map<string, number[]>[] = [];
    for (const side of own) found.push(await promptsOf(side, column, signal));
    const [first, ...others] = found;
    const prompts = [...first!.keys()].filter((prompt) => others.every((one) => one.has(prompt)));
    const most = Math.max(...found.map((answers) => answers.size));
    const enough = asked === undefined ? prompts.length >= SHARED * most : true;
    if (prompts.length > 1 && enough)
      return cutToPrompts(sides, column, prompts.sort(), found, seed);
    if (asked === undefined) continue;
    throw inputError(
      `--prompt ${asked} cannot pair the datasets: they have ${prompts.length === 0 ? 'no prompt' : 'one prompt'} in common. Leave --prompt out to compare them unpaired.`,
    );
  }
  return null;
}

function cutToPrompts(
  sides: readonly Side[],
  column: string,
  prompts: readonly string[],
  found: readonly ReadonlyMap<string, readonly number[]>[],
  seed: number,
): Aligned {
  const groups = Uint8Array.from(prompts, (prompt) => groupOf(hashOf(prompt), 0, seed));
  const answers: number[][][] = [];
  let leftOut = 0;
  const cut = sides.map((side) => {
    if (side.role === 'reference') return side;
    const own = found[answers.length]!;
    const kept = Int32Array.from(prompts.flatMap((prompt) => own.get(prompt)!)).sort();
    const place = new Map(Array.from(kept, (row, i) => [row, i]));
    const here = prompts.map((prompt) => own.get(prompt)!.map((row) => place.get(row)!));
    answers.push(here);
    leftOut += side.rows.n - kept.length;
    const rows = kept.length === side.rows.n ? side.rows : subsetOf(side.rows, kept);
    // Answers to one prompt are left out together.
    const dealt = new Uint8Array(rows.n);
    for (const [p, all] of here.entries()) for (const row of all) dealt[row] = groups[p]!;
    const ids = Array.from(kept, (row) => side.ids[row]!);
    return { ...side, ids, rows: { ...rows, groups: dealt, sizes: groupSizes(dealt) } };
  });
  return { alignment: { column, prompts, answers, groups }, sides: cut, leftOut };
}

async function hasColumn(
  { from }: Side,
  column: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for await (const { columns } of from.dataset.rows({ signal })) {
    return valueAt(columns, column) !== undefined;
  }
  return false;
}

/** The rows of each prompt; rows without one are in none. */
async function promptsOf(
  { rows }: Side,
  column: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, number[]>> {
  const answers = new Map<string, number[]>();
  for (const [i, prompt] of (await columnsOf(rows, null, signal).of(column)).entries()) {
    if (prompt === null) continue;
    const known = answers.get(prompt);
    if (known === undefined) answers.set(prompt, [i]);
    else known.push(i);
  }
  return answers;
}

/** Mean cosine distances between answers to one prompt, and to different ones. */
export interface PromptReport {
  readonly column: string;
  readonly prompts: number;
  /** Between answers of different datasets to the same prompt. */
  readonly samePrompt: Value;
  readonly datasets: readonly {
    /** Between its answers to different prompts. */
    readonly acrossPrompts: Value;
    /** Between its own answers to the same prompt; null where it has one for each. */
    readonly ownAnswers: Value | null;
    /** From its answers to those of the others to the same prompt. */
    readonly toOthers: Value;
  }[];
}

export function promptReport(sides: readonly Side[], alignment: Alignment): PromptReport {
  const { prompts, groups, answers, column } = alignment;
  const own = sides.filter(({ role }) => role === 'dataset');
  const sums = own.map((side, s) => prompts.map((_, p) => sumOf(side, answers[s]![p]!)));
  const across = { n: prompts.length, groups, sizes: groupSizes(groups) };
  const mean = (perPrompt: (p: number) => number): Value =>
    meanValue(
      Float64Array.from(prompts, (_, p) => perPrompt(p)),
      across,
      [0, 2],
    );
  const between = (s: number, t: number, p: number): number =>
    1 - dot(sums[s]![p]!, sums[t]![p]!) / (answers[s]![p]!.length * answers[t]![p]!.length);
  const toOthers = (s: number, p: number): number => {
    const others = own.flatMap((_, t) => (t === s ? [] : [between(s, t, p)]));
    return others.reduce((a, b) => a + b, 0) / others.length;
  };
  return {
    column,
    prompts: prompts.length,
    samePrompt: mean((p) => own.reduce((sum, _, s) => sum + toOthers(s, p), 0) / own.length),
    datasets: own.map((_, s) => {
      const several = answers[s]!.every((rows) => rows.length > 1);
      return {
        acrossPrompts: acrossOf(sums[s]!, answers[s]!, groups),
        ownAnswers: several ? mean((p) => within(sums[s]![p]!, answers[s]![p]!.length)) : null,
        toOthers: mean((p) => toOthers(s, p)),
      };
    }),
  };
}

/** Mean cosine distance over distinct pairs of c unit vectors with this sum. */
const within = (sum: Float64Array, c: number): number => 1 - (dot(sum, sum) - c) / (c * (c - 1));

/** Mean cosine distance over pairs of rows of different prompts, from sums, without each group too. */
function acrossOf(
  sums: readonly Float64Array[],
  answers: readonly (readonly number[])[],
  groups: Uint8Array,
): Value {
  if (sums.length < 2) return missing(sums.length, 'needs two prompts');
  const dims = sums[0]!.length;
  const overall = (skip: number): number => {
    const total = new Float64Array(dims);
    let [own, rows, pairs] = [0, 0, 0];
    for (const [p, sum] of sums.entries()) {
      if (groups[p] === skip) continue;
      for (let j = 0; j < dims; j += 1) total[j]! += sum[j]!;
      own += dot(sum, sum);
      rows += answers[p]!.length;
      pairs += answers[p]!.length ** 2;
    }
    return 1 - (dot(total, total) - own) / (rows * rows - pairs);
  };
  const sizes = groupSizes(groups);
  const without = Array.from(sizes, (size, g) => (size === 0 ? null : overall(g)));
  return estimated(overall(-1), without, sizes, sums.length, [0, 2]);
}

function sumOf({ rows }: Side, chosen: readonly number[]): Float64Array {
  const sum = new Float64Array(rows.unit.dims);
  for (const row of chosen) {
    for (const [j, value] of rowOf(rows.unit, row).entries()) sum[j]! += value;
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j]! * b[j]!;
  return sum;
}

function hashOf(prompt: string): number {
  const key = textKey(prompt);
  return (
    ((key.charCodeAt(0) << 24) |
      (key.charCodeAt(1) << 16) |
      (key.charCodeAt(2) << 8) |
      key.charCodeAt(3)) >>>
    0
  );
}
