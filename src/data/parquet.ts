import { open, stat } from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet';
import { inputError, messageOf } from '../base/errors.ts';
import type { Bytes } from './bytes.ts';
import type { Columns, Parsed, Reader } from './reader.ts';
import { toJson } from './to-json.ts';
import { listOf, type SchemaColumn, vectorColumn, vectorRow } from './vector-column.ts';

/** Parquet, read a row group at a time: the largest row group is what must fit in memory. */
export const parquet: Reader = {
  extensions: ['.parquet', '.pq'],
  recognises: (head) => head.toString('latin1', 0, 4) === 'PAR1',
  async open(bytes, { wantsText }) {
    const file = await openFile(bytes);
    const metadata = await readFooter(bytes.name, file);
    const { parquetSchema } = await import('hyparquet');
    const columns = parquetSchema(metadata).children.map(columnOf);
    const column = wantsText ? null : vectorColumn(columns);
    const groups = (): AsyncGenerator<Group> => rowGroups(bytes.name, file, metadata);
    if (column === null) return { format: 'parquet', dims: null, rows: () => rowsOf(groups()) };
    const dims = await firstLength(groups(), column);
    return { format: 'parquet', dims, rows: () => vectorsOf(groups(), column, dims) };
  },
};

interface Group {
  /** Rows before it. */
  readonly before: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

async function openFile(bytes: Bytes): Promise<AsyncBuffer> {
  const path = await bytes.file();
  const { size } = await stat(path);
  return {
    byteLength: size,
    async slice(start, end = size) {
      const from = start < 0 ? size + start : start;
      const length = Math.max(0, Math.min(end, size) - from);
      const handle = await open(path);
      try {
        const buffer = new Uint8Array(length);
        const { bytesRead } = await handle.read(buffer, 0, length, from);
        if (bytesRead < length) throw new Error('it ends too early');
        return buffer.buffer;
      } finally {
        await handle.close();
      }
    },
  };
}

async function readFooter(name: string, file: AsyncBuffer): Promise<FileMetaData> {
  const tail = Buffer.from(await file.slice(Math.max(0, file.byteLength - 4))).toString('latin1');
  if (tail === 'PARE') {
    throw inputError(`${name} is an encrypted Parquet file; decrypt it before giving it.`);
  }
  if (tail !== 'PAR1' || file.byteLength < 12) {
    throw inputError(
      `${name} is no Parquet file or a truncated one: it does not end as one. Fetch or write it again.`,
    );
  }
  try {
    const { parquetMetadataAsync } = await import('hyparquet');
    return await parquetMetadataAsync(file);
  } catch (error) {
    throw damaged(name, error);
  }
}

const damaged = (name: string, error: unknown): Error =>
  inputError(
    `${name} is a damaged Parquet file (${messageOf(error)}); fetch it or write it again.`,
    { cause: error },
  );

/** A list of floats is a leaf below a LIST, or one that repeats by itself. */
function columnOf({ element, children }: SchemaTree): SchemaColumn {
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  let leaf = element;
  for (let below = children; below.length === 1; below = below[0]!.children) {
    leaf = below[0]!.element;
  }
  const floats = leaf.type === 'FLOAT' || leaf.type === 'DOUBLE';
  const repeats = isList || element.repetition_type === 'REPEATED';
  return { name: element.name, kind: repeats && floats ? 'vectors' : 'other' };
}

async function* rowGroups(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
): AsyncGenerator<Group> {
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  let before = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = before + Number(group.num_rows);
    let rows: Group['rows'];
    try {
      rows = await parquetReadObjects({ file, metadata, compressors, rowStart: before, rowEnd });
    } catch (error) {
      throw damaged(name, error);
    }
    yield { before, rows };
    before = rowEnd;
  }
}

async function* rowsOf(groups: AsyncIterable<Group>): AsyncGenerator<Parsed[]> {
  for await (const { before, rows } of groups) {
    yield rows.map((row, i) => ({ line: before + i + 1, columns: toColumns(row) }));
  }
}

async function* vectorsOf(
  groups: AsyncIterable<Group>,
  column: string,
  dims: number,
): AsyncGenerator<Parsed[]> {
  for await (const { before, rows } of groups) {
    yield rows.map(({ [column]: value, ...others }, i) =>
      vectorRow(before + i + 1, column, value, dims, toColumns(others)),
    );
  }
}

const toColumns = (row: Readonly<Record<string, unknown>>): Columns =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJson(value)]));

/** The length of the first vector there is; 0 where there is none. */
async function firstLength(groups: AsyncIterable<Group>, column: string): Promise<number> {
  for await (const { rows } of groups) {
    for (const row of rows) {
      const length = listOf(row[column])?.length;
      if (length !== undefined && length > 0) return length;
    }
  }
  return 0;
}
