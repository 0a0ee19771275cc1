import { readFile } from 'node:fs/promises';
import type { Report } from '../audit/report.ts';
import { inputError, messageOf, usageError } from '../base/errors.ts';
import type { CompareReport } from '../compare/report.ts';
import { parsed, type Run, type RunValue, readStore, recipesOf, writeStore } from './store.ts';

export interface RecordOptions {
  /** The file that runs are kept in. */
  readonly store: string;
  /** What tells the run from others of its recipe. Default: what was measured. */
  readonly name?: string | undefined;
  /** Of a comparison: which of its datasets the run is. */
  readonly dataset?: string | undefined;
}

/** Keeps what an audit (report.json) or a comparison says of a run; one of the same name gives way to it. */
export async function recordRun(
  recipe: string,
  reportPath: string,
  { store, name, dataset }: RecordOptions,
): Promise<Run> {
  const file = await readStore(store);
  const known = recipesOf(file);
  if (!known.some(({ id }) => id === recipe)) {
    throw usageError(
      `There is no recipe '${recipe}' (${known.map(({ id }) => id).join(', ')}); add your own under "recipes" in ${store}.`,
    );
  }
  const found = await readReport(reportPath);
  const measured =
    found.schema === 'gamut.compare/1'
      ? ofComparison(found, dataset, reportPath)
      : ofAudit(found, dataset, reportPath);
  const run: Run = { recipe, ...measured, name: name ?? measured.name };
  const others = file.runs.filter((one) => !(one.recipe === recipe && one.name === run.name));
  await writeStore(store, { ...file, runs: [...others, run] });
  return run;
}

async function readReport(path: string): Promise<Report | CompareReport> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw inputError(`Could not read ${path}: ${messageOf(error)}.`, { cause: error });
  }
  const found = parsed(text, path) as Partial<Report | CompareReport> | null;
  const { schema } = found ?? {};
  if (schema !== 'gamut.report/1' && schema !== 'gamut.compare/1') {
    throw inputError(
      `${path} is no report of gamut audit --json or gamut compare --json (its schema: ${String(schema)}).`,
    );
  }
  return found as Report | CompareReport;
}

type Measured = Omit<Run, 'recipe'>;

/** With `--at` the audit's values at that number of rows, which have no interval; else those of all rows. */
function ofAudit(report: Report, dataset: string | undefined, path: string): Measured {
  if (dataset !== undefined) throw usageError('--dataset is for reports of gamut compare.');
  const measures = Object.entries(report.measures);
  const at = measures.map(([, { size }]) => size?.at?.n).find((n) => n !== undefined);
  const n = at ?? report.dataset.rows;
  const values: Record<string, RunValue> = {};
  for (const [id, { axis, more, value, interval, n: own, size }] of measures) {
    if (at !== undefined && at !== report.dataset.rows) {
      if (size?.at !== undefined) {
        values[id] = { axis, more, value: size.at.value, interval: null };
      }
    } else if (value !== null && own === n) values[id] = { axis, more, value, interval };
  }
  const name = report.dataset.sources.map((source) => source.path).join(' + ');
  return {
    name,
    gamut: report.gamut,
    n,
    terms: termsOf(report, report.settings),
    values: some(values, path),
  };
}

function ofComparison(report: CompareReport, asked: string | undefined, path: string): Measured {
  const names = report.datasets.map(({ name }) => name);
  const place = names.indexOf(asked ?? '');
  if (place < 0) {
    throw usageError(`Say which dataset of ${path} it is with --dataset: ${names.join(', ')}.`);
  }
  const values: Record<string, RunValue> = {};
  for (const [id, { axis, more, values: all }] of Object.entries(report.measures)) {
    const { value, interval } = all[place]!;
    if (value !== null) values[id] = { axis, more, value, interval };
  }
  const { gamut, n, settings } = report;
  return {
    name: names[place]!,
    gamut,
    n,
    terms: termsOf(report, settings),
    values: some(values, path),
  };
}

/** Settings that change what numbers mean; the seed does not. */
function termsOf(
  { embedder }: Pick<Report, 'embedder'>,
  {
    space,
    duplicateAt,
    bandwidth,
  }: Pick<Report['settings'], 'space' | 'duplicateAt' | 'bandwidth'>,
): Run['terms'] {
  const model = embedder === null ? 'vectors as given' : embedder.model;
  return {
    model,
    weights: embedder?.hash ?? null,
    prefix: embedder?.prefix ?? null,
    space,
    duplicateAt,
    bandwidth,
  };
}

function some<T extends object>(values: T, path: string): T {
  if (Object.keys(values).length > 0) return values;
  throw inputError(`${path} has no measure with a value; audit with --measures all or fast.`);
}
