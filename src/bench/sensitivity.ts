import { usageError } from '../base/errors.ts';
import { agreementOf } from './agreement.ts';
import { orderOf } from './conclusions.ts';
import { ask, commonFacts, describeSetup, type Found, findAll } from './evaluate.ts';
import type { Robustness, SensitivityReport } from './report.ts';
import { type EmbeddersOptions, measuresOf, rowsOf, setupsOf } from './settings.ts';
import { spearman } from './statistics.ts';

/** Rows of each dataset, unless others are asked for. */
const ROWS = 1000;

/** How far conclusions about datasets depend on the embedder that they were drawn with. */
export async function sensitivity(
  inputs: readonly string[],
  options: EmbeddersOptions = {},
): Promise<SensitivityReport> {
  const setups = setupsOf(options);
  if (setups.length < 2) {
    throw usageError('Sensitivity is about several embedders; name two or more with --models.');
  }
  const question = await ask(inputs, rowsOf(options, ROWS), measuresOf(options), options);
  const { found, skipped } = await findAll(setups, question, options);
  if (found.length < 2) {
    throw usageError(`Only ${setups[0]!.name} could be opened: ${skipped[0]!.why}`);
  }
  const baseline = found[0]!;
  return {
    schema: 'gamut.sensitivity/1',
    ...(await commonFacts(question, baseline, options.signal)),
    setups: found.map((one) => describeSetup(one, baseline, question)),
    skipped,
    robustness: question.chosen.map(({ id }) => robustnessOf(id, found)),
    similarity: found.map((one) =>
      found.map((other) => agreementOf(one.shape, other.shape).similarity),
    ),
  };
}

export function robustnessOf(measure: string, found: readonly Pick<Found, 'values'>[]): Robustness {
  const datasets = found[0]!.values.length;
  const contradicted: { a: number; b: number }[] = [];
  let [decided, unanimous] = [0, 0];
  for (let b = 1; b < datasets; b += 1) {
    for (let a = 0; a < b; a += 1) {
      const orders = found.map(({ values }) => orderOf(values[a]![measure]!, values[b]![measure]!));
      if (orders.every((order) => order === 0)) continue;
      decided += 1;
      if (orders.every((order) => order === orders[0])) unanimous += 1;
      if (orders.includes(1) && orders.includes(-1)) contradicted.push({ a, b });
    }
  }
  return { measure, decided, unanimous, contradicted, lowestCorrelation: lowest(measure, found) };
}

/** null where a dataset has no value, and for fewer than three datasets, whose ranks say nothing more. */
function lowest(measure: string, found: readonly Pick<Found, 'values'>[]): number | null {
  const values = found.map((one) => one.values.flatMap((set) => set[measure]!.value ?? []));
  const datasets = found[0]!.values.length;
  if (datasets < 3 || values.some((some) => some.length < datasets)) return null;
  const correlations: number[] = [];
  for (const [i, some] of values.entries()) {
    for (const others of values.slice(0, i)) {
      const correlation = spearman(some, others);
      if (correlation !== null) correlations.push(correlation);
    }
  }
  return correlations.length === 0 ? null : Math.min(...correlations);
}
