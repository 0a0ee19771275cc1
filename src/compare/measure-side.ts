import { withIntervals } from '../audit/intervals.ts';
import { inputsOf, runMeasures } from '../audit/measure.ts';
import { throwIfAborted } from '../base/errors.ts';
import { type ArtefactSource, artefactsOf, subsetOf } from '../engine/artefacts.ts';
import { type Rarefied, rangeAt, type Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import type { Rows } from '../measures/rows.ts';
import { drawRows } from '../stats/draws.ts';
import { thinnedInterval } from '../stats/thinned.ts';
import { partitionOf, type Shared } from './shared.ts';
import type { Side } from './sides.ts';

/** Draws whose mean is the value at fewer rows than there are. */
const DRAWS_AT_N = 4;

type Values = Readonly<Record<string, Value>>;

/** The measures of side `s` at n rows, each with its interval. */
export async function measureSide(
  side: Side,
  s: number,
  n: number,
  chosen: readonly Listed[],
  shared: Shared,
): Promise<Values> {
  const { rows } = side;
  const { context } = shared;
  if (rows.n === n) {
    const source = sourceOf(rows, null, s, shared, true);
    return withIntervals(chosen, source, await runMeasures(chosen, source, context), context);
  }
  const drawn: Values[] = [];
  for (let d = 0; d < DRAWS_AT_N; d += 1) {
    throwIfAborted(context.signal);
    const chosenRows = drawRows(rows.order, n, context.seed, d);
    const source = sourceOf(rows, chosenRows, s, shared, d === 0);
    const values = await runMeasures(chosen, source, context);
    drawn.push(d === 0 ? await withIntervals(chosen, source, values, context) : values);
  }
  const exact = await rarefied(chosen, sourceOf(rows, null, s, shared, false), n, shared);
  return Object.fromEntries(
    chosen.map((measure) => [
      measure.id,
      atFewer(
        measure,
        drawn.map((values) => values[measure.id]!),
        exact[measure.id] ?? null,
        n,
        rows,
      ),
    ]),
  );
}

export function sourceOf(
  rows: Rows,
  chosen: Int32Array | null,
  s: number,
  { reference, context, search, clusters, judging }: Shared,
  intervals: boolean,
): ArtefactSource {
  const { device, seed, signal } = context;
  const all = chosen ?? Int32Array.from({ length: rows.n }, (_, i) => i);
  const partition = partitionOf(rows, clusters[s]!, all);
  const part = chosen === null ? rows : subsetOf(rows, chosen);
  const { answers, judges } = judging;
  const { grid, ...judge } = judges[s]!;
  const own = grid && { ...grid, labels: Int32Array.from(all, (row) => grid.labels[row]!) };
  return artefactsOf(part, reference, {
    ...{ device, seed, ...search, partition, intervals, signal, answers },
    judge: { ...judge, grid: own },
  });
}

/** The values at n rows that families know in closed form. */
async function rarefied(
  chosen: readonly Listed[],
  source: ArtefactSource,
  n: number,
  { context }: Shared,
): Promise<Rarefied> {
  const values: Record<string, number | null> = {};
  for (const family of new Set(chosen.map((measure) => measure.family))) {
    if (family.rarefy === undefined) continue;
    Object.assign(values, await family.rarefy(await inputsOf(family, source), context, n));
  }
  return values;
}

/** The value at n of N rows: in closed form, or the mean of a few draws; with its interval. */
function atFewer(
  { range }: Listed,
  drawn: readonly Value[],
  exact: number | null,
  n: number,
  { n: N, unit }: Rows,
): Value {
  const first = drawn[0]!;
  const values = drawn.flatMap(({ value }) => (value === null ? [] : [value]));
  if (first.value === null || values.length < drawn.length) return first;
  const mean = exact ?? values.reduce((a, b) => a + b, 0) / values.length;
  const thinned = {
    ...first,
    value: mean,
    ...(exact === null ? { method: 'sampled' as const } : {}),
  };
  if (first.interval === null) return thinned;
  const draw = { value: first.value, interval: first.interval };
  const made = { n, of: N, draws: exact === null ? drawn.length : null };
  const ends = rangeAt(range, { n, d: unit.dims, k: n });
  return { ...thinned, interval: thinnedInterval(mean, draw, made, ends) };
}
