import { extname } from 'node:path';
import { usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Vectors } from '../compute/vectors.ts';
import type { Json } from './row.ts';

/** Tables of rows to files, streamed: no format builds one giant string. */
export type TableRow = Readonly<Record<string, Json>>;

type TableWriter = (
  columns: readonly string[],
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
) => AsyncIterable<string>;

/** A new format is one function and one line here. */
const TABLES: Readonly<Record<string, TableWriter>> = {
  '.csv': csv,
  '.json': json,
  '.jsonl': jsonl,
};

export const TABLE_FORMATS: readonly string[] = Object.keys(TABLES);

/** Refuses a file name whose format cannot be written, before any work is done. */
export function checkFormat(path: string, formats: readonly string[], flag = '-o'): void {
  const extension = extname(path).toLowerCase();
  if (!formats.includes(extension)) {
    throw usageError(
      `${flag} ${path}: the ending says the format; name a file ending in ${formats.join(', ')}.`,
    );
  }
}

/** Writes rows to a file whose ending says the format; the file appears whole or not at all. */
export async function writeTable(
  path: string,
  columns: readonly string[],
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
): Promise<void> {
  checkFormat(path, TABLE_FORMATS);
  await writeFileAtomic(path, gathered(TABLES[extname(path).toLowerCase()]!(columns, rows)));
}

async function* csv(
  columns: readonly string[],
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
): AsyncIterable<string> {
  yield `${columns.map(csvField).join(',')}\n`;
  for await (const row of rows) {
    yield `${columns.map((column) => csvField(cell(row, column))).join(',')}\n`;
  }
}

/** A row need not have every column. */
const cell = (row: TableRow, column: string): Json =>
  Object.hasOwn(row, column) ? (row[column] ?? null) : null;

/** RFC 4180: quoted where it must be, quotes doubled. Nested values become JSON, null an empty field. */
function csvField(value: Json): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* json(
  columns: readonly string[],
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
): AsyncIterable<string> {
  let before = '[';
  for await (const row of rows) {
    yield `${before}\n${JSON.stringify(inOrder(columns, row))}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

async function* jsonl(
  columns: readonly string[],
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
): AsyncIterable<string> {
  for await (const row of rows) yield `${JSON.stringify(inOrder(columns, row))}\n`;
}

const inOrder = (columns: readonly string[], row: TableRow): TableRow =>
  Object.fromEntries(
    columns.filter((column) => Object.hasOwn(row, column)).map((c) => [c, row[c]!]),
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

/** Writes vectors as a two-dimensional float32 `.npy` (version 1.0, C order, little-endian). */
export async function writeNpy(path: string, vectors: Vectors): Promise<void> {
  const shape = `(${vectors.n}, ${vectors.dims})`;
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(dict, 10, 'latin1');
  header.write('\n', 9 + length, 'latin1');
  function* chunks(): Iterable<Uint8Array> {
    yield header;
    for (const { buffer, byteOffset, byteLength } of vectors.blocks) {
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  }
  await writeFileAtomic(path, chunks());
}
