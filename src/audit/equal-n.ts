import { artefactsOf, subsetOf } from '../engine/artefacts.ts';
import type { Axis, MeasureContext, Need, Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import type { Rows } from '../measures/rows.ts';
import type { Search } from '../neighbours/search-log.ts';
import { heldAgainst } from './intervals.ts';
import { runMeasures } from './measure.ts';
import type { MeasureReport } from './report.ts';

type Values = Readonly<Record<string, Value>>;

/**
 * The measures of the dataset and of the reference at the same number of rows: every diversity number
 * moves with n, so the larger of the two is thinned by the seeded order of its rows.
 */
export async function compareAtEqualN(
  rows: Rows,
  reference: Rows,
  chosen: readonly Listed[],
  values: Values,
  context: MeasureContext,
  search: Search,
): Promise<Readonly<Record<string, NonNullable<MeasureReport['compared']>>>> {
  const alone = comparableOf(chosen);
  const n = Math.min(rows.n, reference.n);
  const at = (set: Rows): Promise<Values> => measureSet(firstRows(set, n), alone, context, search);
  const here = rows.n === n ? values : await at(rows);
  const there = await at(reference);
  return Object.fromEntries(
    alone.map(({ id }) => [id, { n, dataset: here[id]!.value, reference: there[id]!.value }]),
  );
}

/** Measures that any set of rows has by itself and that compare between sets. */
export const comparableOf = (chosen: readonly Listed[]): Listed[] =>
  chosen.filter(
    ({ family }) =>
      OF_ROWS.includes(family.axis) &&
      !clustered(family.needs) &&
      !answered(family.needs) &&
      !heldAgainst(family),
  );

/** n rows of a set, the first in the order of their content's hash. */
export const firstRows = (set: Rows, n: number): Rows =>
  set.n === n ? set : subsetOf(set, set.order.slice(0, n));

/** The measures of a set by itself, without intervals. */
export async function measureSet(
  set: Rows,
  alone: readonly Listed[],
  context: MeasureContext,
  search: Search,
): Promise<Values> {
  const { device, seed, signal } = context;
  const extremes = alone.some(({ id }) => id === 'diameter');
  const traits = alone.map(({ id }) => id);
  const options = { device, seed, ...search, extremes, traits, intervals: false, signal };
  return runMeasures(alone, artefactsOf(set, null, options), context);
}

/** Axes of which the reference has values of its own. */
const OF_ROWS: readonly Axis[] = ['diversity', 'quality', 'complexity'];

/** Found clusters depend on the set they were found in, so their numbers do not compare. */
const clustered = (needs: readonly Need[]): boolean => needs.includes('clusters');

/** The reference may have no answers, or others. */
const answered = (needs: readonly Need[]): boolean =>
  needs.includes('marks') || needs.includes('attempts');
