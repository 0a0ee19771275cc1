import { inputError, usageError } from '../base/errors.ts';
import { valueAt } from '../data/columns.ts';
import type { Dataset } from '../data/row.ts';
import type { Answers } from '../measures/answers.ts';
import type { Judged, Objectives } from '../measures/archive.ts';
import type { Columns } from '../measures/artefacts.ts';
import { numbersOf } from '../measures/quality/column.ts';
import { TRAIT_FAMILIES, TRAITS } from '../measures/trait-list.ts';
import type { Traits } from '../measures/traits.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import { checkColumns, LOOKED_AT, labelOf } from './columns.ts';

/** What a number of each row can be read from. */
export interface NumberSources {
  readonly columns: () => Promise<Columns>;
  readonly traits: () => Promise<Traits>;
  /** Whether each row is right; null where no answers and truths were named. */
  readonly marks: (() => Promise<Answers>) | null;
  readonly neighbours: () => Promise<NeighbourGraph>;
}

/** How a name is read: a minus in front turns it around. */
export interface NamedNumber {
  readonly name: string;
  readonly kind: 'correct' | 'trait' | 'nearest' | 'column';
  readonly sign: 1 | -1;
}

export const NEAREST = 'nn-distance';

/** What a name stands for: the right answers, a trait, the distance to the nearest row, or else a column. */
export function namedNumber(asked: string, hasMarks: boolean): NamedNumber {
  const turned = asked.startsWith('-');
  const plain = turned ? asked.slice(1) : asked;
  const name = plain.startsWith('quality:') ? plain.slice('quality:'.length) : plain;
  const sign = turned ? -1 : 1;
  if (plain !== name) return { name, kind: 'column', sign };
  if (name === 'correct' && hasMarks) return { name, kind: 'correct', sign };
  if (name === NEAREST) return { name, kind: 'nearest', sign };
  if (!Object.hasOwn(TRAITS, name)) return { name, kind: 'column', sign };
  const about = TRAIT_FAMILIES.find(({ traits }) => Object.hasOwn(traits, name))?.traits[name];
  // A rule that is broken is the less quality: what there is less of is turned around.
  const less = about?.about.more === 'less' ? -1 : 1;
  return { name, kind: 'trait', sign: less === sign ? 1 : -1 };
}

/** Numbers of the rows, larger is better; NaN where a row has none. */
export async function numbersNamed(
  { name, kind, sign }: NamedNumber,
  sources: NumberSources,
): Promise<Float64Array> {
  const numbers = await plainNumbers(name, kind, sources);
  return sign === 1 ? numbers : numbers.map((number) => -number);
}

async function plainNumbers(
  name: string,
  kind: NamedNumber['kind'],
  { columns, traits, marks, neighbours }: NumberSources,
): Promise<Float64Array> {
  if (kind === 'trait') return (await (await traits()).of([name]))[0]!;
  if (kind === 'column') return numbersOf(await (await columns()).of(name));
  if (kind === 'nearest') {
    const { n, k, distances } = await neighbours();
    return Float64Array.from({ length: n }, (_, i) => (k === 0 ? Number.NaN : distances[i * k]!));
  }
  if (marks === null) throw new Error('correct was planned without answers and truths');
  return (await marks()).marks!;
}

export const wordsOf = ({ name, kind, sign }: NamedNumber): string =>
  `${sign === 1 ? '' : 'minus '}${kind === 'column' ? 'column ' : ''}${name}`;

export async function judgedOf(
  asked: string,
  sources: NumberSources,
  floor: number | undefined,
): Promise<Judged> {
  const named = namedNumber(asked, sources.marks !== null);
  const numbers = await numbersNamed(named, sources);
  return { of: wordsOf(named), numbers, floor: floor ?? floorOf([numbers]) };
}

/** 0, or the lowest number where some are negative. */
export const floorOf = (columns: readonly Float64Array[]): number =>
  columns.reduce((least, column) => column.reduce((a, b) => (b < a ? b : a), least), 0);

/** The objectives of a front: `quality` is what the rows are judged by. */
export async function objectivesOf(
  asked: readonly string[],
  judged: () => Promise<Judged>,
  sources: NumberSources,
): Promise<Objectives> {
  const columns: Float64Array[] = [];
  for (const name of asked) {
    const numbers =
      name === 'quality'
        ? (await judged()).numbers
        : await numbersNamed(namedNumber(name, sources.marks !== null), sources);
    columns.push(numbers);
  }
  return { names: asked, columns };
}

export const OBJECTIVES = ['quality', NEAREST] as const;

/** Names of objectives, as they are asked for with commas. */
export function objectiveNames(asked: string | undefined): readonly string[] {
  if (asked === undefined) return OBJECTIVES;
  const names = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length < 2) throw usageError('--pareto needs two objectives or more, with commas.');
  if (new Set(names).size < names.length) throw usageError('--pareto names an objective twice.');
  return names;
}

/** Refuses names that are no trait and no column with numbers, before any work starts. */
export async function checkNumbers(
  dataset: Dataset,
  asked: readonly string[],
  flag: string,
  hasMarks: boolean,
  signal?: AbortSignal,
): Promise<void> {
  for (const one of asked) {
    const { name, kind } = namedNumber(one, hasMarks);
    if (kind === 'trait' && dataset.kind === 'vectors') {
      throw usageError(`${flag} ${name} is read from texts, and the rows are vectors.`);
    }
    if (kind !== 'column') continue;
    await checkColumns(dataset, [name], signal, flag);
    let rows = 0;
    let found = false;
    for await (const { columns } of dataset.rows({ signal })) {
      found = !Number.isNaN(numbersOf([labelOf(valueAt(columns, name))])[0]!);
      rows += 1;
      if (found || rows === LOOKED_AT) break;
    }
    if (found) continue;
    throw inputError(
      `Column '${name}' has no number in the first ${rows} rows; ${flag} needs numbers, or yes and no.`,
    );
  }
}
