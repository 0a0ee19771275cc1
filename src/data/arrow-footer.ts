import { open } from 'node:fs/promises';

/**
 * The index at the end of an Arrow file, and what a schema message has in common with it. Both are
 * flatbuffers whose references count from where they stand, so a schema can be taken out of one and put
 * into the other as it is: a small table that points into a copy of the whole buffer.
 */

/** Where a record batch lies in a file. */
export interface Block {
  readonly offset: number;
  /** With the prefix of eight bytes. */
  readonly metadataLength: number;
  readonly bodyLength: number;
}

const VERSION_5 = 4;
const SCHEMA_HEADER = 1;
const TAIL_BYTES = 10;

/** The place of a table's field in its flatbuffer; null where it has its default. */
export function fieldAt(buffer: Buffer, table: number, field: number): number | null {
  const vtable = table - buffer.readInt32LE(table);
  const at = 4 + 2 * field;
  const offset = at < buffer.readUInt16LE(vtable) ? buffer.readUInt16LE(vtable + at) : 0;
  return offset === 0 ? null : table + offset;
}

/** A schema message made of a file's footer, for files that start without one. */
export async function schemaFromFooter(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(TAIL_BYTES);
    await handle.read(tail, 0, TAIL_BYTES, size - TAIL_BYTES);
    if (tail.toString('latin1', 4) !== 'ARROW1') throw new Error('it ends too early');
    const length = tail.readInt32LE(0);
    if (length <= 0 || length > size - TAIL_BYTES) throw new Error('its footer makes no sense');
    const footer = Buffer.alloc(length);
    await handle.read(footer, 0, length, size - TAIL_BYTES - length);
    const field = fieldAt(footer, footer.readUInt32LE(0), 1);
    if (field === null) throw new Error('it has no schema');
    return schemaMessage(footer, field + footer.readUInt32LE(field));
  } finally {
    await handle.close();
  }
}

/** Message { version, headerType: Schema, header } before a copy of what holds the schema. */
function schemaMessage(holder: Buffer, schema: number): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(16, 0);
  for (const [i, word] of [10, 12, 4, 6, 8].entries()) head.writeUInt16LE(word, 4 + 2 * i);
  head.writeInt32LE(12, 16);
  head.writeInt16LE(VERSION_5, 20);
  head.writeUInt8(SCHEMA_HEADER, 22);
  head.writeUInt32LE(32 + schema - 24, 24);
  return padded(Buffer.concat([head, holder]));
}

/** Footer { version, schema, dictionaries: none, recordBatches } before a copy of a schema message. */
export function footerOf(message: Buffer, blocks: readonly Block[]): Buffer {
  const field = fieldAt(message, message.readUInt32LE(0), 2)!;
  const schema = field + message.readUInt32LE(field);
  // The vector of blocks starts with its length, four bytes before a place that 8 divides.
  const vector = 44;
  const head = Buffer.alloc(vector + 4 + 24 * blocks.length);
  head.writeUInt32LE(20, 0);
  for (const [i, word] of [12, 20, 4, 8, 12, 16].entries()) head.writeUInt16LE(word, 4 + 2 * i);
  head.writeInt32LE(16, 20);
  head.writeInt16LE(VERSION_5, 24);
  head.writeUInt32LE(head.length + schema - 28, 28);
  head.writeUInt32LE(40 - 32, 32);
  head.writeUInt32LE(vector - 36, 36);
  head.writeUInt32LE(0, 40);
  head.writeUInt32LE(blocks.length, vector);
  for (const [i, { offset, metadataLength, bodyLength }] of blocks.entries()) {
    const at = vector + 4 + 24 * i;
    head.writeBigInt64LE(BigInt(offset), at);
    head.writeInt32LE(metadataLength, at + 8);
    head.writeBigInt64LE(BigInt(bodyLength), at + 16);
  }
  return padded(Buffer.concat([head, message]));
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
