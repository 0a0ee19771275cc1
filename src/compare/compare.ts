import { heldAgainst } from '../audit/intervals.ts';
import { checkControl, controlLength } from '../audit/length.ts';
import { type AuditOptions, unavailableOf } from '../audit/options.ts';
import { planMeasures } from '../audit/plan.ts';
import {
  answersReport,
  datasetReport,
  embedderReport,
  scorersReport,
} from '../audit/provenance.ts';
import { usageError } from '../base/errors.ts';
import { formatCount, formatRows } from '../base/numbers.ts';
import { version } from '../base/package.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { defaultClusters } from '../clusters/kmeans.ts';
import type { Dataset } from '../data/row.ts';
import { pooledClusters } from '../engine/cells.ts';
import { checkColumns } from '../engine/columns.ts';
import { type InputOptions, type Inputs, loadInputs } from '../engine/inputs.ts';
import { qualityModels, type ScoringOptions, scoringOf } from '../engine/scoring.ts';
import { DEFAULT_SETTINGS, type Value } from '../measures/measure.ts';
import { mixturesOf } from '../measures/mixtures.ts';
import type { Listed } from '../measures/registry.ts';
import { missing } from '../measures/value.ts';
import { checkIndex } from '../neighbours/graph.ts';
import { searchLog } from '../neighbours/search-log.ts';
import { compareCurves } from './curves.ts';
import { datasetFront } from './front.ts';
import {
  checkAnswerFlags,
  checkSharedJudging,
  type SharedJudging,
  sharedJudging,
} from './judge.ts';
import { compareMap } from './map.ts';
import { measureSide } from './measure-side.ts';
import { pairedCorrelations, pairsOf } from './pairs.ts';
import { type Aligned, alignPrompts, promptReport } from './prompts.ts';
import { rankingsOf, ranksOf } from './rank.ts';
import type { ComparedDataset, ComparedMeasure, CompareMap, CompareReport } from './report.ts';
import type { Shared } from './shared.ts';
import { namesOf, type Side, sidesOf } from './sides.ts';
import { spreadsOf } from './spreads.ts';

export interface CompareOptions
  extends InputOptions,
    ScoringOptions,
    Pick<
      AuditOptions,
      | 'reference'
      | 'measures'
      | 'index'
      | 'recall'
      | 'clusters'
      | 'duplicateAt'
      | 'bandwidth'
      | 'buckets'
      | 'control'
      | 'map'
    >,
    Omit<SharedJudging, 'prompt'> {
  /** Rows of each dataset to compare. Default: those of the smallest, the reference counted in. */
  readonly at?: number | undefined;
  /** A column: the inputs are one set of rows, and the column's values are the datasets. */
  readonly by?: string | undefined;
  /**
   * The column of the prompt: datasets are paired by it, and answers share it (pass@k). Default, for pairing: found
   * where all answer the same ones.
   */
  readonly prompt?: string | undefined;
}

export interface CompareResult {
  readonly report: CompareReport;
  /** null when it was not asked for. */
  readonly map: CompareMap | null;
}

/** Fewest rows that a dataset is compared at. */
const LEAST_ROWS = 2;

/** Puts datasets side by side on equal terms: one model, one set of clusters, equally many rows. */
export async function compare(
  inputs: readonly string[],
  options: CompareOptions = {},
): Promise<CompareResult> {
  const { by, reference, signal } = options;
  const asked = options.measures ?? 'fast';
  checkAnswerFlags(options);
  const models = qualityModels(options);
  let plan = planMeasures(asked, unavailableOf(options, 'text', true), models);
  const { prompt, answer: response } = options;
  const scoring = scoringOf(plan.chosen, options, { prompt, response });
  checkIndex(options);
  if (by === undefined && inputs.length < 2) {
    throw usageError(
      'There is one dataset; give two or more, or --by COLUMN to compare the groups of one.',
    );
  }
  const own = by === undefined ? inputs.map((input) => [input]) : [inputs];
  const others = reference === undefined ? [] : [list(reference)];
  const check = async (opened: readonly Dataset[]): Promise<void> => {
    plan = planMeasures(asked, unavailableOf(options, opened[0]!.kind, true), models);
    const columns = plan.chosen.flatMap(({ column }) => column ?? []);
    if (options.control !== undefined) checkControl(opened[0]!);
    for (const dataset of opened.slice(0, own.length)) {
      await checkColumns(dataset, columns, signal);
      if (by !== undefined) await checkColumns(dataset, [by], signal, '--by');
      if (prompt !== undefined) await checkColumns(dataset, [prompt], signal, '--prompt');
      await checkSharedJudging(dataset, options);
    }
  };
  const loaded = await loadInputs([...own, ...others], options, undefined, check, scoring);
  try {
    const names = by === undefined ? namesOf(inputs) : [];
    const sides = await sidesOf(loaded, reference !== undefined, { by, names, signal });
    return await finish(loaded, sides, plan, options);
  } finally {
    await loaded.close();
  }
}

