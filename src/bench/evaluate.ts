import { messageOf, throwIfAborted, usageError } from '../base/errors.ts';
import { version } from '../base/package.ts';
import { findClusters } from '../clusters/clusters.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { makeRows } from '../engine/collect.ts';
import type { Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { agreementOf, type Shape, shapeOf } from './agreement.ts';
import { conclusionsOf, measuredBeside } from './conclusions.ts';
import { measureAll, planFor } from './measured.ts';
import type { DatasetSample, EmbeddersReport, SetupReport } from './report.ts';
import { type Sample, sampleAll } from './sample.ts';
import type { EmbeddersOptions, Setup } from './settings.ts';
import { adjustedRand } from './statistics.ts';
import { type Embedded, embedWith } from './vectors.ts';

/** The sampled texts, and what is to be measured of them. */
export interface Question {
  readonly samples: readonly Sample[];
  readonly reference: Sample | null;
  readonly chosen: readonly Listed[];
  readonly seed: number;
}

/** What one embedder makes of the texts. */
export interface Found {
  readonly embedded: Embedded;
  /** The vectors of all datasets, one after another, the reference left out. */
  readonly judged: Vectors;
  readonly order: Int32Array;
  readonly shape: Shape;
  readonly values: readonly Readonly<Record<string, Value>>[];
}

export async function ask(
  inputs: readonly string[],
  rows: number,
  measures: string,
  options: EmbeddersOptions,
): Promise<Question> {
  const chosen = planFor(measures, options.reference !== undefined);
  const paths = [...inputs, ...(options.reference === undefined ? [] : [options.reference])];
  if (paths.filter((path) => path === '-').length > 1) {
    throw usageError('Standard input can be read once; name files for the other datasets.');
  }
  const sampled = await sampleAll(paths, rows, options);
  const reference = options.reference === undefined ? null : sampled.at(-1)!;
  return {
    samples: sampled.slice(0, inputs.length),
    ...{ reference, chosen, seed: options.seed ?? 0 },
  };
}

/** Embeds the texts with one setup and draws the conclusions; the vectors come from the store where it has them. */
export async function findWith(
  setup: Setup,
  { samples, reference, chosen, seed }: Question,
  options: EmbeddersOptions,
): Promise<Found> {
  const { signal } = options;
  const sets = [...samples, ...(reference === null ? [] : [reference])];
  const embedded = await embedWith(
    setup,
    sets.flatMap(({ rows }) => rows),
    options,
  );
  const keys = samples.flatMap((sample) => sample.keys);
  const all = Int32Array.from({ length: keys.length }, (_, i) => i);
  const judged = selectRows(embedded.vectors, all);
  const { order } = makeRows(judged, judged, keys, seed);
  const shape = await shapeOf(judged, { seed, order, signal });
  const { vectors } = embedded;
  const values = await measureAll(vectors, samples, reference, { chosen, seed, signal });
  return { embedded, judged, order, shape, values };
}

/** The setups one after another. One that cannot be opened is left out and said; the baseline must be there. */
export async function findAll(
  setups: readonly Setup[],
  question: Question,
  options: EmbeddersOptions,
): Promise<{ found: Found[]; skipped: EmbeddersReport['skipped'] }> {
  const found: Found[] = [];
  const skipped: { setup: string; why: string }[] = [];
  for (const [i, setup] of setups.entries()) {
    throwIfAborted(options.signal);
    try {
      found.push(await findWith(setup, question, options));
    } catch (error) {
      throwIfAborted(options.signal);
      if (i === 0) throw error;
      skipped.push({ setup: setup.name, why: messageOf(error) });
    }
    options.onProgress?.({
      ...{ stage: 'conclusions', done: i + 1, total: setups.length, unit: 'embedders' },
    });
  }
  return { found, skipped };
}

/** One embedder's part of the report, without timings and tasks. */
export function describeSetup(
  { embedded, shape, values }: Found,
  baseline: Found,
  question: Question,
): SetupReport {
  const { setup, title, device, dtype, dims, warnings } = embedded;
  const isBaseline = embedded === baseline.embedded;
  const names = labelsOf(question.samples);
  return {
    ...{ name: setup.name, model: setup.model, title, device, dtype, dims, warnings },
    timings: [],
    agreement: isBaseline ? null : agreementOf(baseline.shape, shape),
    measures: measuredBeside(values, baseline.values),
    conclusions: isBaseline ? null : conclusionsOf(setup.name, values, baseline.values, names),
    task: null,
  };
}

/** What both verbs say of the data and the baseline. */
export async function commonFacts(
  question: Question,
  baseline: Found,
  signal: AbortSignal | undefined,
): Promise<Omit<EmbeddersReport, 'setups' | 'skipped'>> {
  const { samples, reference, chosen, seed } = question;
  const { judged, order, shape, embedded } = baseline;
  const again = await findClusters(judged, { seed: (seed + 1) >>> 0, order, signal });
  const warnings: string[] = [];
  const least = samples[0]!.rows.length;
  if (least < 100) {
    warnings.push(`Only ${least} rows a dataset: conclusions say little below a hundred.`);
  }
  return {
    ...{ gamut: version(), baseline: embedded.setup.name, seed, warnings },
    datasets: samples.map(factsOf),
    reference: reference === null ? null : factsOf(reference),
    measures: chosen.map(({ id, axis, title, more }) => ({ id, axis, title, more })),
    clusterCeiling: adjustedRand(shape.labels, again.labels),
  };
}

const factsOf = ({ name, rows, of }: Sample): DatasetSample => ({ name, rows: rows.length, of });

/** Names for sentences: the files' without their folders, where these differ. */
export function labelsOf(samples: readonly { readonly name: string }[]): string[] {
  const short = samples.map(({ name }) => name.split('/').at(-1)!);
  return new Set(short).size === short.length ? short : samples.map(({ name }) => name);
}
