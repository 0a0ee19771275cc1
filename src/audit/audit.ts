import { usageError } from '../base/errors.ts';
import { formatRows } from '../base/numbers.ts';
import { version } from '../base/package.ts';
import type { Source } from '../data/row.ts';
import { type ArtefactSource, artefactsOf } from '../engine/artefacts.ts';
import { type ColumnGroups, readColumnGroups } from '../engine/column-groups.ts';
import { checkColumns } from '../engine/columns.ts';
import { type Inputs, loadInputs } from '../engine/inputs.ts';
import { labelReader } from '../engine/labels.ts';
import { qualityModels, scoringOf } from '../engine/scoring.ts';
import type { Artefacts } from '../measures/artefacts.ts';
import { DEFAULT_SETTINGS, type Need } from '../measures/measure.ts';
import type { Rows } from '../measures/rows.ts';
import { checkIndex } from '../neighbours/graph.ts';
import { searchLog } from '../neighbours/search-log.ts';
import { saveIndex } from '../novelty/saved-index.ts';
import { type Description, describe } from './describe.ts';
import { distributionsOf } from './distributions.ts';
import { compareAtEqualN } from './equal-n.ts';
import { findingsOf } from './findings.ts';
import { groupsReport } from './groups.ts';
import { withIntervals } from './intervals.ts';
import { checkJudging, judgeOptions, judgingTraits } from './judging.ts';
import { checkControl, controlLength } from './length.ts';
import { drawMap, mapRowsOf } from './map.ts';
import { mapColumns } from './map-columns.ts';
import { runMeasures } from './measure.ts';
import { type AuditOptions, answerColumns, checkOptions, unavailableOf } from './options.ts';
import { planMeasures } from './plan.ts';
import { answersReport, datasetReport, embedderReport, scorersReport } from './provenance.ts';
import type { MapReport, MeasureReport, Report } from './report.ts';
import { rowNumbers } from './row-numbers.ts';
import { sizesOf } from './sizes.ts';
import { tradeoffOf, withRows } from './tradeoff.ts';
import { findWhy, type Why } from './why/why.ts';

export interface AuditResult {
  readonly report: Report;
  /** null when it was not asked for. */
  readonly map: MapReport | null;
}

/** Says what a dataset is made of. Prints nothing; progress comes as events. */
export async function audit(
  input: string | readonly string[],
  options: AuditOptions = {},
): Promise<AuditResult> {
  const sets = [list(input), ...(options.reference === undefined ? [] : [list(options.reference)])];
  // What is mistyped is said before anything is opened; what the rows cannot give, once their kind is known.
  const asked = options.measures ?? 'all';
  const models = qualityModels(options);
  let plan = planMeasures(asked, unavailableOf(options), models);
  checkOptions(options);
  const { prompt, answer: response } = options;
  const scoring = scoringOf(plan.chosen, options, { prompt, response });
  checkIndex(options);
  const labels = options.labels === undefined ? null : labelReader(options.labels);
  let by: ColumnGroups | null = null;
  const inputs = await loadInputs(
    sets,
    options,
    (set, rows) => {
      if (set === 0) labels?.observe(rows);
    },
    async ([dataset]) => {
      plan = planMeasures(asked, unavailableOf(options, dataset!.kind), models);
      const columns = plan.chosen.flatMap(({ column }) => column ?? []);
      await checkColumns(dataset!, columns, options.signal);
      for (const name of ['answer', 'truth', 'prompt'] as const) {
        const asked = options[name];
        if (asked !== undefined) await checkColumns(dataset!, [asked], options.signal, `--${name}`);
      }
      if (options.control !== undefined) checkControl(dataset!);
      if (options.by !== undefined)
        by = await readColumnGroups(dataset!, options.by, options.signal);
      await checkJudging(dataset!, options);
    },
    scoring,
  );
  try {
    const rows = inputs.datasets[0]!.collected.rows;
    if (options.at !== undefined && options.at > 2 * rows.n) {
      throw usageError(
        `--at ${options.at} is more than twice the ${formatRows(rows.n)} that there are; values so far beyond what one has are guesses.`,
      );
    }
    return await finishAudit(inputs, plan, options, (await labels?.finish(rows.n)) ?? null, by);
  } finally {
    await inputs.close();
  }
}

