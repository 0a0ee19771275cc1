import { throwIfAborted } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { Device } from '../compute/device.ts';
import type { ColumnGroups } from '../engine/column-groups.ts';
import { type GroupScores, type Scored, scoresWithout } from '../measures/grouped.ts';
import type { Value } from '../measures/measure.ts';
import {
  type Decomposition,
  decompose,
  type Mixtures,
  mixturesOf,
  vendiScores,
} from '../measures/mixtures.ts';
import type { Rows } from '../measures/rows.ts';
import type { Spectra, Spectrum } from '../measures/spectrum.ts';
import { bare, estimated, missing } from '../measures/value.ts';
import { drawRows } from '../stats/draws.ts';
import { hillNumber } from '../stats/hill.ts';
import { thinnedInterval } from '../stats/thinned.ts';

/**
 * How the Vendi score (order 1) of the dataset is made up of the groups that a column's values make:
 * gamma = alpha × beta, each group weighing as many rows as it has.
 */
export interface GroupsReport {
  readonly column: string;
  /** Different values of the column; rows without one not counted. */
  readonly values: number;
  /** exp S(Σ w ρ), of all rows together: the measure `vendi`. */
  readonly gamma: Value;
  /** exp Σ w S(ρ), of the rows of a group: the weighted geometric mean of the groups' own scores. */
  readonly alpha: Value;
  /** gamma ÷ alpha: from 1, all groups alike, to as many as groups when they share nothing. */
  readonly beta: Value;
  /**
   * beta where the column says nothing: rows dealt to groups of these sizes by chance. It is above 1, since few rows
   * are less diverse than many; only what beta has beyond it is about the column. null for one group.
   */
  readonly byChance: number | null;
  /** Rows at which groups compare: those of the smallest group that has LEAST_ROWS. null where none has. */
  readonly at: number | null;
  /** Numbers by size; all else the largest group first; then the rest together and the rows without a value. */
  readonly groups: readonly GroupReport[];
  /** What groups add to each other, at equal numbers of rows. null with fewer than two groups large enough. */
  readonly gain: GainReport | null;
}

export interface GroupReport {
  /** The column's value; null for 'other', the rows of all smaller groups, and 'none', rows without a value. */
  readonly name: string | null;
  readonly kind: 'value' | 'other' | 'none';
  readonly rows: number;
  readonly share: number;
  /** The Vendi score of its rows. */
  readonly vendi: Value;
  /** The same at `at` of its rows, so that groups compare; null for a group with fewer. */
  readonly rarefied: Value | null;
}

export interface GainReport extends Mixtures {
  /** Which groups, by their place in `groups`: the largest MOST_MIXED that are large enough. */
  readonly groups: readonly number[];
  /** gain[a][b]: the Vendi score of n rows, half of a and half of b, over that of n rows of a. */
  readonly gain: readonly (readonly number[])[];
}

/** Fewer rows say little of a group. */
const LEAST_ROWS = 16;
/** Groups that every two are mixed of. */
const MOST_MIXED = 12;
/** Draws that values at fewer rows are means of, and chance groups. */
const DRAWS = 4;
const CHANCE_DRAWS = 2;
/** Mixtures are means over so many draws of rows, and no more than these rows make of one group. */
const MOST_MIX_DRAWS = 16;
const MIXED_ROWS = 2048;
/** Keeps these draws apart from others of one seed. */
const STREAM = 0x67727073;

interface Options extends RunOptions {
  readonly device: Device;
  readonly seed: number;
}

export async function groupsReport(
  rows: Rows,
  spectra: Spectra,
  { column, values, groups }: ColumnGroups,
  options: Options,
): Promise<GroupsReport> {
  const scores: GroupScores[] = [];
  for (const group of groups) {
    options.onProgress?.({
      ...{ stage: 'groups', done: scores.length, total: groups.length, unit: 'groups' },
    });
    scores.push(await scoresWithout(rows, group.rows, options));
  }
  const large = groups.filter((group) => group.rows.length >= LEAST_ROWS);
  const at = large.length === 0 ? null : Math.min(...large.map((group) => group.rows.length));
  const reports: GroupReport[] = [];
  for (const [i, { name, kind, rows: own }] of groups.entries()) {
    const vendi = vendiValue(scores[i]!, own.length);
    reports.push({
      ...{ name, kind, rows: own.length, share: own.length / rows.n, vendi },
      rarefied:
        at === null || own.length < at ? null : await rarefied(rows, own, vendi, at, options),
    });
  }
  return {
    ...{ column, values },
    ...decomposed(spectra, scores),
    byChance: groups.length < 2 ? null : await betaByChance(rows, spectra, groups, options),
    at,
    groups: reports,
    gain: at === null ? null : await gainOf(rows, groups, at, options),
  };
}

const scoreOf = ({ kernel }: Spectrum): number | null =>
  kernel.length === 0 ? null : hillNumber(kernel, 1);

