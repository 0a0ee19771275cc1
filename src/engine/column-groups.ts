import { inputError } from '../base/errors.ts';
import { formatCount, formatRows } from '../base/numbers.ts';
import { valueAt } from '../data/columns.ts';
import type { Dataset } from '../data/row.ts';
import { nameOf } from './collect.ts';
import { checkColumns, labelOf, rowsByValue } from './columns.ts';

/** Rows by the value of a column. */
export interface ColumnGroups {
  readonly column: string;
  /** Different values; rows without one not counted. */
  readonly values: number;
  /** Numbers by size; all else the largest group first. Then the rest, then the rows without a value. */
  readonly groups: readonly ColumnGroup[];
}

export interface ColumnGroup {
  /** null: of 'other' and 'none'. */
  readonly name: string | null;
  /** 'other': the rows of all smaller groups; 'none': rows that have no value in the column. */
  readonly kind: 'value' | 'other' | 'none';
  /** In ascending order. */
  readonly rows: Int32Array;
}

/** Groups that are looked at one by one; more no one reads. */
export const MOST_GROUPS = 32;

/**
 * Reads a column before anything is embedded, since a column by which rows do not fall into groups is
 * refused. Numbers are categories like all else.
 */
export async function readColumnGroups(
  dataset: Dataset,
  column: string,
  signal?: AbortSignal,
): Promise<ColumnGroups> {
  await checkColumns(dataset, [column], signal, '--by');
  const values: (string | null)[] = [];
  for await (const { columns } of dataset.rows({ signal })) {
    values.push(labelOf(valueAt(columns, column)));
  }
  const members = rowsByValue(values);
  const without = members.get(null);
  members.delete(null);
  const found = [...members] as [string, number[]][];
  const alone = found.filter(([, rows]) => rows.length === 1).length;
  if (found.length > 1 && 2 * alone > values.length) {
    throw inputError(
      `Column '${column}' of ${nameOf(dataset)} has ${formatCount(found.length)} different values in ${formatRows(values.length)}: a group of one row has no diversity of its own. Name a column in --by whose values recur.`,
    );
  }
  found.sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const kept = found.slice(0, MOST_GROUPS);
  const rest = found.slice(MOST_GROUPS).flatMap(([, rows]) => rows);
  const numbers = kept.every(([name]) => Number.isFinite(Number(name)));
  if (numbers) kept.sort(([a], [b]) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return {
    column,
    values: found.length,
    groups: [
      ...kept.map(([name, rows]) => group(name, 'value', rows)),
      ...(rest.length === 0 ? [] : [group(null, 'other', rest)]),
      ...(without === undefined ? [] : [group(null, 'none', without)]),
    ],
  };
}

const group = (
  name: string | null,
  kind: ColumnGroup['kind'],
  rows: readonly number[],
): ColumnGroup => ({ name, kind, rows: Int32Array.from(rows).sort() });
