import { inputError } from '../base/errors.ts';
import { valueAt } from '../data/columns.ts';
import type { Dataset, Json } from '../data/row.ts';
import type { Columns } from '../measures/artefacts.ts';
import type { Rows } from '../measures/rows.ts';
import { nameOf } from './collect.ts';

/** Values of columns as strings, each read once; null where a row has none. */
export function columnsOf(rows: Rows, reference: Rows | null, signal?: AbortSignal): Columns {
  const of = once((column) => readColumn(rows, column, signal));
  const other = reference === null ? null : once((column) => readColumn(reference, column, signal));
  return { of, ofReference: (column) => other?.(column) ?? null };
}

type Read = (column: string) => Promise<readonly (string | null)[]>;

function once(read: Read): Read {
  const known = new Map<string, ReturnType<Read>>();
  return (column) => {
    const values = known.get(column) ?? read(column);
    known.set(column, values);
    return values;
  };
}

async function readColumn(
  { n, contents }: Rows,
  column: string,
  signal: AbortSignal | undefined,
): Promise<(string | null)[]> {
  const values: (string | null)[] = [];
  if (contents === null) return Array.from({ length: n }, () => null);
  for await (const block of contents(signal)) {
    for (const { columns } of block) values.push(labelOf(valueAt(columns, column)));
  }
  return values;
}

/** A column's value as a label: strings as they are, all else as JSON. Empty strings are no value. */
export const labelOf = (value: Json | undefined): string | null => {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Which rows have each value, values in the order in which they first occur; null is that of rows without one. */
export function rowsByValue(values: Iterable<string | null>): Map<string | null, number[]> {
  const members = new Map<string | null, number[]>();
  let row = 0;
  for (const value of values) {
    const known = members.get(value);
    if (known === undefined) members.set(value, [row]);
    else known.push(row);
    row += 1;
  }
  return members;
}

/** Rows in which a column must show before it is taken for a mistyped one. */
export const LOOKED_AT = 4096;

/** Refuses columns that none of the first rows has, before any work starts. */
export async function checkColumns(
  dataset: Dataset,
  asked: readonly string[],
  signal?: AbortSignal,
  flag = '--measures',
): Promise<void> {
  const missing = new Set(asked);
  const known = new Set<string>();
  let rows = 0;
  if (missing.size === 0) return;
  for await (const { columns } of dataset.rows({ signal })) {
    for (const name of Object.keys(columns)) known.add(name);
    for (const name of missing) if (labelOf(valueAt(columns, name)) !== null) missing.delete(name);
    rows += 1;
    if (missing.size === 0 || rows === LOOKED_AT) break;
  }
  for (const name of missing) {
    const columns = [...known].slice(0, 20).join(', ') || 'none';
    throw inputError(
      `${nameOf(dataset)} has no value in a column '${name}' (its columns: ${columns}); name another in ${flag}.`,
    );
  }
}
