import type { TableColumn } from '../kinds.ts';
import type { Json } from '../row.ts';
import { cell, type TableRow, type TableRows } from './table.ts';

/** Tables as text. RFC 4180 for CSV; JSON as an array with a row a line, or as lines. */

export async function* csv(columns: readonly TableColumn[], rows: TableRows) {
  yield* gathered(csvLines(columns, rows));
}

async function* csvLines(columns: readonly TableColumn[], rows: TableRows): AsyncIterable<string> {
  yield `${columns.map(({ name }) => csvField(name)).join(',')}\n`;
  for await (const row of rows) {
    yield `${columns.map(({ name }) => csvField(cell(row, name))).join(',')}\n`;
  }
}

/** Quoted where it must be, quotes doubled. Nested values become JSON, null an empty field. */
function csvField(value: Json): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function* json(columns: readonly TableColumn[], rows: TableRows) {
  yield* gathered(jsonItems(columns, rows));
}

async function* jsonItems(columns: readonly TableColumn[], rows: TableRows): AsyncIterable<string> {
  let before = '[';
  for await (const row of rows) {
    yield `${before}\n${JSON.stringify(inOrder(columns, row))}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

export async function* jsonl(columns: readonly TableColumn[], rows: TableRows) {
  yield* gathered(jsonLines(columns, rows));
}

async function* jsonLines(columns: readonly TableColumn[], rows: TableRows): AsyncIterable<string> {
  for await (const row of rows) yield `${JSON.stringify(inOrder(columns, row))}\n`;
}

const inOrder = (columns: readonly TableColumn[], row: TableRow): TableRow =>
  Object.fromEntries(
    columns.filter(({ name }) => Object.hasOwn(row, name)).map(({ name }) => [name, row[name]!]),
  );

/** Joins small chunks: a write per row would cost more than making it. */
async function* gathered(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let waiting = '';
  for await (const chunk of chunks) {
    waiting += chunk;
    if (waiting.length < 1 << 16) continue;
    yield waiting;
    waiting = '';
  }
  yield waiting;
}
