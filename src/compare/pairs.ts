import { runMeasures } from '../audit/measure.ts';
import { throwIfAborted } from '../base/errors.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { carefulCorrelation, differenceOf, verdictOf } from '../stats/difference.ts';
import { drawRows } from '../stats/draws.ts';
import { holm } from '../stats/student.ts';
import { drawSizes } from '../stats/subsampling.ts';
import { sourceOf } from './measure-side.ts';
import type { Alignment } from './prompts.ts';
import type { Shared } from './shared.ts';
import type { Side } from './sides.ts';

/** Two datasets under one measure. */
export interface PairDifference {
  /** Numbers of the datasets, in the order of the report. */
  readonly a: number;
  readonly b: number;
  /** The value of a less that of b. */
  readonly difference: number;
  /** 95 %, of this pair alone; null where either value has no interval. */
  readonly interval: readonly [number, number] | null;
  /** null where there is nothing to test by. */
  readonly p: number | null;
  /** Holm's correction of it over all pairs under this measure. */
  readonly corrected: number | null;
  /** Whether a has more or less of the measure's axis than b, at 5 % after correction; null: not shown. */
  readonly verdict: 'more' | 'less' | null;
}

export function pairsOf(
  values: readonly Value[],
  groups: readonly number[],
  more: 'more' | 'less',
  correlation: (a: number, b: number) => number = () => 0,
): PairDifference[] {
  const pairs: Omit<PairDifference, 'corrected' | 'verdict'>[] = [];
  for (let a = 0; a < values.length; a += 1) {
    for (let b = a + 1; b < values.length; b += 1) {
      const [x, y] = [values[a]!, values[b]!];
      if (x.value === null || y.value === null) continue;
      if (x.interval === null || y.interval === null) {
        pairs.push({ a, b, difference: x.value - y.value, interval: null, p: null });
        continue;
      }
      const { value, interval, p } = differenceOf(
        { value: x.value, interval: x.interval, groups: groups[a]! },
        { value: y.value, interval: y.interval, groups: groups[b]! },
        correlation(a, b),
      );
      pairs.push({ a, b, difference: value, interval, p });
    }
  }
  const corrected = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, i) => {
    const p = corrected[i]!;
    return { ...pair, corrected: p, verdict: verdictOf(pair.difference, p, more) };
  });
}

/** Draws of prompts that correlations are found from. */
const PAIRED_DRAWS = 24;

/**
 * How the datasets' values move together where they answer the same prompts: all are measured on the
 * answers to the same draws of prompts. For each measure and pair of datasets a correlation.
 */
export async function pairedCorrelations(
  sides: readonly Side[],
  { prompts, answers }: Alignment,
  chosen: readonly Listed[],
  shared: Shared,
  onProgress: OnProgress | undefined,
): Promise<(id: string, a: number, b: number) => number> {
  const size = drawSizes(prompts.length, null)?.rows;
  const { seed, signal } = shared.context;
  const drawn = new Map<string, (number | null)[]>();
  if (size === undefined) return () => 0;
  const order = Int32Array.from(prompts.keys());
  const own = answers.length;
  for (let s = 0; s < own; s += 1) {
    const { rows } = sides[s]!;
    const whole = sourceOf(rows, null, s, shared, false);
    for (let d = 0; d < PAIRED_DRAWS; d += 1) {
      throwIfAborted(signal);
      const chosenRows = Array.from(drawRows(order, size, seed, d)).flatMap((p) => answers[s]![p]!);
      const part = whole.part(Int32Array.from(chosenRows).sort(), null);
      const values = await runMeasures(chosen, part, shared.context);
      for (const { id } of chosen) {
        const key = `${s} ${id}`;
        const known = drawn.get(key) ?? [];
        known.push(values[id]!.value);
        drawn.set(key, known);
      }
      onProgress?.({
        ...{ stage: 'pairing', done: s * PAIRED_DRAWS + d + 1 },
        ...{ total: own * PAIRED_DRAWS, unit: 'draws' },
      });
    }
  }
  return (id, a, b) => {
    const [x, y] = [drawn.get(`${a} ${id}`), drawn.get(`${b} ${id}`)];
    if (x === undefined || y === undefined) return 0;
    const kept = Array.from(x.keys()).filter((d) => x[d] !== null && y[d] !== null);
    return carefulCorrelation(
      kept.map((d) => x[d]!),
      kept.map((d) => y[d]!),
    );
  };
}
