import { withIntervals } from '../audit/intervals.ts';
import { runMeasures } from '../audit/measure.ts';
import { planMeasures } from '../audit/plan.ts';
import { usageError } from '../base/errors.ts';
import { findClusters } from '../clusters/clusters.ts';
import { cpu } from '../compute/device.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { artefactsOf } from '../engine/artefacts.ts';
import { makeRows } from '../engine/collect.ts';
import { OF_REFERENCE } from '../measures/artefacts.ts';
import { DEFAULT_SETTINGS, type Value } from '../measures/measure.ts';
import { findMeasure, type Listed } from '../measures/registry.ts';
import type { Rows } from '../measures/rows.ts';
import type { Sample } from './sample.ts';

/** The measures that an embedder can change: those that read vectors. */
export function planFor(asked: string, hasReference: boolean): readonly Listed[] {
  const reason = Object.fromEntries(OF_REFERENCE.map((need) => [need, 'needs a --reference']));
  for (const id of asked.split(',').map((part) => part.trim())) {
    const measure = findMeasure(id);
    if (measure !== undefined && measure.rows === undefined) {
      throw usageError(`Measure ${id} reads no vectors: no embedder changes it; leave it out.`);
    }
  }
  const { chosen } = planMeasures(asked, hasReference ? {} : reason);
  return chosen.filter(({ rows }) => rows !== undefined);
}

export interface MeasuredOptions {
  readonly chosen: readonly Listed[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The measures of every dataset in one embedder's vectors. Clusters are found once, in all datasets
 * together, so that their numbers compare.
 */
export async function measureAll(
  pool: Vectors,
  samples: readonly Sample[],
  reference: Sample | null,
  options: MeasuredOptions,
): Promise<Readonly<Record<string, Value>>[]> {
  const { chosen, seed, signal } = options;
  const context = { device: cpu, seed, settings: DEFAULT_SETTINGS, signal };
  const sets = [...samples, ...(reference === null ? [] : [reference])];
  const rows = rowsOfSets(pool, sets, seed);
  const count = samples.reduce((sum, { rows: own }) => sum + own.length, 0);
  const judged = selectRows(pool, rangeOf(0, count));
  const order = makeRows(
    judged,
    judged,
    samples.flatMap(({ keys }) => keys),
    seed,
  ).order;
  const { labels } = await findClusters(judged, { seed, order, signal });
  const held = reference === null ? null : rows.at(-1)!;
  const values: Readonly<Record<string, Value>>[] = [];
  let from = 0;
  for (const own of rows.slice(0, samples.length)) {
    const source = artefactsOf(own, held, {
      ...{ device: cpu, seed, index: 'exact', signal },
      extremes: chosen.some(({ id }) => id === 'diameter'),
      labels: Array.from(labels.subarray(from, from + own.n), String),
    });
    const measured = await runMeasures(chosen, source, context);
    values.push(await withIntervals(chosen, source, measured, context));
    from += own.n;
  }
  return values;
}

function rowsOfSets(pool: Vectors, sets: readonly Sample[], seed: number): Rows[] {
  let from = 0;
  return sets.map((sample) => {
    const vectors = selectRows(pool, rangeOf(from, sample.rows.length));
    from += sample.rows.length;
    return makeRows(vectors, vectors, sample.keys, seed, async function* contents() {
      yield sample.rows;
    });
  });
}

const rangeOf = (from: number, length: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => from + i);