async function finishAudit(
  inputs: Inputs,
  plan: ReturnType<typeof planMeasures>,
  options: AuditOptions,
  labels: readonly string[] | null,
  by: ColumnGroups | null,
): Promise<AuditResult> {
  const { signal, onProgress } = options;
  const seed = options.seed ?? 0;
  const search = searchLog(options);
  const dataset = inputs.datasets[0]!;
  const reference = inputs.datasets[1] ?? null;
  const { rows } = dataset.collected;
  const settings = {
    duplicateAt: options.duplicateAt ?? DEFAULT_SETTINGS.duplicateAt,
    bandwidth: options.bandwidth ?? DEFAULT_SETTINGS.bandwidth,
    buckets: options.buckets ?? DEFAULT_SETTINGS.buckets,
  };
  const { device } = inputs;
  const context = { device, seed, settings, signal };
  const diameter = plan.chosen.some(({ id }) => id === 'diameter');
  const artefacts = artefactsOf(rows, reference?.collected.rows ?? null, {
    device,
    seed,
    extremes: diameter,
    traits: [...plan.chosen.map(({ id }) => id), ...judgingTraits(options)],
    answers: answerColumns(options),
    judge: judgeOptions(options, dataset.dataset.kind),
    ...search,
    clusters: options.clusters,
    ...(labels === null ? {} : { labels }),
    signal,
    onProgress,
  });

  const measured = await runMeasures(plan.chosen, artefacts, context);
  const values = await withIntervals(plan.chosen, artefacts, measured, context);
  const sizes =
    options.curves === false && options.at === undefined
      ? {}
      : await sizesOf(plan.chosen, artefacts, values, context, options.at);
  const compared =
    reference === null
      ? {}
      : await compareAtEqualN(rows, reference.collected.rows, plan.chosen, values, context, search);

  const groups =
    by === null
      ? null
      : await groupsReport(rows, await artefacts('spectrum'), by, {
          ...{ device, seed, signal, onProgress },
        });

  const length =
    options.control === undefined
      ? null
      : await controlLength(
          [dataset, ...(reference === null ? [] : [reference])].map(({ collected }, i) => ({
            name: i === 0 ? 'dataset' : 'reference',
            rows: collected.rows,
            values: i === 0 ? values : null,
          })),
          plan.chosen,
          { context, search, inputs: { ...options, device } },
        );

  const needs = new Set<Need>(plan.chosen.flatMap(({ family }) => family.needs));
  // Where coverage is asked for, the report says which regions nothing covers and what each row alone covers.
  if (plan.chosen.some(({ id }) => id === 'coverage')) needs.add('nearestRows').add('regions');
  const shownToo = {
    cells: needs.has('cells') || needs.has('archive'),
    front: needs.has('objectives'),
  };
  const tradeoff =
    options.quality === undefined
      ? null
      : await tradeoffOf(artefacts, shownToo, context, onProgress);
  const wants = <N extends Need>(need: N): Promise<Artefacts[N] | null> =>
    needs.has(need) ? artefacts(need) : Promise.resolve(null);
  // Clusters name what the report shows; a report of a few numbers asked for by id needs none.
  const clusters = options.map === false ? await wants('clusters') : await artefacts('clusters');
  const graph = await wants('cosineNeighbours');
  const searched = [graph, await wants('neighbours'), (await wants('reference'))?.neighbours];
  const graphs = searched.filter((found) => found != null);
  const shown =
    options.map === false
      ? { dataset: new Int32Array(0), reference: new Int32Array(0) }
      : mapRowsOf(rows, reference?.collected.rows ?? null);
  const nearestRows = await wants('nearestRows');
  const why = await findWhy(
    dataset.collected,
    {
      ...{ moments: needs.has('spectrum') ? await artefacts('moments') : null, clusters, graph },
      ...{ neighbours: await wants('neighbours'), templates: await wants('templates') },
      ...{ reference: await wants('reference'), nearestRows },
    },
    settings.duplicateAt,
    { device, signal },
  );
  const description = await describe(
    dataset,
    reference,
    { clusters, graph, regions: await wants('regions'), nearestRows, cover: why.cover },
    shown,
    [
      ...plan.chosen.flatMap(({ id }) => values[id]!.rows ?? []),
      ...(tradeoff?.front?.rows ?? []).map(({ row }) => row),
      ...why.shown,
    ],
    signal,
  );
  const map =
    options.map === false
      ? null
      : await mapReport(
          inputs,
          shown,
          description,
          {
            perRow: why.perRow,
            numbers: await rowNumbers(artefacts, plan.chosen, options.quality !== undefined),
          },
          artefacts,
          graph !== null,
          options,
        );
  if (options.saveIndex !== undefined) {
    await saveIndex(options.saveIndex, dataset, inputs, { seed, signal, onProgress });
  }

  const measures: Record<string, MeasureReport> = {};
  for (const { id, axis, section, title, more } of plan.chosen) {
    const comparison = compared[id];
    const { rows: examples, ...value } = values[id]!;
    const size = sizes[id];
    measures[id] = {
      ...value,
      axis,
      ...(section === null ? {} : { section }),
      title,
      more,
      ...(examples === undefined ? {} : { examples: examples.map(description.show) }),
      ...(size === undefined ? {} : { size }),
      ...(comparison === undefined ? {} : { compared: comparison }),
    };
  }
  const facts = {
    dataset: datasetReport(dataset, inputs),
    reference: reference === null ? null : datasetReport(reference, inputs),
    space: options.space ?? 'cosine',
    measures,
    description,
    curve: tradeoff?.curve ?? null,
    why: why.report(description.show, description.clusters, description.meanDistance),
    length,
  };
  const report: Report = {
    schema: 'gamut.report/1',
    gamut: version(),
    dataset: facts.dataset,
    reference: facts.reference,
    embedder: embedderReport(inputs),
    ...scorersReport(inputs),
    settings: {
      seed,
      space: options.space ?? 'cosine',
      measures: options.measures ?? 'all',
      ...settings,
      ...(options.answer === undefined ? {} : { answers: answersReport(options) }),
      ...(options.quality === undefined ? {} : { quality: options.quality }),
      ...(options.cells === undefined ? {} : { cells: options.cells }),
      ...(options.pareto === undefined ? {} : { pareto: options.pareto }),
      clusters: clusters === null ? null : { k: clusters.k, source: clusters.source },
      ...(options.by === undefined ? {} : { by: options.by }),
      ...(options.control === undefined ? {} : { control: options.control }),
    },
    findings: findingsOf(facts),
    measures,
    skipped: plan.skipped,
    warnings: [
      ...inputs.warnings,
      ...unreadAnswers(dataset.dataset.sources[0]!, options),
      ...warningsOf(rows),
      ...search.warnings(graphs.map((found) => found.index)),
    ],
    index: graphs[0] === undefined ? null : { ...graphs[0].index, k: graphs[0].k },
    clusters: description.clusters,
    nearestPairs: description.nearestPairs,
    uncovered: description.uncovered,
    why: facts.why,
    ...(groups === null ? {} : { groups }),
    ...(tradeoff === null ? {} : { tradeoff: withRows(tradeoff, description.show) }),
    distributions: await distributionsOf(artefacts, {
      ...{ device, seed, signal, needs },
      tokens: dataset.collected.tokens,
      referenceTokens: reference?.collected.tokens ?? null,
    }),
    ...(length === null ? {} : { length }),
  };
  return { report, map };
}

