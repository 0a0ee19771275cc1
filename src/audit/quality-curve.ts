import { throwIfAborted } from '../base/errors.ts';
import { formatNumber, formatRows, formatShare } from '../base/numbers.ts';
import { breathe, type OnProgress } from '../base/progress.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import { SAMPLE_ROWS } from '../engine/text-sample.ts';
import type { Judged } from '../measures/archive.ts';
import { type MeasureContext, rangeAt } from '../measures/measure.ts';
import { findMeasure, type Listed } from '../measures/registry.ts';
import { differenceOf, type Estimate, verdictOf } from '../stats/difference.ts';
import { drawRows } from '../stats/draws.ts';
import { intervalFrom } from '../stats/jackknife.ts';
import { kneeOf } from '../stats/knee.ts';
import { holm } from '../stats/student.ts';
import { drawSizes, subsampleError } from '../stats/subsampling.ts';
import { runMeasures } from './measure.ts';
import { spectralValues } from './spectral-draws.ts';

/** Diversity against a rising quality threshold. Lists of points have an entry a level. */
export interface QualityCurve {
  /** Rows of every level's `equal` values. */
  readonly n: number;
  /** From all rows down to the best few. */
  readonly levels: readonly {
    /** Share of the judged rows that are kept, how many they are, and the lowest quality among them. */
    readonly share: number;
    readonly rows: number;
    readonly threshold: number;
    readonly meanQuality: number;
  }[];
  readonly measures: readonly CurveMeasure[];
  /** The level beyond which most is lost, by the Vendi score at equal n; null where there is none. */
  readonly knee: number | null;
  /** How the knee was found, or why there is none. */
  readonly kneeWhy: string;
  /** Whether a filter that raises quality costs diversity, in one or two plain sentences. */
  readonly answer: string;
  readonly verdict: 'costs' | 'adds' | 'not shown';
}

export interface CurveMeasure {
  readonly id: string;
  readonly title: string;
  readonly more: 'more' | 'less';
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  /** Of the rows that are kept, whatever their number. */
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  /** Of `n` of them: what compares between levels. */
  readonly equal: { readonly value: number; readonly interval: readonly [number, number] | null };
  /** From all rows, at equal n; null for the first level and where there is no interval. */
  readonly difference: {
    readonly value: number;
    readonly interval: readonly [number, number];
    /** Holm's correction over the levels. */
    readonly corrected: number | null;
    readonly verdict: 'more' | 'less' | null;
  } | null;
}

/** Kept shares that are looked at; rows of one quality stay together, so that others may come of them. */
const SHARES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1] as const;
/** Fewer rows than this make no interval. */
const LEAST_ROWS = 72;
/** Draws of equal n, and of an interval. */
const DRAWS = 16;
/** Of meaning, which the answer goes by, then of topics and of wording. */
const SPECTRAL = ['vendi', 'mean-distance'] as const;
const OTHERS = ['effective-clusters', 'distinct-2'] as const;

interface Level {
  readonly share: number;
  readonly threshold: number;
  /** In the order of the rows' content. */
  readonly order: Int32Array;
}

/** The levels of a rising threshold; rows without a quality are left out of all. */
function levelsOf({ numbers }: Judged, order: Int32Array): Level[] {
  const judged = order.filter((row) => !Number.isNaN(numbers[row]!));
  const sorted = Float64Array.from(judged, (row) => numbers[row]!)
    .sort()
    .reverse();
  const levels: Level[] = [];
  for (const share of SHARES) {
    const threshold = sorted[Math.ceil(share * sorted.length) - 1];
    if (threshold === undefined || threshold === levels.at(-1)?.threshold) continue;
    const kept = judged.filter((row) => numbers[row]! >= threshold);
    if (kept.length < LEAST_ROWS) break;
    levels.push({ share: kept.length / judged.length, threshold, order: kept });
  }
  return levels;
}

/** Rows that every level of a curve is measured at; null where there is nothing to filter. */
export function curveRows(judged: Judged, order: Int32Array): number | null {
  const levels = levelsOf(judged, order);
  return levels.length < 2 ? null : Math.floor(levels.at(-1)!.order.length / 2);
}

/**
 * null where there is nothing to filter: too few rows, or all of one quality. `most`: where curves are to
 * be held against each other, the rows that all of them can be measured at.
 */