async function finish(
  inputs: Inputs,
  found: readonly Side[],
  plan: ReturnType<typeof planMeasures>,
  options: CompareOptions,
): Promise<CompareResult> {
  const { signal, onProgress } = options;
  const { device } = inputs;
  const seed = options.seed ?? 0;
  const settings = {
    duplicateAt: options.duplicateAt ?? DEFAULT_SETTINGS.duplicateAt,
    bandwidth: options.bandwidth ?? DEFAULT_SETTINGS.bandwidth,
    buckets: options.buckets ?? DEFAULT_SETTINGS.buckets,
  };
  const aligned = await alignPrompts(found, options.prompt, seed, signal);
  const alignment = aligned?.alignment ?? null;
  const sides = aligned?.sides ?? found;
  const n = rowsCompared(sides, options.at);
  const k = options.clusters ?? defaultClusters(n);
  const clusters = await pooledClusters(
    sides.map(({ rows }) => rows),
    { k, seed, device, signal, each: n },
  );
  const search = searchLog(options);
  const shared: Shared = {
    context: { device, seed, settings, signal },
    search,
    reference: sides.find(({ role }) => role === 'reference')?.rows ?? null,
    clusters,
    judging: await sharedJudging(sides, clusters, plan.chosen, { ...options, seed }),
  };
  const values: Readonly<Record<string, Value>>[] = [];
  for (const [s, side] of sides.entries()) {
    onProgress?.({ stage: 'measures', done: s, total: sides.length, unit: 'datasets' });
    values.push(await measureSide(side, s, n, measuresOf(side, plan.chosen), shared));
  }
  const correlation =
    alignment === null
      ? () => 0
      : await pairedCorrelations(sides, alignment, plan.chosen, shared, onProgress);
  const datasets = sides.map(
    ({ name, role, rows, from }): ComparedDataset => ({
      ...{ name, role, rows: rows.n },
      read: datasetReport(from, inputs),
    }),
  );
  const measures = table(plan.chosen, values, sides, n, correlation);
  const rankings = rankingsOf(plan.chosen, measures, datasets);
  const length =
    options.control === undefined
      ? null
      : await controlLength(
          sides.map(({ name, rows }, s) => ({ name, rows, values: values[s]! })),
          plan.chosen,
          { context: shared.context, search: shared.search, inputs: { ...options, device } },
        );
  const curves =
    options.quality === undefined ? null : await compareCurves(sides, n, shared, onProgress);
  const report: CompareReport = {
    schema: 'gamut.compare/1',
    gamut: version(),
    n,
    datasets,
    embedder: embedderReport(inputs),
    ...scorersReport(inputs),
    settings: {
      seed,
      space: options.space ?? 'cosine',
      measures: options.measures ?? 'fast',
      by: options.by ?? null,
      ...(options.answer === undefined ? {} : { answers: answersReport(options) }),
      ...(options.quality === undefined ? {} : { quality: options.quality }),
      ...(options.cells === undefined ? {} : { cells: options.cells }),
      ...(options.control === undefined ? {} : { control: options.control }),
      ...settings,
      clusters: clusters[0]!.k,
    },
    measures,
    rankings,
    front: datasetFront(rankings),
    ...(curves === null ? {} : { curves }),
    union: await mixturesOf(
      sides.map(({ rows }) => rows),
      n,
      { device, signal },
    ),
    clusters: sharesOf(clusters),
    distributions: await spreadsOf(sides, n, shared),
    prompts: alignment === null ? null : promptReport(sides, alignment),
    ...(length === null ? {} : { length }),
    skipped: plan.skipped,
    warnings: [...inputs.warnings, ...warningsOf(sides, n, aligned, options), ...search.warnings()],
  };
  const map =
    options.map === false
      ? null
      : await compareMap(sides, n, plan.chosen, shared, options.quality !== undefined, onProgress);
  return { report, map };
}

