import { type AuditOptions, unavailableOf } from '../audit/options.ts';
import { planMeasures } from '../audit/plan.ts';
import { datasetReport, embedderReport, scorersReport } from '../audit/provenance.ts';
import { usageError } from '../base/errors.ts';
import { formatRows } from '../base/numbers.ts';
import { version } from '../base/package.ts';
import { defaultClusters } from '../clusters/kmeans.ts';
import {
  checkAnswerFlags,
  checkSharedJudging,
  type SharedJudging,
  sharedJudging,
} from '../compare/judge.ts';
import { measureSide } from '../compare/measure-side.ts';
import type { Shared } from '../compare/shared.ts';
import type { Side } from '../compare/sides.ts';
import type { Dataset } from '../data/row.ts';
import { pooledClusters } from '../engine/cells.ts';
import { checkColumns } from '../engine/columns.ts';
import { type InputOptions, type Inputs, loadInputs } from '../engine/inputs.ts';
import { qualityModels, type ScoringOptions, scoringOf } from '../engine/scoring.ts';
import { DEFAULT_SETTINGS, type Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { searchLog } from '../neighbours/search-log.ts';
import { quantile95 } from '../stats/jackknife.ts';
import { holm } from '../stats/student.ts';
import { type Cell, cellsOf, LEAST_ROWS, type Table } from './cells.ts';
import {
  changesWith,
  confounding,
  type Design,
  designOf,
  type Factor,
  isConfounded,
  rankOf,
  type Term,
} from './design.ts';
import { type CellValue, effectsOf } from './effects.ts';
import { groupDiversity } from './groups.ts';
import type { AttributedMeasure, AttributeReport } from './report.ts';

export interface AttributeOptions
  extends InputOptions,
    ScoringOptions,
    Pick<AuditOptions, 'measures' | 'index' | 'recall' | 'clusters' | 'duplicateAt' | 'bandwidth'>,
    SharedJudging {
  /** Columns that say how each row was made. */
  readonly factors: readonly string[];
  /** Rows of each combination of levels to measure. Default: those of the smallest. */
  readonly at?: number | undefined;
  /** Whether to look at pairs of factors too. Default true. */
  readonly interactions?: boolean | undefined;
}

/** Says which part of a pipeline moved which number, from rows that carry the parts as columns. */
export async function attribute(
  input: string | readonly string[],
  options: AttributeOptions,
): Promise<AttributeReport> {
  const { signal, factors } = options;
  if (factors.length === 0) throw usageError('--factors is empty; name one or more columns.');
  if (new Set(factors).size < factors.length) throw usageError('--factors names a column twice.');
  const asked = options.measures ?? 'fast';
  checkAnswerFlags(options);
  const models = qualityModels(options);
  let plan = planMeasures(asked, unavailableOf(options, 'text', true), models);
  const { prompt, answer: response } = options;
  const scoring = scoringOf(plan.chosen, options, { prompt, response });
  const paths = typeof input === 'string' ? [input] : input;
  const check = async ([dataset]: readonly Dataset[]): Promise<void> => {
    plan = planMeasures(asked, unavailableOf(options, dataset!.kind, true), models);
    const columns = plan.chosen.flatMap(({ column }) => column ?? []);
    await checkColumns(dataset!, factors, signal, '--factors');
    await checkColumns(dataset!, columns, signal);
    await checkSharedJudging(dataset!, options);
  };
  const inputs = await loadInputs([paths], options, undefined, check, scoring);
  try {
    const table = await cellsOf(inputs.datasets[0]!, factors, signal);
    return await finish(inputs, table, plan, options);
  } finally {
    await inputs.close();
  }
}

async function finish(
  inputs: Inputs,
  { factors, cells, warnings: leftOut }: Table,
  plan: ReturnType<typeof planMeasures>,
  options: AttributeOptions,
): Promise<AttributeReport> {
  const { signal, onProgress } = options;
  const { device } = inputs;
  const seed = options.seed ?? 0;
  const sides = cells.map(({ side }) => side);
  const n = rowsMeasured(sides, options.at);
  const k = options.clusters ?? defaultClusters(n);
  const settings = {
    ...DEFAULT_SETTINGS,
    duplicateAt: options.duplicateAt ?? DEFAULT_SETTINGS.duplicateAt,
    bandwidth: options.bandwidth ?? DEFAULT_SETTINGS.bandwidth,
  };
  const clusters = await pooledClusters(
    sides.map(({ rows }) => rows),
    { k, seed, device, signal, each: n },
  );
  const search = searchLog(options);
  const shared: Shared = {
    context: { device, seed, settings, signal },
    search,
    reference: null,
    clusters,
    judging: await sharedJudging(sides, clusters, plan.chosen, { ...options, seed }),
  };
  const values: Readonly<Record<string, Value>>[] = [];
  for (const [s, side] of sides.entries()) {
    onProgress?.({ stage: 'measures', done: s, total: sides.length, unit: 'combinations' });
    values.push(await measureSide(side, s, n, plan.chosen, shared));
  }
  const { design, shares, warnings } = designFor(factors, cells, options.interactions ?? true);
  const complete = cells.length === factors.reduce((count, { levels }) => count * levels.length, 1);
  const sizes = new Set(sides.map(({ rows }) => rows.n));
  return {
    schema: 'gamut.attribute/1',
    gamut: version(),
    dataset: datasetReport(inputs.datasets[0]!, inputs),
    embedder: embedderReport(inputs),
    ...scorersReport(inputs),
    settings: {
      seed,
      space: options.space ?? 'cosine',
      measures: options.measures ?? 'fast',
      interactions: options.interactions ?? true,
      clusters: shared.clusters[0]!.k,
    },
    factors,
    n,
    cells: cells.map(({ side, levels }) => ({
      levels: levels.map((level, f) => factors[f]!.levels[level]!),
      rows: side.rows.n,
    })),
    balanced: complete && sizes.size === 1,
    terms: design.terms.map((term, i) => ({
      factors: term.factors.map((f) => factors[f]!.name),
      confounding: shares[i]!,
    })),
    measures: Object.fromEntries(
      plan.chosen.map((measure) => {
        const row = values.map((one) => one[measure.id]!);
        return [measure.id, attributed(measure, row, factors, design, shares)];
      }),
    ),
    groups: await groupDiversity(factors, cells, n, { device, signal }),
    skipped: plan.skipped,
    warnings: [...inputs.warnings, ...leftOut, ...warnings, ...search.warnings()],
  };
}

function rowsMeasured(sides: readonly Side[], at: number | undefined): number {
  const smallest = sides.reduce((least, side) => (side.rows.n < least.rows.n ? side : least));
  const { n } = smallest.rows;
  if (at !== undefined && at > n) {
    throw usageError(`--at ${at} is more than the ${formatRows(n)} with ${smallest.name}.`);
  }
  if (at !== undefined && at < LEAST_ROWS) {
    throw usageError(`--at ${at} is too few; ${LEAST_ROWS} rows of each combination are needed.`);
  }
  return at ?? n;
}

/** The design with interactions where the cells can tell them apart, and what a reader must know of it. */
export function designFor(
  factors: readonly Factor[],
  cells: readonly Pick<Cell, 'levels'>[],
  interactions: boolean,
): { design: Design; shares: number[]; warnings: string[] } {
  const levels = cells.map((cell) => cell.levels);
  const warnings: string[] = [];
  let design = designOf(factors, levels, interactions);
  if (interactions && rankOf(design.matrix) < design.matrix.columns && factors.length > 1) {
    warnings.push(
      'Combinations are missing, so interactions cannot be told from main effects; only main effects are given, as if there were no interactions.',
    );
    design = designOf(factors, levels, false);
  }
  const shares = confounding(design);
  const namesOf = (term: Term): string => term.factors.map((f) => factors[f]!.name).join(' × ');
  for (const [i, term] of design.terms.entries()) {
    if (!isConfounded(shares[i]!)) continue;
    const names = namesOf(term);
    const along = design.terms.filter((other) => changesWith(design, term, other)).map(namesOf);
    warnings.push(
      along.length === 0
        ? `${names} is confounded: other factors change along with it in these rows, so its effects cannot be told from theirs and are left out.`
        : `${names} is confounded with ${along.join(' and with ')}: they change together in these rows, so its effects cannot be told from theirs and are left out.`,
    );
  }
  return { design, shares, warnings };
}

export function attributed(
  { axis, section, title, more }: Pick<Listed, 'axis' | 'section' | 'title' | 'more'>,
  values: readonly Value[],
  factors: readonly Factor[],
  design: Design,
  shares: readonly number[],
): AttributedMeasure {
  const about = { axis, ...(section === null ? {} : { section }), title, more };
  const row = values.map(({ value }) => value);
  const without = values.find(({ value, interval }) => value === null || interval === null);
  if (without !== undefined) {
    const why = without.why ?? 'a value has no interval';
    return { ...about, values: row, mean: null, why, effects: [] };
  }
  // 32 groups, or as many rows where there are fewer; the quantile hardly knows the difference.
  const groups = Math.min(32, ...values.map(({ n }) => n));
  const cells = values.map(({ value, interval }): CellValue => {
    const [low, high] = interval!;
    // An end at the end of a range is nearer than the error is: the farther one says it.
    const half = Math.max(high - value!, value! - low);
    return { value: value!, error: half / quantile95(groups) };
  });
  const all = effectsOf(factors, design, cells, groups);
  const effects = all.filter((_, i) => !isConfounded(shares[i]!));
  const corrected = holm(effects.map(({ p }) => p));
  return {
    ...{ ...about, values: row },
    mean: cells.reduce((sum, { value }) => sum + value, 0) / cells.length,
    effects: effects.map((effect, i) => ({ ...effect, corrected: corrected[i]! })),
  };
}