export async function qualityCurve(
  source: ArtefactSource,
  judged: Judged,
  context: MeasureContext,
  onProgress?: OnProgress,
  most = Number.POSITIVE_INFINITY,
): Promise<QualityCurve | null> {
  const levels = levelsOf(judged, source.rows.order);
  if (levels.length < 2) return null;
  const n = Math.min(most, Math.floor(levels.at(-1)!.order.length / 2));
  const chosen = curveMeasures(source);
  const own: Estimates[] = [];
  const equal: Estimates[] = [];
  for (const [l, { order }] of levels.entries()) {
    onProgress?.({ stage: 'thresholds', done: l, total: levels.length, unit: 'levels' });
    own.push(await ownEstimates(source, order, chosen, context));
    equal.push(await equalEstimates(source, order, n, chosen, context));
    await breathe();
  }
  onProgress?.({
    ...{ stage: 'thresholds', done: levels.length, total: levels.length, unit: 'levels' },
  });
  const measures = chosen.flatMap((measure): CurveMeasure[] => {
    const found = levels.map((_, l) => [own[l]![measure.id], equal[l]![measure.id]] as const);
    if (found.some(([a, b]) => a === undefined || b === undefined)) return [];
    return [curveOf(measure, found as [Partial, Partial][])];
  });
  const told = levels.map(({ share, threshold, order }) => ({
    ...{ share, rows: order.length, threshold },
    meanQuality: order.reduce((sum, row) => sum + judged.numbers[row]!, 0) / order.length,
  }));
  return { n, levels: told, measures, ...conclusions(measures, told, n, judged.of) };
}

function curveMeasures({ rows }: ArtefactSource): Listed[] {
  // Every draw of texts that are not all held would read the whole dataset again.
  const texts = rows.contents !== null && rows.n <= SAMPLE_ROWS && rows.tokens !== undefined;
  const ids = [...SPECTRAL, ...OTHERS.filter((id) => id !== 'distinct-2' || texts)];
  return ids.map((id) => findMeasure(id)!);
}

/** A number with an interval or without one. */
interface Partial {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}
type Estimates = Readonly<Record<string, Partial>>;

/** The measures of all the rows of a level; intervals by subsampling, as stats/subsampling.ts has it. */
async function ownEstimates(
  source: ArtefactSource,
  order: Int32Array,
  chosen: readonly Listed[],
  context: MeasureContext,
): Promise<Estimates> {
  const size = drawSizes(order.length, null)?.rows;
  const [whole] = await valuesOf(source, [order.toSorted()], chosen, context);
  const drawn =
    size === undefined ? [] : await valuesOf(source, draws(order, size, context), chosen, context);
  return estimatesOf(chosen, source, order.length, (id) => {
    const value = whole![id];
    const spread = drawn.map((values) => values[id]).filter((number) => number != null);
    if (value == null) return null;
    return { value, found: subsampleError(spread, size ?? 0, order.length), among: 0 };
  });
}

/**
 * The measures of n of the level's rows: the mean over draws. Its error is that of the level's rows being what
 * they are, and, by the number of draws, of which of them were drawn.
 */
async function equalEstimates(
  source: ArtefactSource,
  order: Int32Array,
  n: number,
  chosen: readonly Listed[],
  context: MeasureContext,
): Promise<Estimates> {
  const drawn = await valuesOf(source, draws(order, n, context), chosen, context);
  return estimatesOf(chosen, source, n, (id) => {
    const spread = drawn.map((values) => values[id]).filter((number) => number != null);
    if (spread.length < DRAWS) return null;
    const value = spread.reduce((sum, number) => sum + number, 0) / DRAWS;
    const squares = spread.reduce((sum, number) => sum + (number - value) ** 2, 0);
    const among = Math.sqrt(squares / (DRAWS - 1) / DRAWS);
    return { value, found: subsampleError(spread, n, order.length), among };
  });
}

const draws = (order: Int32Array, size: number, { seed }: MeasureContext): Int32Array[] =>
  Array.from({ length: DRAWS }, (_, d) => drawRows(order, size, seed, d));

function estimatesOf(
  chosen: readonly Listed[],
  { rows }: ArtefactSource,
  n: number,
  of: (id: string) => {
    readonly value: number;
    readonly found: ReturnType<typeof subsampleError>;
    readonly among: number;
  } | null,
): Estimates {
  return Object.fromEntries(
    chosen.flatMap(({ id, range }) => {
      const one = of(id);
      if (one === null) return [];
      const { value, found, among } = one;
      const ends = rangeAt(range, { n, d: rows.unit.dims, k: n });
      const interval =
        found === null
          ? null
          : intervalFrom(value, Math.hypot(found.error, among), found.groups, ends);
      return [[id, { value, interval }]];
    }),
  );
}

