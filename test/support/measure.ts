import { withIntervals } from '../../src/audit/intervals.ts';
import { runMeasures } from '../../src/audit/measure.ts';
import { selectRows } from '../../src/compute/vectors.ts';
import type { AnswerColumns } from '../../src/engine/answers.ts';
import type { JudgeOptions } from '../../src/engine/archive.ts';
import { type ArtefactSource, artefactsOf } from '../../src/engine/artefacts.ts';
import type { Artefacts } from '../../src/measures/artefacts.ts';
import { type Moments, moments } from '../../src/measures/folds/moments.ts';
import { DEFAULT_SETTINGS, type MeasureSettings, type Value } from '../../src/measures/measure.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { spectraOf } from '../../src/measures/spectrum.ts';

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
  /** Rows in each shard but the last: as if shards were read apart and their states merged. Default: one pass. */
  readonly shards?: readonly number[];
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
    shards,
  }: MeasureOptions = {},
): Promise<Readonly<Record<string, Value>>> {
  const whole = artefactsOf(
    shards === undefined ? rows : inShards(rows, shards),
    reference ?? null,
    {
      seed,
      index: 'exact',
      labels,
      clusters,
      intervals,
      answers,
      judge,
    },
  );
  const source = shards === undefined ? whole : await withMerged(whole, shards);
  const chosen = ids.map((id) => findMeasure(id)!);
  const context = { seed, settings: { ...DEFAULT_SETTINGS, ...settings } };
  const values = await runMeasures(chosen, source, context);
  return intervals === false ? values : withIntervals(chosen, source, values, context);
}

/** The same rows, whose texts and columns come shard by shard. */
function inShards(rows: Rows, shards: readonly number[]): Rows {
  const { contents } = rows;
  if (contents === null) return rows;
  return {
    ...rows,
    async *contents(signal) {
      for await (const block of contents(signal)) {
        let at = 0;
        for (const size of [...shards, block.length]) {
          if (at < block.length) yield block.slice(at, at + size);
          at += size;
        }
      }
    },
  };
}

/** The artefacts of rows whose moments are those of the shards, merged from the last to the first. */
async function withMerged(
  source: ArtefactSource,
  shards: readonly number[],
): Promise<ArtefactSource> {
  const { unit, vectors, groups, n } = source.rows;
  const states: Moments[] = [];
  let first = 0;
  for (const size of [...shards, n]) {
    const end = Math.min(n, first + size);
    const chosen = Array.from({ length: end - first }, (_, i) => first + i);
    const [own = new Float32Array(0)] = selectRows(unit, chosen).blocks;
    const [raw = own] = vectors === unit ? [own] : selectRows(vectors, chosen).blocks;
    const state = moments.init(unit.dims);
    const batch = { dims: unit.dims, vectors: raw, unit: own, groups: groups.subarray(first, end) };
    await moments.observe(state, batch);
    states.push(state);
    first = end;
  }
  const merged = states.pop()!;
  for (const state of states.reverse()) await moments.merge(merged, state);
  const made: Partial<Artefacts> = { moments: merged, spectrum: await spectraOf(merged) };
  const get = <N extends keyof Artefacts>(need: N): Promise<Artefacts[N]> =>
    need in made ? Promise.resolve(made[need] as Artefacts[N]) : source(need);
  return Object.assign(get, { rows: source.rows, reference: source.reference, part: source.part });
}