async function mapReport(
  inputs: Inputs,
  shown: { readonly dataset: Int32Array; readonly reference: Int32Array },
  description: Description,
  known: {
    readonly perRow: Why['perRow'];
    readonly numbers: Awaited<ReturnType<typeof rowNumbers>>;
  },
  artefacts: ArtefactSource,
  hasGraph: boolean,
  options: AuditOptions,
): Promise<MapReport> {
  const { signal, onProgress } = options;
  const dataset = inputs.datasets[0]!.collected;
  const reference = inputs.datasets[1]?.collected ?? null;
  const points = await drawMap(
    dataset.rows,
    reference?.rows ?? null,
    shown,
    await artefacts('clusters'),
    hasGraph ? () => artefacts('cosineNeighbours') : null,
    {
      ...{ device: inputs.device, seed: options.seed ?? 0, signal, onProgress },
      ...{ index: options.index, recall: options.recall },
    },
  );
  return {
    engine: 'UMAP',
    ...points,
    ids: [
      ...Array.from(shown.dataset, (row) => dataset.ids[row]!),
      ...Array.from(shown.reference, (row) => reference!.ids[row]!),
    ],
    texts: [
      ...Array.from(shown.dataset, (row) => description.texts.get(row) ?? null),
      ...Array.from(shown.reference, (row) => description.referenceTexts.get(row) ?? null),
    ],
    of: dataset.rows.n,
    columns: mapColumns(dataset, description.columns, shown, {
      graph: hasGraph ? await artefacts('cosineNeighbours') : null,
      ...known,
      sources: inputs.datasets[0]!.dataset.sources,
    }),
  };
}

/** Answers that are checked, but are no part of the texts that all else is measured of. */
function unreadAnswers(
  { textColumns: columns }: Source,
  { text, answer }: Pick<AuditOptions, 'text' | 'answer'>,
): string[] {
  if (answer === undefined || text !== undefined || columns.length === 0) return [];
  if (columns.some((column) => answer === column || answer.startsWith(`${column}.`))) return [];
  return [
    `Texts are ${columns.join(' and ')} without ${answer}, whose answers are checked; --text ${answer} measures the answers.`,
  ];
}

function warningsOf(rows: Rows): string[] {
  const warnings: string[] = [];
  if (rows.n < 100) {
    warnings.push(`Only ${formatRows(rows.n)}: most numbers say little below a hundred.`);
  }
  return warnings;
}

const list = (input: string | readonly string[]): readonly string[] =>
  typeof input === 'string' ? [input] : input;
