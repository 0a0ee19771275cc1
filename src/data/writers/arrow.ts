import type { DataType } from '@uwdata/flechette';
import { type Block, fieldAt, footerOf } from '../arrow-footer.ts';
import { ARROW_MAGIC } from '../arrow-messages.ts';
import type { Kind, TableColumn } from '../kinds.ts';
import { type Group, type GroupColumn, groupsOf } from './groups.ts';
import type { TableRows } from './table.ts';

type Flechette = typeof import('@uwdata/flechette');

/**
 * Arrow IPC as a file, a record batch a group. The library makes whole tables, so each group is one, and
 * its message is taken out of it. Nested and mixed values are JSON text, marked as `arrow.json`.
 */
export async function* arrow(
  columns: readonly TableColumn[],
  rows: TableRows,
): AsyncGenerator<Uint8Array> {
  const flechette = await import('@uwdata/flechette');
  const blocks: Block[] = [];
  let schema: Buffer | null = null;
  let offset = 0;
  for await (const group of groupsOf(columns, rows)) {
    const [first, batch] = messagesOf(tableBytes(flechette, group));
    if (schema === null) {
      schema = first!.metadata;
      const head = Buffer.concat([Buffer.from(`${ARROW_MAGIC}\0\0`), first!.bytes]);
      offset = head.length;
      yield head;
    }
    if (batch === undefined) continue;
    const metadataLength = 8 + batch.metadata.length;
    blocks.push({ offset, metadataLength, bodyLength: batch.bytes.length - metadataLength });
    offset += batch.bytes.length;
    yield batch.bytes;
  }
  const footer = footerOf(schema!, blocks);
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  yield Buffer.concat([END, footer, length, Buffer.from(ARROW_MAGIC)]);
}

/** The mark that no message follows. */
const END = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

function tableBytes(
  { tableFromColumns, tableToIPC, columnFromArray, ...types }: Flechette,
  { columns }: Group,
): Buffer {
  const typeOf: Readonly<Record<Kind, DataType>> = {
    text: types.utf8(),
    integer: types.int64(),
    number: types.float64(),
    boolean: types.bool(),
    json: types.utf8(),
  };
  const made = tableFromColumns(
    columns.map((column) => [
      column.name,
      columnFromArray(valuesOf(column), typeOf[column.kind]) as never,
    ]),
  );
  for (const [i, { kind }] of columns.entries()) {
    if (kind === 'json') made.schema.fields[i]!.metadata = JSON_MARK;
  }
  return Buffer.from(tableToIPC(made, { format: 'stream' })!);
}

/** Readers that do not know the extension see text. */
const JSON_MARK = new Map([
  ['ARROW:extension:name', 'arrow.json'],
  ['ARROW:extension:metadata', ''],
]);

const valuesOf = ({ kind, values }: GroupColumn): unknown[] =>
  kind === 'json'
    ? values.map((value) => (value === null ? null : JSON.stringify(value)))
    : [...values];

interface Message {
  /** Prefix, metadata and body. */
  readonly bytes: Buffer;
  readonly metadata: Buffer;
}

function messagesOf(stream: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 8 <= stream.length; ) {
    const length = stream.readInt32LE(at + 4);
    if (length === 0) break;
    const metadata = stream.subarray(at + 8, at + 8 + length);
    const field = fieldAt(metadata, metadata.readUInt32LE(0), 3);
    const body = field === null ? 0 : Number(metadata.readBigInt64LE(field));
    const end = at + 8 + length + body;
    messages.push({ bytes: stream.subarray(at, end), metadata });
    at = end;
  }
  return messages;
}
