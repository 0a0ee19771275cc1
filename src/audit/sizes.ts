import { throwIfAborted } from '../base/errors.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import { SAMPLE_ROWS } from '../engine/text-sample.ts';
import { INDIVISIBLE, OF_TEXTS } from '../measures/artefacts.ts';
import type { Measure, MeasureContext, Rarefied, Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { drawRows } from '../stats/draws.ts';
import { type CurvePoint, curveLevels, type Trend, trendOf } from '../stats/sizes.ts';
import { inputsOf, runMeasures } from './measure.ts';

/** A measure at other numbers of rows. */
export interface SizeReport {
  /** Expected values on fewer rows, drawn at random, in ascending order; the last is the value itself. */
  readonly curve: readonly CurvePoint[];
  /**
   * 'stable': it has levelled off at this n. Else only values at equal n compare. null when there are
   * too few rows to tell.
   */
  readonly trend: Trend | null;
  /** Whether the curve follows in closed form, or is the mean of draws. */
  readonly method: 'closed form' | 'draws';
  /** At twice the rows, where theory extrapolates. */
  readonly doubled?: number;
  /** The value at the number of rows that was asked for; above the rows there are only where theory extrapolates. */
  readonly at?: CurvePoint;
}

/** Draws that the value at an asked number of rows is the mean of. */
const AT_DRAWS = 4;
/** Keeps the draws of curves apart from those of intervals. */
const STREAM = 0x73697a65;

/**
 * Every chosen measure as a curve over the number of rows, and its value at `at` rows. Families say it
 * in closed form, or are measured on draws without replacement; a reference stays whole.
 */
export async function sizesOf(
  chosen: readonly Listed[],
  source: ArtefactSource,
  values: Readonly<Record<string, Value>>,
  context: MeasureContext,
  at?: number,
): Promise<Readonly<Record<string, SizeReport>>> {
  const { n } = source.rows;
  // What was measured on a sample of the rows has no value at n to end a curve in.
  const existing = chosen.filter(({ id }) => values[id]?.value != null && values[id].n === n);
  const wanted = at !== undefined && at < n ? [{ n: at, draws: AT_DRAWS }] : [];
  const beyond = at !== undefined && at > n ? [at] : [];
  const levels = [...curveLevels(n).filter((level) => level.n !== at), ...wanted];
  const closed = new Map<Measure, Map<number, Rarefied>>();
  for (const family of new Set(existing.map((one) => one.family))) {
    if (family.rarefy === undefined) continue;
    const inputs = await inputsOf(family, source);
    const known = new Map<number, Rarefied>();
    for (const size of [...levels.map((level) => level.n), ...beyond, 2 * n]) {
      known.set(size, await family.rarefy(inputs, context, size));
    }
    closed.set(family, known);
  }
  const isClosed = ({ id, family }: Listed): boolean => {
    const known = closed.get(family);
    return known !== undefined && levels.some((level) => known.get(level.n)?.[id] != null);
  };
  // Every draw of texts that are not all held would read the whole dataset again.
  const held = n <= SAMPLE_ROWS;
  const open = existing.filter(
    (one) =>
      !isClosed(one) &&
      !one.family.needs.some((need) => INDIVISIBLE.has(need) || (!held && OF_TEXTS.includes(need))),
  );
  const drawn = new Map<number, Readonly<Record<string, number>>>();
  for (const level of levels)
    drawn.set(
      level.n,
      await meansAt(
        open.filter(({ family }) => level.n <= (family.mostDrawn ?? level.n)),
        source,
        level,
        context,
      ),
    );

  const reports: Record<string, SizeReport> = {};
  for (const one of existing) {
    const { id } = one;
    const known = isClosed(one) ? closed.get(one.family) : undefined;
    const valueAt = (size: number): number | null =>
      known === undefined ? (drawn.get(size)?.[id] ?? null) : (known.get(size)?.[id] ?? null);
    if (one.family.mostDrawn !== undefined && n > 2 * one.family.mostDrawn) continue;
    const curve: CurvePoint[] = [];
    for (const level of levels.toSorted((a, b) => a.n - b.n)) {
      const value = valueAt(level.n);
      if (value !== null) curve.push({ n: level.n, value });
    }
    curve.push({ n, value: values[id]!.value! });
    const doubled = closed.get(one.family)?.get(2 * n)?.[id];
    const asked = at === undefined ? null : at === n ? values[id]!.value : valueAt(at);
    reports[id] = {
      curve,
      trend: trendOf(curve, errorOf(values[id]!)),
      method: known === undefined ? 'draws' : 'closed form',
      ...(doubled == null ? {} : { doubled }),
      ...(at === undefined || asked === null ? {} : { at: { n: at, value: asked } }),
    };
  }
  return reports;
}

/** The standard error that an interval was made from, nearly; none where there is no interval. */
const errorOf = ({ interval }: Value): number =>
  interval === null ? 0 : (interval[1] - interval[0]) / 4;

/** Means over draws of `n` rows; without the measures that do not exist on some draw. */
async function meansAt(
  open: readonly Listed[],
  source: ArtefactSource,
  { n, draws }: { readonly n: number; readonly draws: number },
  context: MeasureContext,
): Promise<Readonly<Record<string, number>>> {
  const sums = new Map<string, number>(open.map(({ id }) => [id, 0]));
  if (open.length === 0) return {};
  for (let draw = 0; draw < draws; draw += 1) {
    throwIfAborted(context.signal);
    const part = source.part(drawRows(source.rows.order, n, context.seed ^ STREAM, draw), null);
    const values = await runMeasures(open, part, context);
    for (const [id, sum] of sums) {
      const value = values[id]!.value;
      if (value === null) sums.delete(id);
      else sums.set(id, sum + value);
    }
  }
  return Object.fromEntries(Array.from(sums, ([id, sum]) => [id, sum / draws]));
}