const list = (input: string | readonly string[]): readonly string[] =>
  typeof input === 'string' ? [input] : input;

/** The reference is not held against itself. */
const measuresOf = ({ role }: Side, chosen: readonly Listed[]): readonly Listed[] =>
  role === 'dataset' ? chosen : chosen.filter(({ family }) => !heldAgainst(family));

function rowsCompared(sides: readonly Side[], at: number | undefined): number {
  const smallest = sides.reduce((least, side) => (side.rows.n < least.rows.n ? side : least));
  const most = smallest.rows.n;
  if (at !== undefined && at > most) {
    throw usageError(
      `--at ${at} is more than the ${formatRows(most)} of ${smallest.name}; ask for ${most} or fewer.`,
    );
  }
  const n = at ?? most;
  if (n < LEAST_ROWS) {
    throw usageError(`${smallest.name} has ${formatRows(most)}; two are needed to compare.`);
  }
  return n;
}

function table(
  chosen: readonly Listed[],
  values: readonly Readonly<Record<string, Value>>[],
  sides: readonly Side[],
  n: number,
  correlation: (id: string, a: number, b: number) => number,
): Readonly<Record<string, ComparedMeasure>> {
  const groups = sides.map(({ rows }) =>
    Math.max(
      2,
      Math.min(
        n,
        rows.sizes.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0),
      ),
    ),
  );
  return Object.fromEntries(
    chosen.map(({ id, axis, section, title, more }) => {
      const row = values.map((one) => one[id] ?? missing(n, 'is the reference itself'));
      const measure: ComparedMeasure = {
        axis,
        ...(section === null ? {} : { section }),
        ...{ title, more, values: row },
        ranks: ranksOf(row, more, sides),
        pairs: pairsOf(row, groups, more, (a, b) => correlation(id, a, b)),
      };
      return [id, measure];
    }),
  );
}

function sharesOf(clusters: readonly Clusters[]): CompareReport['clusters'] {
  const counts = clusters.map(({ labels, k }) => {
    const sizes = new Float64Array(k);
    for (const label of labels) sizes[label]! += 1 / labels.length;
    return sizes;
  });
  return Array.from({ length: clusters[0]!.k }, (_, cluster) => ({
    cluster,
    shares: counts.map((sizes) => sizes[cluster]!),
  }));
}

function warningsOf(
  sides: readonly Side[],
  n: number,
  aligned: Aligned | null,
  options: CompareOptions,
): string[] {
  const warnings: string[] = [];
  if (n < 100) {
    warnings.push(
      `Only ${formatRows(n)} of each are compared; most numbers say little below a hundred.`,
    );
  }
  const smallest = sides.find(({ rows }) => rows.n === n);
  const largest = Math.max(...sides.map(({ rows }) => rows.n));
  if (options.at === undefined && smallest !== undefined && largest > 10 * n) {
    warnings.push(
      `${smallest.name} has ${formatRows(n)} and the largest dataset ${formatCount(largest)}; all are compared at ${formatCount(n)}.`,
    );
  }
  if (aligned !== null && aligned.leftOut > 0) {
    warnings.push(
      `${formatRows(aligned.leftOut)} were left out, as not every dataset answers their prompt.`,
    );
  }
  if (aligned !== null && options.text === undefined) {
    const { prompts, column } = aligned.alignment;
    warnings.push(
      `All datasets answer the same ${formatRows(prompts.length, 'prompt')} (column ${column}); --text with the column of the answer compares the answers alone.`,
    );
  }
  return warnings;
}
