import { withIntervals } from '../../src/audit/intervals.ts';
import { runMeasures } from '../../src/audit/measure.ts';
import type { AnswerColumns } from '../../src/engine/answers.ts';
import type { JudgeOptions } from '../../src/engine/archive.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS, type MeasureSettings, type Value } from '../../src/measures/measure.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';

export interface MeasureOptions {
  readonly reference?: Rows | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly clusters?: number | undefined;
  readonly intervals?: boolean | undefined;
  readonly settings?: Partial<MeasureSettings>;
  readonly seed?: number;
  /** Default: COLUMN is all of them. */
  readonly answers?: AnswerColumns;
  readonly judge?: JudgeOptions;
}

/** Quality is a trait that every row of text has. */
const JUDGE = { quality: 'length.chars' };

const ANSWERS = { answer: 'COLUMN', truth: 'COLUMN', prompt: 'COLUMN' };

/** The values of some measures on rows, as an audit computes them. */
export async function measureRows(
  rows: Rows,
  ids: readonly string[],
  {
    reference,
    labels,
    clusters,
    intervals,
    settings,
    seed = 0,
    answers = ANSWERS,
    judge = JUDGE,
  }: MeasureOptions = {},
): Promise<Readonly<Record<string, Value>>> {
  const source = artefactsOf(rows, reference ?? null, {
    seed,
    index: 'exact',
    labels,
    clusters,
    intervals,
    answers,
    judge,
  });
  const chosen = ids.map((id) => findMeasure(id)!);
  const context = { seed, settings: { ...DEFAULT_SETTINGS, ...settings } };
  const values = await runMeasures(chosen, source, context);
  return intervals === false ? values : withIntervals(chosen, source, values, context);
}
