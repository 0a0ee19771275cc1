import { inputError, usageError } from '../base/errors.ts';
import { subsetOf } from '../engine/artefacts.ts';
import { columnsOf, rowsByValue } from '../engine/columns.ts';
import type { Inputs, Loaded } from '../engine/inputs.ts';
import type { Rows } from '../measures/rows.ts';

/** One of the datasets that are compared: a column of the table. */
export interface Side {
  readonly name: string;
  /** The reference is measured beside the others; it takes no rank. */
  readonly role: 'dataset' | 'reference';
  readonly rows: Rows;
  /** Ids of these rows. */
  readonly ids: readonly string[];
  readonly from: Loaded;
}

/** More columns than this no one reads. */
const MOST_SIDES = 32;

export interface SideOptions {
  /** A column whose values are the datasets: the inputs are then one set of rows. */
  readonly by?: string | undefined;
  readonly names: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** The datasets as they are compared, the reference last. `inputs` has them in that order. */
export async function sidesOf(
  inputs: Inputs,
  hasReference: boolean,
  options: SideOptions,
): Promise<Side[]> {
  const { by, names, signal } = options;
  const loaded = [...inputs.datasets];
  const reference = hasReference ? loaded.pop()! : null;
  const sides: Side[] =
    by === undefined
      ? loaded.map((from, i) => ({ ...whole(from), name: names[i]! }))
      : await splitBy(loaded[0]!, by, signal);
  if (sides.length < 2) {
    throw usageError(
      by === undefined
        ? 'There is one dataset; give two or more, or --by COLUMN to compare the groups of one.'
        : `Column '${by}' has one value only; two are needed to compare.`,
    );
  }
  if (sides.length > MOST_SIDES) {
    throw usageError(`${sides.length} datasets are more than ${MOST_SIDES}; compare fewer.`);
  }
  if (reference !== null) sides.push({ ...whole(reference), name: 'reference', role: 'reference' });
  return sides;
}

const whole = (from: Loaded): Side => ({
  name: '',
  role: 'dataset',
  rows: from.collected.rows,
  ids: from.collected.ids,
  from,
});

async function splitBy(from: Loaded, by: string, signal: AbortSignal | undefined): Promise<Side[]> {
  const { rows } = from.collected;
  const values = await columnsOf(rows, null, signal).of(by);
  const members = rowsByValue(values);
  const without = members.get(null)?.[0];
  if (without !== undefined) {
    throw inputError(
      `Row ${without + 1} has no value in column '${by}'; --by needs one in every row.`,
    );
  }
  return [...members].map(([name, indices]) => ({
    ...{ name: name!, role: 'dataset', from },
    rows: subsetOf(rows, Int32Array.from(indices)),
    ids: indices.map((row) => from.collected.ids[row]!),
  }));
}

/**
 * Short names that tell the inputs apart: their file names without the extension and without a last part
 * that all share (`_predictions`), with as many folders before them as it takes.
 */
export function namesOf(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[\\/]/u).filter((part) => part !== ''));
  const name = (depth: number): string[] =>
    parts.map((all) =>
      all
        .slice(-depth)
        .join('/')
        .replace(/(\.(gz|zst))?$/u, '')
        .replace(/\.[a-z]{2,8}$/u, ''),
    );
  const deepest = Math.max(...parts.map((all) => all.length));
  for (let depth = 1; depth <= deepest; depth += 1) {
    const names = name(depth);
    if (new Set(names).size === names.length) return withoutSharedEnd(names);
  }
  return paths.map((path, i) => `${i + 1}: ${path}`);
}

/** Only whole words after a mark that separates them, and never all of a name. */
function withoutSharedEnd(names: readonly string[]): string[] {
  const [first = '', ...others] = names;
  let shared = 0;
  for (let length = 1; length < first.length; length += 1) {
    const end = first.slice(-length);
    if (!others.every((name) => name.endsWith(end) && name.length > length)) break;
    if (/^[-_. ]\p{L}/u.test(end)) shared = length;
  }
  return names.map((name) => name.slice(0, name.length - shared));
}
