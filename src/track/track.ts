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
import { pairsOf } from '../compare/pairs.ts';
import type { Shared } from '../compare/shared.ts';
import { namesOf, type Side } from '../compare/sides.ts';
import type { Dataset } from '../data/row.ts';
import { subsetOf } from '../engine/artefacts.ts';
import { pooledClusters } from '../engine/cells.ts';
import { checkColumns } from '../engine/columns.ts';
import { type InputOptions, type Inputs, loadInputs } from '../engine/inputs.ts';
import { qualityModels, type ScoringOptions, scoringOf } from '../engine/scoring.ts';
import { DEFAULT_SETTINGS, type Value } from '../measures/measure.ts';
import { findMeasure, type Listed } from '../measures/registry.ts';
import { searchLog } from '../neighbours/search-log.ts';
import { LEVEL, verdictOf } from '../stats/difference.ts';
import { holm } from '../stats/student.ts';
import type { Change, Collapse, Territory, TrackedMeasure, TrackReport } from './report.ts';

export interface TrackOptions
  extends InputOptions,
    ScoringOptions,
    Pick<AuditOptions, 'measures' | 'index' | 'recall' | 'clusters' | 'duplicateAt' | 'bandwidth'>,
    SharedJudging {
  /** Rows of each round to measure. Default: those of the smallest. */
  readonly at?: number | undefined;
}

/** Measures whose fall is called a collapse: of meaning, of topics, of wording. */
export const OF_COLLAPSE = [
  'vendi',
  'mean-distance',
  'effective-clusters',
  'ngram-diversity',
  'distinct-2',
];

/** Follows a run round by round: what each round has, and how it lies to round 0. */
export async function track(
  rounds: readonly string[],
  options: TrackOptions = {},
): Promise<TrackReport> {
  if (rounds.length < 2) throw usageError('There is one round; give two or more, in their order.');
  const asked = options.measures ?? 'fast';
  checkAnswerFlags(options);
  const models = qualityModels(options);
  let plan = planMeasures(asked, unavailableOf(options, 'text', true), models);
  const { prompt, answer: response } = options;
  const scoring = scoringOf(plan.chosen, options, { prompt, response });
  const sets = rounds.map((round) => [round]);
  const check = async (opened: readonly Dataset[]): Promise<void> => {
    plan = planMeasures(asked, unavailableOf(options, opened[0]!.kind, true), models);
    const columns = plan.chosen.flatMap(({ column }) => column ?? []);
    for (const dataset of opened) {
      await checkColumns(dataset, columns, options.signal);
      await checkSharedJudging(dataset, options);
    }
  };
  const inputs = await loadInputs(sets, options, undefined, check, scoring);
  try {
    const names = namesOf(rounds);
    const sides = inputs.datasets.map((from, i): Side => {
      const { rows, ids } = from.collected;
      return { name: names[i]!, role: 'dataset', rows, ids, from };
    });
    return await finish(inputs, sides, plan, options);
  } finally {
    await inputs.close();
  }
}

async function finish(
  inputs: Inputs,
  sides: readonly Side[],
  plan: ReturnType<typeof planMeasures>,
  options: TrackOptions,
): Promise<TrackReport> {
  const { signal, onProgress } = options;
  const { device } = inputs;
  const seed = options.seed ?? 0;
  const n = rowsTracked(sides, options.at);
  const k = options.clusters ?? defaultClusters(n);
  const clusters = await pooledClusters(
    sides.map(({ rows }) => rows),
    { k, seed, device, signal, each: n },
  );
  const search = searchLog(options);
  const shared: Shared = {
    context: {
      ...{ device, seed, signal },
      settings: {
        ...DEFAULT_SETTINGS,
        duplicateAt: options.duplicateAt ?? DEFAULT_SETTINGS.duplicateAt,
        bandwidth: options.bandwidth ?? DEFAULT_SETTINGS.bandwidth,
      },
    },
    search,
    reference: null,
    clusters,
    judging: await sharedJudging(sides, clusters, plan.chosen, { ...options, seed }),
  };
  const values: Readonly<Record<string, Value>>[] = [];
  const territory: (Territory | null)[] = [];
  for (const [s, side] of sides.entries()) {
    onProgress?.({ stage: 'measures', done: s, total: sides.length, unit: 'rounds' });
    values.push(await measureSide(side, s, n, plan.chosen, shared));
    territory.push(s === 0 ? null : await territoryOf(side, s, sides[0]!, n, shared));
  }
  const measures = Object.fromEntries(
    plan.chosen.map((measure) => [
      measure.id,
      tracked(
        measure,
        values.map((one) => one[measure.id]!),
      ),
    ]),
  );
  return {
    schema: 'gamut.track/1',
    gamut: version(),
    n,
    rounds: sides.map(({ name, rows, from }) => ({
      ...{ name, role: 'dataset' as const, rows: rows.n },
      read: datasetReport(from, inputs),
    })),
    embedder: embedderReport(inputs),
    ...scorersReport(inputs),
    settings: {
      seed,
      space: options.space ?? 'cosine',
      measures: options.measures ?? 'fast',
      clusters: shared.clusters[0]!.k,
    },
    measures,
    territory,
    collapse: collapseOf(measures),
    skipped: plan.skipped,
    warnings: [
      ...inputs.warnings,
      ...(n < 100
        ? [
            `Only ${formatRows(n)} of each round are measured; most numbers say little below a hundred.`,
          ]
        : []),
      ...search.warnings(),
    ],
  };
}

