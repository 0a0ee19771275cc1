import type { IndexInfo, NeighbourLists } from '../neighbours/neighbours.ts';
import { GROUPS, MIN_GROUPS, occupiedGroups } from '../stats/groups.ts';
import { GROUPS_OF, HALVES, sharedError } from '../stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../stats/jackknife.ts';
import type { Rows } from './rows.ts';
import { ALL_GROUPS, has } from './two-samples.ts';
import { means, type Value, withInterval } from './value.ts';

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
  readonly index: IndexInfo;
}

/** The place in the lists of row i's nearest target among the groups in `kept`. */
function nearestKept({ targets, lists }: Crossing, i: number, kept: number): number {
  const { k, ids } = lists;
  for (let j = i * k; j < (i + 1) * k; j += 1) if (has(kept, targets.groups[ids[j]!]!)) return j;
  return (i + 1) * k - 1;
}

/** A number of a query row that hangs on its nearest target, by that one's place in the lists. */
export type AtPlace = (place: number) => number;

/**
 * The mean over the query rows of a number that hangs on their nearest target, with its interval: `at`
 * makes it for the targets of some groups alone. The query rows are what the mean is over; of the
 * targets only what moves all of them together adds to the error.
 */
export function crossingValue(
  crossing: Crossing,
  at: (kept: number) => AtPlace,
  range: readonly [number, number],
  n: number,
): Value {
  const { queries, targets } = crossing;
  const perRow = numbers(crossing, ALL_GROUPS, at(ALL_GROUPS));
  const { whole, without } = means(perRow, queries.groups);
  const sums = new Float64Array(GROUPS * HALVES);
  const enough = [queries, targets].every(({ sizes }) => occupiedGroups(sizes) >= MIN_GROUPS);
  for (let r = 0; r < HALVES && enough; r += 1) {
    const halved = numbers(crossing, GROUPS_OF[r]!, at(GROUPS_OF[r]!));
    for (let i = 0; i < queries.n; i += 1) sums[queries.groups[i]! * HALVES + r]! += halved[i]!;
  }
  const errors = [
    jackknifeError(whole, without, queries.sizes),
    enough ? sharedError(sums, queries.n, queries.sizes, targets.sizes) : null,
  ];
  return withInterval(whole, twoSampleInterval(whole, errors, range, queries.n), n);
}

function numbers(crossing: Crossing, kept: number, of: AtPlace): Float64Array {
  return Float64Array.from({ length: crossing.queries.n }, (_, i) =>
    of(nearestKept(crossing, i, kept)),
  );
}

/** The mean, over query rows of some groups, of a number that hangs on the nearest target of others. */
export function crossingMean(
  crossing: Crossing,
  keptQueries: number,
  keptTargets: number,
  of: AtPlace,
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
