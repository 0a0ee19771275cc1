import { GROUPS } from '../stats/groups.ts';
import { distributionOf } from '../stats/quantiles.ts';
import { type About, type Axis, family, type Measure, type Section } from './measure.ts';
import type { Rows } from './rows.ts';
import type { TextView } from './text-view.ts';
import { estimated, missing, type Value } from './value.ts';

/**
 * Traits: numbers that a row's text has by itself, whatever the other rows are. All those asked for are
 * read in one pass over the texts, and kept as columns, 8 bytes a row each.
 */
export interface Traits {
  /** Columns in the order of the ids, one number a row; NaN where a row has none. */
  of(ids: readonly string[]): Promise<readonly Float64Array[]>;
}

export interface Trait {
  readonly about: About;
  /** null where the text has no such number. */
  readonly of: (view: TextView) => number | null;
  /** Whether only the prompt is read where a row is a prompt and a response to it. */
  readonly ofPrompt?: boolean;
  /** Which rows have one, where not all do: 'rows in English'. */
  readonly only?: string;
  /** Rows with this number are worth looking at; the value names a few. */
  readonly examples?: number;
}

/** A family whose measures are means of traits. */
export interface TraitFamily extends Measure<'traits' | 'rows'> {
  readonly traits: Readonly<Record<string, Trait>>;
}

export function traitFamily(made: {
  readonly family: string;
  readonly axis: Axis;
  readonly section?: Section;
  readonly traits: Readonly<Record<string, Trait>>;
}): TraitFamily {
  const { traits, ...named } = made;
  const ids = Object.keys(traits);
  const measures = Object.fromEntries(ids.map((id) => [id, traits[id]!.about]));
  const plain = family({
    ...named,
    needs: ['traits', 'rows'],
    at: { identical: 'same', duplicated: 'same' },
    measures,
    async finish({ traits: columns, rows }) {
      const found = await columns.of(ids);
      return Object.fromEntries(ids.map((id, i) => [id, traitValue(traits[id]!, found[i]!, rows)]));
    },
    // A mean is expected to be the same on any number of the rows.
    async rarefy({ traits: columns }) {
      const found = await columns.of(ids);
      return Object.fromEntries(ids.map((id, i) => [id, meanOf(found[i]!)]));
    },
  });
  return { ...plain, traits };
}

function traitValue(trait: Trait, column: Float64Array, rows: Rows): Value {
  const value = presentMean(column, rows, rangeOf(trait), trait.only);
  return trait.examples === undefined
    ? value
    : { ...value, ...examplesOf(column, rows, trait.examples) };
}

const EXAMPLES = 3;

/** The first rows with this number, in the order of their content's hash. */
export function examplesOf(
  column: Float64Array,
  { order }: Pick<Rows, 'order'>,
  number: number,
): Pick<Value, 'rows'> {
  const rows: number[] = [];
  for (const row of order) {
    if (rows.length === EXAMPLES) break;
    if (column[row] === number) rows.push(row);
  }
  return rows.length === 0 ? {} : { rows };
}

const rangeOf = ({ about: { range } }: Trait): readonly [number, number] => [
  range[0],
  Number(range[1]),
];

/** The mean of the numbers that there are; null where there are none. */
export function meanOf(column: Float64Array): number | null {
  const present = column.filter((number) => !Number.isNaN(number));
  return present.length === 0 ? null : present.reduce((sum, x) => sum + x, 0) / present.length;
}

/** The mean of the numbers that there are, with its interval and their distribution. */
export function presentMean(
  column: Float64Array,
  { n, groups, sizes }: Pick<Rows, 'n' | 'groups' | 'sizes'>,
  range: readonly [number, number],
  only = 'rows with a text',
): Value {
  if (n === 0) return missing(0, 'no rows');
  const sums = new Float64Array(GROUPS);
  const counts = new Int32Array(GROUPS);
  for (let i = 0; i < n; i += 1) {
    if (Number.isNaN(column[i]!)) continue;
    sums[groups[i]!]! += column[i]!;
    counts[groups[i]!]! += 1;
  }
  const count = counts.reduce((a, b) => a + b, 0);
  if (count === 0) return missing(n, `there are no ${only}`);
  const sum = sums.reduce((a, b) => a + b, 0);
  const without = Array.from(sums, (part, g) =>
    count === counts[g] ? null : (sum - part) / (count - counts[g]!),
  );
  const value = estimated(sum / count, without, count === n ? sizes : counts, n, range);
  const words = count === n ? [] : [`only ${only} count: ${count} of ${n}`];
  const why = [...(value.why === undefined ? [] : [value.why]), ...words].join('; ');
  const distribution = distributionOf(column);
  return {
    ...value,
    ...(why === '' ? {} : { why }),
    ...(distribution === null ? {} : { distribution }),
  };
}