function rowsTracked(sides: readonly Side[], at: number | undefined): number {
  const smallest = sides.reduce((least, side) => (side.rows.n < least.rows.n ? side : least));
  if (at !== undefined && at > smallest.rows.n) {
    throw usageError(
      `--at ${at} is more than the ${formatRows(smallest.rows.n)} of ${smallest.name}.`,
    );
  }
  const n = at ?? smallest.rows.n;
  if (n < 2) throw usageError(`${smallest.name} has ${formatRows(n)}; two are needed.`);
  return n;
}

const AGAINST = ['novelty', 'recall', 'energy-distance'].map((id) => findMeasure(id)!);

async function territoryOf(
  side: Side,
  s: number,
  first: Side,
  n: number,
  shared: Shared,
): Promise<Territory> {
  const { rows } = first;
  const reference = rows.n === n ? rows : subsetOf(rows, rows.order.slice(0, n));
  const values = await measureSide(side, s, n, AGAINST, { ...shared, reference });
  const recall = values.recall!;
  return {
    fresh: values.novelty!,
    forgotten: {
      ...recall,
      value: recall.value === null ? null : 1 - recall.value,
      interval: recall.interval && [1 - recall.interval[1], 1 - recall.interval[0]],
    },
    drift: values['energy-distance']!,
  };
}

/** A measure over the rounds, each tested against round 0. */
export function tracked(
  { axis, section, title, more }: Pick<Listed, 'axis' | 'section' | 'title' | 'more'>,
  values: readonly Value[],
): TrackedMeasure {
  const found = values.slice(1).map((value) => {
    const groups = Math.max(2, Math.min(32, value.n));
    return pairsOf([value, values[0]!], [groups, groups], more)[0];
  });
  const corrected = holm(found.map((pair) => pair?.p ?? null));
  const changes = found.map((pair, i): Change | null => {
    if (pair === undefined || pair.interval === null) return null;
    const p = corrected[i]!;
    const { difference, interval } = pair;
    const verdict = verdictOf(difference, p, more);
    return { difference, interval, p: pair.p, corrected: p, verdict };
  });
  const first = (wanted: 'more' | 'less'): number | null => {
    const at = changes.findIndex((change) => change?.verdict === wanted);
    return at < 0 ? null : at + 1;
  };
  return {
    axis,
    ...(section === null ? {} : { section }),
    ...{ title, more, values, changes: [null, ...changes] },
    ...{ firstLess: first('less'), firstMore: first('more') },
  };
}

/**
 * A collapse: from some round on to the last, diversity is significantly below round 0, at 5 % over the rounds (Holm) and
 * over the measures that could say it (Bonferroni). The round is the earliest that any of them gives.
 */
export function collapseOf(measures: Readonly<Record<string, TrackedMeasure>>): Collapse | null {
  const since = new Map<string, number>();
  const asked = OF_COLLAPSE.filter((id) => measures[id]?.changes.some((change) => change !== null));
  const less = (change: Change | null | undefined): boolean =>
    change?.verdict === 'less' && (change.corrected ?? 1) * asked.length < LEVEL;
  for (const id of asked) {
    const { changes } = measures[id]!;
    let round = changes.length;
    while (round > 1 && less(changes[round - 1])) round -= 1;
    if (round < changes.length) since.set(id, round);
  }
  if (since.size === 0) return null;
  const round = Math.min(...since.values());
  const vendi = measures.vendi?.values;
  const [now, then] = [vendi?.[round]?.value ?? null, vendi?.[0]?.value ?? null];
  return {
    round,
    measures: [...since].filter(([, at]) => at === round).map(([id]) => id),
    vendi: now === null || then === null ? null : [now, then],
  };
}
