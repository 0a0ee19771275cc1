import { type ComputeOptions, cpu } from '../compute/device.ts';
import { groupedKernelSums } from '../compute/kernels/grouped-sums.ts';
import type { PairFunction } from '../compute/kernels/kernel-sums.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { GROUPS, groupSizes } from '../stats/groups.ts';
import type { Rows } from './rows.ts';
import { has } from './two-samples.ts';

/**
 * Rows up to which every row is a query. Above, so many of them, the first in the seeded order, are
 * queries against all rows: sums over pairs stay unbiased, and the work grows with n, not its square.
 */
export const QUERIES = 20_000;

/** A function of two rows, on rows as the space has them or on unit rows. */
export interface PairAsk {
  readonly pair: PairFunction;
  readonly unit?: boolean;
}

/** Sums of a function over pairs of rows, by the groups of both: what intervals need, and no more. */
export interface PairSums {
  readonly n: number;
  readonly exact: boolean;
  /** The query rows' numbers; null where every row is one. */
  readonly queries: Int32Array | null;
  readonly queryGroups: Uint8Array;
  readonly querySizes: Int32Array;
  readonly targetSizes: Int32Array;
  /** Σ over the targets of each group, queries × GROUPS. A row's pair with itself is counted in. */
  readonly perQuery: Float64Array;
  /** The same summed over the queries of each group, GROUPS × GROUPS. */
  readonly between: Float64Array;
}

/** Makes the sums of a function when they are first asked for, each once. */
export type PairSource = (ask: PairAsk) => Promise<PairSums>;

/** Pairs of the rows of one set with those of another, or with themselves. */
export function pairSource(queries: Rows, targets: Rows, options: ComputeOptions = {}): PairSource {
  const made = new Map<string, Promise<PairSums>>();
  return (ask) => {
    const key = JSON.stringify(ask);
    let sums = made.get(key);
    if (sums === undefined) {
      sums = pairSums(queries, targets, ask, options);
      made.set(key, sums);
    }
    return sums;
  };
}

async function pairSums(
  queries: Rows,
  targets: Rows,
  { pair, unit = false }: PairAsk,
  { device = cpu, signal }: ComputeOptions,
): Promise<PairSums> {
  const of = (rows: Rows): Vectors => (unit ? rows.unit : rows.vectors);
  const exact = queries.n <= QUERIES;
  const sample = exact ? null : queries.order.slice(0, QUERIES).sort();
  const queryGroups =
    sample === null ? queries.groups : Uint8Array.from(sample, (i) => queries.groups[i]!);
  const asked = sample === null ? of(queries) : selectRows(of(queries), sample);
  const grouping = { groups: targets.groups, count: GROUPS };
  const perQuery = await groupedKernelSums(device, asked, of(targets), grouping, pair, { signal });
  const between = new Float64Array(GROUPS * GROUPS);
  for (let at = 0; at < perQuery.length; at += 1) {
    const own = queryGroups[Math.floor(at / GROUPS)]!;
    between[own * GROUPS + (at % GROUPS)]! += perQuery[at]!;
  }
  return {
    ...{ n: asked.n, exact, queries: sample, queryGroups, perQuery, between },
    querySizes: groupSizes(queryGroups),
    targetSizes: targets.sizes,
  };
}

/** The sum over pairs of queries and targets of the kept groups, of which bit g stands for group g. */
export function sumKept({ between }: PairSums, queries: number, targets: number): number {
  let sum = 0;
  for (let g = 0; g < GROUPS; g += 1) {
    if (!has(queries, g)) continue;
    for (let h = 0; h < GROUPS; h += 1) if (has(targets, h)) sum += between[g * GROUPS + h]!;
  }
  return sum;
}

/** Rows in the kept groups. */
export function countKept(sizes: Int32Array, kept: number): number {
  let count = 0;
  for (let g = 0; g < GROUPS; g += 1) if (has(kept, g)) count += sizes[g]!;
  return count;
}

/** The mean over all pairs, a row's with itself counted in, of those groups. */
export const pairMean = (sums: PairSums, queries: number, targets: number): number =>
  sumKept(sums, queries, targets) /
  (countKept(sums.querySizes, queries) * countKept(sums.targetSizes, targets));
