import type { NeighbourLists } from '../neighbours/neighbours.ts';
import { GROUPS } from '../stats/groups.ts';
import type { Rows } from './rows.ts';

/**
 * The nearest rows of one set to every row of another, as ½‖x − y‖². A few are kept, so that the
 * nearest one is known without any one group: that all of them are in one group is rare, and then the
 * farthest of them stands in.
 */
export const CROSSING_K = 4;

export interface Crossing {
  readonly queries: Rows;
  readonly targets: Rows;
  readonly lists: NeighbourLists;
}

/** The place in the list of row i's nearest target that is not in group g; −1 leaves out none. */
export function nearestWithout({ targets, lists }: Crossing, i: number, g: number): number {
  const { k, ids } = lists;
  for (let j = i * k; j < (i + 1) * k; j += 1) if (targets.groups[ids[j]!] !== g) return j;
  return (i + 1) * k - 1;
}

/**
 * The mean over rows of a number that hangs on the nearest target, over all and without each group of
 * either set. `of(row, place)` is the number, with the target at that place in the lists.
 */
export function crossingMeans(
  crossing: Crossing,
  of: (row: number, place: number) => number,
): { whole: number; withoutQueries: Float64Array; withoutTargets: Float64Array } {
  const { queries, targets, lists } = crossing;
  const own = new Float64Array(GROUPS);
  const change = new Float64Array(GROUPS);
  let sum = 0;
  for (let i = 0; i < queries.n; i += 1) {
    const value = of(i, i * lists.k);
    sum += value;
    own[queries.groups[i]!]! += value;
    // Only without the group of its nearest target does a row's number change.
    const g = targets.groups[lists.ids[i * lists.k]!]!;
    change[g]! += of(i, nearestWithout(crossing, i, g)) - value;
  }
  const { n, sizes } = queries;
  return {
    whole: sum / n,
    withoutQueries: own.map((part, g) => (sum - part) / (n - sizes[g]!)),
    withoutTargets: change.map((part) => (sum + part) / n),
  };
}
