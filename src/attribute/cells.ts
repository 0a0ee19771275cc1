import { inputError } from '../base/errors.ts';
import { formatRows } from '../base/numbers.ts';
import type { Side } from '../compare/sides.ts';
import { subsetOf } from '../engine/artefacts.ts';
import { columnsOf } from '../engine/columns.ts';
import type { Loaded } from '../engine/inputs.ts';
import type { Factor } from './design.ts';

/** Fewer rows a cell than this give no interval, and so no effect. */
export const LEAST_ROWS = 16;
const MOST_CELLS = 128;

export interface Cell {
  readonly side: Side;
  /** The number of its level of each factor. */
  readonly levels: readonly number[];
}

/** Combinations of the factors' values that have rows enough, and what was left out. */
export interface Table {
  readonly factors: readonly Factor[];
  readonly cells: readonly Cell[];
  readonly warnings: readonly string[];
}

export async function cellsOf(
  from: Loaded,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Table> {
  const { rows } = from.collected;
  const columns = columnsOf(rows, null, signal);
  const values: (readonly string[])[] = [];
  for (const name of names) {
    const column = await columns.of(name);
    const missing = column.indexOf(null);
    if (missing >= 0) {
      throw inputError(`Row ${missing + 1} has no value in column '${name}'; every row needs one.`);
    }
    values.push(column as readonly string[]);
  }
  const all = Array.from({ length: rows.n }, (_, row) => row);
  checkLevels(factorsOf(names, values, all), '');
  const few: number[][] = [];
  const many: number[][] = [];
  for (const own of combinations(values, all)) (own.length < LEAST_ROWS ? few : many).push(own);
  const kept = many.flat().sort((a, b) => a - b);
  const nameOf = (row: number): string => values.map((column) => column[row]!).join(', ');
  if (kept.length === 0) {
    const [largest] = few.sort((a, b) => b.length - a.length);
    throw inputError(
      `No combination of ${names.join(', ')} has ${LEAST_ROWS} rows; the largest, ${nameOf(largest![0]!)}, has ${largest!.length}. Name fewer factors, or put values together.`,
    );
  }
  const factors = factorsOf(names, values, kept);
  checkLevels(factors, ` in combinations of ${LEAST_ROWS} rows or more`);
  if (many.length > MOST_CELLS) {
    throw inputError(
      `The factors make ${many.length} combinations; ${MOST_CELLS} are the most. Name fewer factors, or put values together.`,
    );
  }
  const cells = many
    .map((indices): Cell => {
      const levels = factors.map(({ levels: of }, f) => of.indexOf(values[f]![indices[0]!]!));
      const own = subsetOf(rows, Int32Array.from(indices));
      const ids = indices.map((row) => from.collected.ids[row]!);
      const side: Side = { name: nameOf(indices[0]!), role: 'dataset', rows: own, ids, from };
      return { levels, side };
    })
    .sort((a, b) => compareLevels(a.levels, b.levels));
  const named = few.slice(0, 3).map((own) => `${nameOf(own[0]!)} (${own.length})`);
  const warnings =
    few.length === 0
      ? []
      : [
          `${formatRows(few.length, 'combination')} with fewer than ${LEAST_ROWS} rows ${few.length === 1 ? 'was' : 'were'} left out, ${formatRows(rows.n - kept.length)} in all: ${named.join('; ')}${few.length > named.length ? '; …' : ''}.`,
        ];
  return { factors, cells, warnings };
}

/** The rows of every combination of values, in the order of their first rows. */
function combinations(values: readonly (readonly string[])[], rows: readonly number[]): number[][] {
  const members = new Map<string, number[]>();
  for (const row of rows) {
    const key = JSON.stringify(values.map((column) => column[row]!));
    const known = members.get(key);
    if (known === undefined) members.set(key, [row]);
    else known.push(row);
  }
  return [...members.values()];
}

const factorsOf = (
  names: readonly string[],
  values: readonly (readonly string[])[],
  rows: readonly number[],
): Factor[] =>
  names.map((name, f) => ({
    name,
    levels: [...new Set(rows.map((row) => values[f]![row]!))].sort(byNumber),
  }));

function checkLevels(factors: readonly Factor[], where: string): void {
  for (const { name, levels } of factors) {
    if (levels.length > 1) continue;
    throw inputError(
      `Column '${name}' has one value only${where} (${levels[0]}), so it can have no effect; leave it out of --factors.`,
    );
  }
}

const compareLevels = (a: readonly number[], b: readonly number[]): number =>
  a.map((level, f) => level - b[f]!).find((difference) => difference !== 0) ?? 0;

/** Numbers by size, all else by its letters. */
const byNumber = (a: string, b: string): number => {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  return a < b ? -1 : 1;
};
