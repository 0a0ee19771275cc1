import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { version } from '../../base/package.ts';
import type { Kind, TableColumn } from '../kinds.ts';
import { type Group, type GroupColumn, groupsOf } from './groups.ts';
import type { TableRows } from './table.ts';

const TYPES: Readonly<Record<Kind, BasicType>> = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  json: 'JSON',
};

/** Parquet, Snappy-compressed, a row group a group; nested and mixed values are JSON. */
export async function* parquet(
  columns: readonly TableColumn[],
  rows: TableRows,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  let writer: InstanceType<typeof ParquetWriter> | null = null;
  for await (const group of groupsOf(columns, rows)) {
    const schema = (): ReturnType<typeof schemaFromColumnData> =>
      schemaFromColumnData({
        columnData: group.columns.map(({ name, kind }) => ({ name, data: [], type: TYPES[kind] })),
      });
    writer ??= new ParquetWriter({ writer: bytes, schema: schema(), createdBy: createdBy() });
    writer.write({ columnData: group.columns.map(source), rowGroupSize: rowsOf(group) });
    yield taken(bytes);
  }
  writer!.finish();
  yield taken(bytes);
}

export const createdBy = (): string => `gamut version ${version()}`;

/** What has been written since the last time; places in the file go on being counted. */
export function taken(bytes: { index: number; getBytes(): Uint8Array }): Uint8Array {
  const copy = bytes.getBytes().slice();
  bytes.index = 0;
  return copy;
}

const rowsOf = ({ length }: Group): number => Math.max(1, length);

const source = ({ name, kind, values }: GroupColumn): ColumnSource => ({
  name,
  data:
    kind === 'integer'
      ? values.map((value) => (value === null ? null : BigInt(value as number)))
      : [...values],
});
