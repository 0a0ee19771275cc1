import { usageError } from '../base/errors.ts';
import type { Need } from '../measures/measure.ts';
import { findMeasure, type Listed, MEASURES, measuresOfModel } from '../measures/registry.ts';

/** What an input offers: artefacts that it cannot give, with the reason. */
export type Unavailable = Partial<Readonly<Record<Need, string>>>;

export interface Plan {
  readonly chosen: readonly Listed[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Which measures to compute: `all`, `fast` (nothing quadratic), ids, or one of the former and ids. All
 * and fast leave out what the input cannot give and say so; an id that was asked for by name and cannot be given is an error.
 * `models` are the names of the quality models that read the rows.
 */
export function planMeasures(
  asked: string,
  unavailable: Unavailable,
  models: readonly string[] = [],
): Plan {
  const reason = ({ family }: Listed): string | undefined =>
    family.needs.map((need) => unavailable[need]).find((why) => why !== undefined);
  const ids = asked
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) throw usageError(`--measures is empty; give all, fast or ids.`);
  const chosen = new Set<Listed>();
  const skipped = new Map<string, string>();
  for (const id of ids) {
    if (id === 'all' || id === 'fast') {
      const known = [...MEASURES, ...models.flatMap(measuresOfModel)];
      for (const measure of known.filter(({ fast }) => fast || id === 'all')) {
        const why = reason(measure);
        if (why === undefined) chosen.add(measure);
        else skipped.set(measure.id, why);
      }
    } else chosen.add(named(id, reason, models));
  }
  return { chosen: [...chosen], skipped: Array.from(skipped, ([id, why]) => ({ id, why })) };
}

function named(
  id: string,
  reason: (measure: Listed) => string | undefined,
  models: readonly string[],
): Listed {
  const measure = findMeasure(id);
  if (measure === undefined) {
    throw usageError(`There is no measure '${id}'${hint(id)}; gamut measures lists them.`);
  }
  const why = reason(measure);
  if (why !== undefined) throw usageError(`Measure ${id} cannot be given: ${why}.`);
  if (measure.model !== null && !models.includes(measure.model)) {
    throw usageError(
      `Measure ${id} cannot be given: no --quality-model is called ${measure.model} (given: ${models.join(', ')}).`,
    );
  }
  return measure;
}

/** The measure whose name is nearest, for typing errors. */
function hint(id: string): string {
  const found = MEASURES.map((measure) => ({ id: measure.id, edits: distance(id, measure.id) }))
    .sort((a, b) => a.edits - b.edits)
    .at(0);
  return found !== undefined && found.edits <= 3 ? ` (did you mean ${found.id}?)` : '';
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