/** The measures on sets of rows that are all of one size. */
async function valuesOf(
  source: ArtefactSource,
  sets: readonly Int32Array[],
  chosen: readonly Listed[],
  context: MeasureContext,
): Promise<Record<string, number | null>[]> {
  const spectral = await spectralValues(source.rows.unit, sets, context);
  const others = chosen.filter(({ id }) => !(SPECTRAL as readonly string[]).includes(id));
  const values: Record<string, number | null>[] = [];
  for (const [i, set] of sets.entries()) {
    throwIfAborted(context.signal);
    const found = await runMeasures(others, source.part(set, null), context);
    const { vendi, meanDistance } = spectral[i]!;
    values.push({
      ...{ vendi, 'mean-distance': meanDistance },
      ...Object.fromEntries(others.map(({ id }) => [id, found[id]!.value])),
    });
  }
  return values;
}

function curveOf(
  { id, title, more }: Listed,
  found: readonly (readonly [own: Partial, equal: Partial])[],
): CurveMeasure {
  const estimate = ({ value, interval }: Partial): Estimate | null =>
    interval === null ? null : { value, interval, groups: DRAWS };
  const first = estimate(found[0]![1]);
  // The best rows are among all rows, so the two move together: taking them for unrelated errs on the wide side.
  const differences = found.map(([, equal], l) => {
    const here = estimate(equal);
    return l === 0 || first === null || here === null ? null : differenceOf(here, first);
  });
  const corrected = holm(differences.map((difference) => difference?.p ?? null));
  const points = found.map(([own, equal], l): CurvePoint => {
    const difference = differences[l]!;
    if (difference === null) return { ...own, equal, difference };
    const { value, interval } = difference;
    const p = corrected[l]!;
    const verdict = verdictOf(value, p, more);
    return { ...own, equal, difference: { value, interval, corrected: p, verdict } };
  });
  return { id, title, more, points };
}

function conclusions(
  measures: readonly CurveMeasure[],
  levels: QualityCurve['levels'],
  n: number,
  of: string,
): Pick<QualityCurve, 'knee' | 'kneeWhy' | 'answer' | 'verdict'> {
  const vendi = measures.find(({ id }) => id === 'vendi');
  if (vendi === undefined) {
    const why = 'the Vendi score has no value on some level';
    return { knee: null, kneeWhy: why, answer: `No answer: ${why}.`, verdict: 'not shown' };
  }
  const { points } = vendi;
  const best = (l: number): string => `the best ${formatShare(levels[l]!.share)}`;
  const strictest = points.length - 1;
  const { verdict = null } = points[strictest]!.difference ?? {};
  const numbers = `${formatNumber(points[strictest]!.equal.value)} against ${formatNumber(points[0]!.equal.value)} for as many drawn from all (Vendi score of ${formatRows(n)})`;
  if (verdict === null) {
    return {
      ...{ knee: null, kneeWhy: 'what is lost is inside its interval', verdict: 'not shown' },
      answer: `That a filter by ${of} costs diversity is not shown: ${best(strictest)} have ${numbers}, and the difference is inside its interval.`,
    };
  }
  let since = strictest;
  while (since > 1 && points[since - 1]!.difference?.verdict === verdict) since -= 1;
  const from = since === strictest ? '' : ` It shows from ${best(since)} on.`;
  if (verdict === 'more') {
    return {
      ...{ knee: null, kneeWhy: 'nothing is lost', verdict: 'adds' },
      answer: `A filter by ${of} does not cost diversity, it adds some: ${best(strictest)} have ${numbers}.${from}`,
    };
  }
  const knee = kneeOf(
    levels.map(({ share }) => 1 - share),
    points.map(({ equal }) => equal.value),
    points.map(({ equal: { value, interval } }) => (interval === null ? 0 : value - interval[0])),
  );
  const bend =
    knee === null
      ? ' There is no knee: it falls about evenly.'
      : ` The knee is at ${best(knee)}: beyond it most is lost.`;
  return {
    knee,
    kneeWhy:
      knee === null
        ? 'no level lies farther above the straight line between the ends of the curve than its interval reaches'
        : 'the level farthest above the straight line between the ends of the curve (Vendi score at equal n)',
    answer: `A filter by ${of} costs diversity: ${best(strictest)} have ${numbers}.${from}${bend}`,
    verdict: 'costs',
  };
}
