import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { throwIfAborted, usageError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import type { Vectors } from '../compute/vectors.ts';
import type { TableColumn } from './kinds.ts';
import { arrow } from './writers/arrow.ts';
import { parquet } from './writers/parquet.ts';
import type { TableRow, TableRows, TableWriter } from './writers/table.ts';
import { csv, json, jsonl } from './writers/text.ts';
import { npy, parquetVectors, safetensors, type VectorWriter } from './writers/vectors.ts';

export type { TableColumn } from './kinds.ts';
export type { TableRow } from './writers/table.ts';

/** A new format is one function and one line here. */
const TABLES: Readonly<Record<string, TableWriter>> = {
  '.csv': csv,
  '.json': json,
  '.jsonl': jsonl,
  '.parquet': parquet,
  '.arrow': arrow,
};
const VECTORS: Readonly<Record<string, VectorWriter>> = {
  '.npy': npy,
  '.parquet': parquetVectors,
  '.safetensors': safetensors,
};

export const TABLE_FORMATS: readonly string[] = Object.keys(TABLES);
export const VECTOR_FORMATS: readonly string[] = Object.keys(VECTORS);

/** Formats that are text, and are gzipped where `.gz` follows. */
const PACKABLE: ReadonlySet<string> = new Set(['.csv', '.json', '.jsonl']);

/** Refuses a file name whose format cannot be written, before any work is done. */
export function checkFormat(path: string, formats: readonly string[], flag = '-o'): void {
  if (formatOf(path, formats) !== null) return;
  throw usageError(
    `${flag} ${path}: the ending says the format; name a file ending in ${formats.join(', ')}.`,
  );
}

/** Which of the endings a path has; the longest, and for text also under a `.gz`. */
export function formatOf(path: string, formats: readonly string[]): string | null {
  const name = path.toLowerCase();
  const packed = name.endsWith('.gz') ? extname(name.slice(0, -3)) : null;
  if (packed !== null) return PACKABLE.has(packed) && formats.includes(packed) ? packed : null;
  const found = formats.filter((format) => name.endsWith(format));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

export interface WriteOptions extends RunOptions {
  /** How many rows there are, where that is known; only for progress. */
  readonly total?: number | undefined;
}

/** Writes rows to a file whose ending says the format; the file appears whole or not at all. */
export async function writeTable(
  path: string,
  columns: readonly (string | TableColumn)[],
  rows: TableRows,
  options: WriteOptions = {},
): Promise<void> {
  checkFormat(path, TABLE_FORMATS);
  const typed = columns.map((one) => (typeof one === 'string' ? { name: one, kind: null } : one));
  const writer = TABLES[formatOf(path, TABLE_FORMATS)!]!;
  const chunks = writer(typed, watched(path, rows, options));
  await writeFileAtomic(path, path.toLowerCase().endsWith('.gz') ? gzipped(chunks) : chunks);
}

/** Rows between two reports of progress. */
const STEP = 4096;

async function* watched(
  path: string,
  rows: TableRows,
  { signal, onProgress, total }: WriteOptions,
): AsyncGenerator<TableRow> {
  let done = 0;
  for await (const row of rows) {
    yield row;
    done += 1;
    if (done % STEP > 0) continue;
    throwIfAborted(signal);
    onProgress?.({ stage: `writing ${path}`, done, total: total ?? null, unit: 'rows' });
    await breathe();
  }
  onProgress?.({ stage: `writing ${path}`, done, total: done, unit: 'rows' });
}

async function* gzipped(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks);
  const gzip = createGzip();
  source.once('error', (error) => gzip.destroy(error));
  yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
}

/** Writes vectors to a file whose ending says the format. Formats without ids leave them out. */
export async function writeVectors(
  path: string,
  vectors: Vectors,
  ids: readonly string[],
): Promise<void> {
  checkFormat(path, VECTOR_FORMATS);
  await writeFileAtomic(path, VECTORS[formatOf(path, VECTOR_FORMATS)!]!(vectors, ids));
}

/** Writes vectors as a two-dimensional float32 `.npy`. */
export const writeNpy = (path: string, vectors: Vectors): Promise<void> =>
  writeFileAtomic(path, npy(vectors));
