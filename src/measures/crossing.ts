import type { NeighbourLists } from '../neighbours/neighbours.ts';
import type { Rows } from './rows.ts';
import { has } from './two-samples.ts';

/**
 * The nearest rows of one set to every row of another, as ½‖x − y‖². So many are kept that the nearest
 * one is known in parts of the set, too: that none of them is in a half is rarer than once in 10,000
 * rows, and then the farthest of them stands in.
 */
export const CROSSING_K = 15;

export interface Crossing {
  readonly queries: Rows;
  readonly targets: Rows;
  readonly lists: NeighbourLists;
}

/** The place in the lists of row i's nearest target among the groups in `kept`. */
export function nearestKept({ targets, lists }: Crossing, i: number, kept: number): number {
  const { k, ids } = lists;
  for (let j = i * k; j < (i + 1) * k; j += 1) if (has(kept, targets.groups[ids[j]!]!)) return j;
  return (i + 1) * k - 1;
}

/** The mean, over query rows of some groups, of a number that hangs on the nearest target of others. */
export function crossingMean(
  crossing: Crossing,
  keptQueries: number,
  keptTargets: number,
  of: (place: number) => number,
): number {
  const { queries } = crossing;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < queries.n; i += 1) {
    if (!has(keptQueries, queries.groups[i]!)) continue;
    sum += of(nearestKept(crossing, i, keptTargets));
    count += 1;
  }
  return sum / count;
}
