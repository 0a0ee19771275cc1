import type { TableColumn } from '../kinds.ts';
import type { Json } from '../row.ts';

export type TableRow = Readonly<Record<string, Json>>;
export type TableRows = AsyncIterable<TableRow> | Iterable<TableRow>;

/** A format of tables: columns and rows in, pieces of the file out. Nothing but a piece is held. */
export type TableWriter = (
  columns: readonly TableColumn[],
  rows: TableRows,
) => AsyncIterable<string | Uint8Array>;

/** A row need not have every column. */
export const cell = (row: TableRow, column: string): Json =>
  Object.hasOwn(row, column) ? (row[column] ?? null) : null;
