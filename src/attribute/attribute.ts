import { type AuditOptions, unavailableOf } from '../audit/options.ts';
import { planMeasures } from '../audit/plan.ts';
import { datasetReport, embedderReport, scorersReport } from '../audit/provenance.ts';
import { inputError, usageError } from '../base/errors.ts';
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
import { subsetOf } from '../engine/artefacts.ts';
import { pooledClusters } from '../engine/cells.ts';
import { checkColumns, columnsOf } from '../engine/columns.ts';
import { type InputOptions, type Inputs, type Loaded, loadInputs } from '../engine/inputs.ts';
import { qualityModels, type ScoringOptions, scoringOf } from '../engine/scoring.ts';
import { DEFAULT_SETTINGS, type Value } from '../measures/measure.ts';
import type { Listed } from '../measures/registry.ts';
import { searchLog } from '../neighbours/search-log.ts';
import { quantile95 } from '../stats/jackknife.ts';
import { holm } from '../stats/student.ts';
import { confounding, type Design, designOf, type Factor, isConfounded, rankOf } from './design.ts';
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

/** Fewer rows a cell than this give no interval, and so no effect. */
const LEAST_ROWS = 16;
const MOST_CELLS = 128;

export interface Cell {
  readonly side: Side;
  /** The number of its level of each factor. */
  readonly levels: readonly number[];
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
    const { found, cells } = await cellsOf(inputs.datasets[0]!, factors, signal);
    return await finish(inputs, found, cells, plan, options);
  } finally {
    await inputs.close();
  }
}

export async function cellsOf(
  from: Loaded,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ found: Factor[]; cells: Cell[] }> {
  const { rows } = from.collected;
  const columns = columnsOf(rows, null, signal);
  const values: (readonly (string | null)[])[] = [];
  for (const name of names) values.push(await columns.of(name));
  const found = names.map((name, f): Factor => {
    const missing = values[f]!.indexOf(null);
    if (missing >= 0) {
      throw inputError(`Row ${missing + 1} has no value in column '${name}'; every row needs one.`);
    }
    const levels = [...new Set(values[f] as readonly string[])].sort(byNumber);
    if (levels.length < 2) {
      throw inputError(
        `Column '${name}' has one value only (${levels[0]}); it can have no effect.`,
      );
    }
    return { name, levels };
  });
  const members = new Map<string, number[]>();
  for (let i = 0; i < rows.n; i += 1) {
    const key = found.map(({ levels }, f) => levels.indexOf(values[f]![i]!)).join(' ');
    const known = members.get(key);
    if (known === undefined) members.set(key, [i]);
    else known.push(i);
  }
  if (members.size > MOST_CELLS) {
    throw inputError(
      `The factors make ${members.size} combinations; ${MOST_CELLS} are the most. Name fewer factors, or put values together.`,
    );
  }
  const cells = [...members]
    .map(([key, indices]): Cell => {
      const levels = key.split(' ').map(Number);
      const name = levels.map((level, f) => found[f]!.levels[level]!).join(', ');
      const own = subsetOf(rows, Int32Array.from(indices));
      const ids = indices.map((row) => from.collected.ids[row]!);
      return { levels, side: { name, role: 'dataset', rows: own, ids, from } };
    })
    .sort((a, b) => compareLevels(a.levels, b.levels));
  return { found, cells };
}

const compareLevels = (a: readonly number[], b: readonly number[]): number =>
  a.map((level, f) => level - b[f]!).find((difference) => difference !== 0) ?? 0;

/** Numbers by size, all else by its letters. */
const byNumber = (a: string, b: string): number => {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  return a < b ? -1 : 1;
};

async function finish(
  inputs: Inputs,
  factors: readonly Factor[],
  cells: readonly Cell[],
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
    warnings: [...inputs.warnings, ...warnings, ...search.warnings()],
  };
}

function rowsMeasured(sides: readonly Side[], at: number | undefined): number {
  const smallest = sides.reduce((least, side) => (side.rows.n < least.rows.n ? side : least));
  const { n } = smallest.rows;
  if (at !== undefined && at > n) {
    throw usageError(`--at ${at} is more than the ${formatRows(n)} with ${smallest.name}.`);
  }
  const used = at ?? n;
  if (used < LEAST_ROWS) {
    throw inputError(
      `Only ${formatRows(used)} have ${smallest.name}; ${LEAST_ROWS} are needed of every combination that occurs. Name fewer factors, or leave those rows out.`,
    );
  }
  return used;
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
  for (const [i, term] of design.terms.entries()) {
    if (!isConfounded(shares[i]!)) continue;
    const names = term.factors.map((f) => factors[f]!.name).join(' × ');
    warnings.push(
      `${names} is confounded: other factors change along with it in these rows, so its effects cannot be told from theirs and are left out.`,
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