function decomposed(
  { whole, without, sizes }: Spectra,
  groups: readonly GroupScores[],
): Record<keyof Decomposition, Value> {
  const parts = (of: (scores: GroupScores) => Scored): { score: number; weight: number }[] =>
    groups.flatMap((scores) => of(scores) ?? []);
  const { n } = whole;
  const gamma = scoreOf(whole);
  if (gamma === null) {
    const none = missing(n, 'no rows that point anywhere');
    return { gamma: none, alpha: none, beta: none };
  }
  const all = decompose(
    gamma,
    parts((scores) => scores.whole),
  );
  const left = without.map((spectrum, g): Decomposition | null => {
    const score = spectrum === null ? null : scoreOf(spectrum);
    return score === null
      ? null
      : decompose(
          score,
          parts((scores) => scores.without[g]!),
        );
  });
  const value = (of: keyof Decomposition, most: number): Value =>
    estimated(
      all[of],
      left.map((one) => one?.[of] ?? null),
      sizes,
      n,
      [1, most],
    );
  return { gamma: value('gamma', n), alpha: value('alpha', n), beta: value('beta', groups.length) };
}

function vendiValue({ whole, without, sizes }: GroupScores, n: number): Value {
  if (whole === null) return missing(n, 'no rows that point anywhere');
  const left = without.map((scored) => scored?.score ?? null);
  return estimated(whole.score, left, sizes, n, [1, n]);
}

/** The mean over draws of `at` of the rows; with an interval, that of one draw, as far as draws and rows move it. */
async function rarefied(
  rows: Rows,
  own: Int32Array,
  whole: Value,
  at: number,
  options: Options,
): Promise<Value> {
  if (own.length === at || whole.value === null) return whole;
  const member = new Uint8Array(rows.n);
  for (const row of own) member[row] = 1;
  const order = rows.order.filter((row) => member[row] === 1);
  const draws = Array.from({ length: DRAWS }, (_, draw) =>
    drawRows(order, at, options.seed ^ STREAM, draw),
  );
  const first = vendiValue(await scoresWithout(rows, draws[0]!, options), at);
  const unions = draws.slice(1).map((drawn) => [{ unit: rows.unit, rows: drawn }]);
  const others = await vendiScores(unions, options);
  if (first.value === null) return first;
  const value = [first.value, ...others].reduce((a, b) => a + b, 0) / DRAWS;
  if (first.interval === null) return bare(value, at, first.why ?? '');
  const made = { n: at, of: own.length, draws: DRAWS };
  const draw = { value: first.value, interval: first.interval };
  const interval = thinnedInterval(value, draw, made, [1, at]);
  return { value, interval, n: at, method: 'sampled' };
}

/** beta of groups of these sizes whose rows are drawn from all rows. */
async function betaByChance(
  rows: Rows,
  { whole }: Spectra,
  groups: ColumnGroups['groups'],
  options: Options,
): Promise<number | null> {
  const gamma = scoreOf(whole);
  if (gamma === null) return null;
  const { seed, signal } = options;
  let sum = 0;
  for (let d = 0; d < CHANCE_DRAWS; d += 1) {
    const dealt: number[] = [];
    for (const [g, { rows: own }] of groups.entries()) {
      throwIfAborted(signal);
      // One set at a time, so that no more than one matrix is held.
      const drawn = drawRows(rows.order, own.length, seed ^ STREAM, g * CHANCE_DRAWS + d);
      const [score] = await vendiScores([[{ unit: rows.unit, rows: drawn }]], options);
      dealt.push(score!);
    }
    sum += decompose(
      gamma,
      dealt.flatMap((score, g) => (score > 0 ? { score, weight: groups[g]!.rows.length } : [])),
    ).beta;
  }
  return sum / CHANCE_DRAWS;
}

async function gainOf(
  { unit, order, n: all }: Rows,
  groups: ColumnGroups['groups'],
  at: number,
  options: Options,
): Promise<GainReport | null> {
  const mixed = Array.from(groups.keys())
    .filter((g) => groups[g]!.rows.length >= at)
    .sort((a, b) => groups[b]!.rows.length - groups[a]!.rows.length || a - b)
    .slice(0, MOST_MIXED)
    .sort((a, b) => a - b);
  if (mixed.length < 2) return null;
  const of = new Int32Array(all).fill(-1);
  for (const [i, g] of mixed.entries()) for (const row of groups[g]!.rows) of[row] = i;
  const sets = mixed.map((_, i) => ({ unit, order: order.filter((row) => of[row] === i) }));
  const draws = Math.min(MOST_MIX_DRAWS, Math.max(1, Math.round(MIXED_ROWS / at)));
  const mixtures = await mixturesOf(sets, at, { ...options, draws });
  const gain = mixed.map(() => mixed.map(() => 1));
  for (const { a, b, mixed: score } of mixtures.pairs) {
    gain[a]![b] = score / mixtures.alone[a]!;
    gain[b]![a] = score / mixtures.alone[b]!;
  }
  return { groups: mixed, gain, ...mixtures };
}
