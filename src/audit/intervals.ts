import { throwIfAborted } from '../base/errors.ts';
import type { ArtefactSource } from '../engine/artefacts.ts';
import { OF_REFERENCE } from '../measures/artefacts.ts';
import { type Measure, type MeasureContext, rangeAt, type Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import type { Rows } from '../measures/rows.ts';
import { TOO_FEW } from '../measures/value.ts';
import { drawRows } from '../stats/draws.ts';
import { intervalFrom } from '../stats/jackknife.ts';
import { DRAWS, drawSizes, subsampleError } from '../stats/subsampling.ts';
import { runMeasures } from './measure.ts';

/**
 * Makes the intervals that families leave to subsampling: their values on DRAWS draws of the rows (and
 * of as large a part of the reference), spread and rescaled, with the error of sampled rows added.
 */
export async function withIntervals(
  chosen: readonly Listed[],
  source: ArtefactSource,
  values: Readonly<Record<string, Value>>,
  context: MeasureContext,
): Promise<Readonly<Record<string, Value>>> {
  const open = chosen.filter(
    ({ id, family }) => family.interval === 'subsample' && isOpen(values[id]!),
  );
  const alone = open.filter(({ family }) => !heldAgainst(family));
  const against = open.filter(({ family }) => heldAgainst(family));
  return {
    ...values,
    ...(await intervalsOf(alone, source, null, values, context)),
    ...(await intervalsOf(against, source, source.reference, values, context)),
  };
}

/** Whether a family measures the reference too, so that both are thinned by one part. */
export const heldAgainst = ({ needs }: Measure): boolean =>
  needs.some((need) => OF_REFERENCE.includes(need));

async function intervalsOf(
  open: readonly Listed[],
  source: ArtefactSource,
  reference: Rows | null,
  values: Readonly<Record<string, Value>>,
  context: MeasureContext,
): Promise<Readonly<Record<string, Value>>> {
  if (open.length === 0) return {};
  const { rows } = source;
  const sizes = drawSizes(rows.n, reference?.n ?? null);
  const drawn = sizes === null ? [] : await draw(open, source, reference, sizes, context);
  const most = { n: rows.n, d: rows.unit.dims, k: rows.n };
  const done: Record<string, Value> = {};
  for (const { id, range } of open) {
    const value = values[id]!;
    const found = drawn.map((one) => one[id]!.value);
    const spread = found.filter((number) => number !== null);
    const error =
      sizes === null || spread.length < found.length
        ? null
        : subsampleError(likeWhole(spread, value.value!, range), sizes.rows, rows.n);
    done[id] =
      error === null
        ? { ...value, why: TOO_FEW }
        : { ...value, interval: interval(value, error, rangeAt(range, most)) };
  }
  return done;
}

/** What goes from 0 up spreads in proportion to itself, and may be larger or smaller on fewer rows. */
function likeWhole(
  drawn: readonly number[],
  value: number,
  [low]: Listed['range'],
): readonly number[] {
  const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
  return low === 0 && mean > 0 ? drawn.map((one) => (one * value) / mean) : drawn;
}

const isOpen = ({ value, interval: given, why }: Value): boolean =>
  value !== null && given === null && why === undefined;

async function draw(
  open: readonly Listed[],
  source: ArtefactSource,
  reference: Rows | null,
  sizes: { readonly rows: number; readonly other: number },
  context: MeasureContext,
): Promise<Readonly<Record<string, Value>>[]> {
  const { rows } = source;
  const drawn: Readonly<Record<string, Value>>[] = [];
  for (let d = 0; d < DRAWS; d += 1) {
    throwIfAborted(context.signal);
    const part = source.part(
      drawRows(rows.order, sizes.rows, context.seed, d),
      reference === null ? null : drawRows(reference.order, sizes.other, context.seed, d),
    );
    drawn.push(await runMeasures(open, part, context));
  }
  return drawn;
}

function interval(
  { value, samplingError = 0 }: Value,
  { error, groups }: { readonly error: number; readonly groups: number },
  range: readonly [number, number],
): readonly [number, number] {
  return intervalFrom(value!, Math.hypot(error, samplingError), groups, range);
}
