import { valueAt } from '../data/columns.ts';
import type { Json } from '../data/row.ts';
import type { Columns } from '../measures/artefacts.ts';
import type { Rows } from '../measures/rows.ts';

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
const labelOf = (value: Json | undefined): string | null => {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
