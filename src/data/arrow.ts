import type { Column, Field, Table } from '@uwdata/flechette';
import { messageOf } from '../base/errors.ts';
import { ARROW_MAGIC, arrowMessages, damaged, startsStream } from './arrow-messages.ts';
import type { Bytes } from './bytes.ts';
import type { Columns, Parsed, Reader } from './reader.ts';
import { toJson } from './to-json.ts';
import { listOf, type SchemaColumn, vectorColumn, vectorRow } from './vector-column.ts';

/**
 * Arrow IPC, file or stream (and so Feather 2), plain or compressed; read a record batch at a time: the
 * largest batch, and the dictionaries of its columns, are what must fit in memory.
 */
export const arrow: Reader = {
  extensions: ['.arrow', '.arrows', '.feather', '.ipc'],
  recognises: (head) =>
    head.toString('latin1', 0, ARROW_MAGIC.length) === ARROW_MAGIC || startsStream(head),
  async open(bytes, { wantsText }) {
    if (!arrow.recognises(bytes.head)) {
      throw damaged(bytes.name, 'it starts as none; if it is something else, name it so');
    }
    const first = await firstBatch(bytes);
    const types = await typesOf();
    const columns = (first?.schema.fields ?? []).map((field) => columnOf(field, types));
    const column = wantsText ? null : vectorColumn(columns);
    if (column === null) return { format: 'arrow', dims: null, rows: () => rows(bytes) };
    const dims = await firstLength(bytes, column);
    return { format: 'arrow', dims, rows: () => vectors(bytes, column, dims) };
  },
};

/** Rows that are made at once: a batch may have a million. */
const CHUNK = 1024;

const typesOf = async (): Promise<ReadonlySet<number>> => {
  const { Type } = await import('@uwdata/flechette');
  return new Set<number>([Type.List, Type.LargeList, Type.FixedSizeList]);
};

function columnOf({ name, type }: Field, lists: ReadonlySet<number>): SchemaColumn {
  const children = 'children' in type ? (type.children as readonly Field[]) : [];
  const inner = lists.has(type.typeId) ? children[0]?.type : undefined;
  return { name, kind: inner?.typeId === FLOAT ? 'vectors' : 'other' };
}

/** Arrow's number for floating-point types of any precision. */
const FLOAT = 3;

/** The record batches as tables of their own, each with the dictionaries that hold at its place. */
async function* batches(bytes: Bytes): AsyncGenerator<Table> {
  const { tableFromIPC, setCompressionCodec, CompressionType } = await import('@uwdata/flechette');
  const [{ compressors }, { decompressLz4Frame }] = await Promise.all([
    import('hyparquet-compressors'),
    import('./lz4-frame.ts'),
  ]);
  const encode = (): never => {
    throw new Error('only reading is compressed');
  };
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    decode: (data, length) => decompressLz4Frame(data, length),
    encode,
  });
  setCompressionCodec(CompressionType.ZSTD, {
    // What is handed out may start anywhere in its buffer; numbers are read from whole words.
    decode: (data, length) => compressors.ZSTD!(data, length).slice(),
    encode,
  });
  const before: Uint8Array[] = [];
  for await (const { kind, bytes: message } of arrowMessages(bytes)) {
    if (kind === 'schema' || kind === 'dictionary') before.push(message);
    if (kind !== 'batch') continue;
    try {
      yield tableFromIPC([...before, message], {
        useBigInt: true,
        useDate: true,
        useMap: true,
      });
    } catch (error) {
      throw damaged(bytes.name, messageOf(error));
    }
  }
}

async function firstBatch(bytes: Bytes): Promise<Table | null> {
  for await (const table of batches(bytes)) return table;
  return null;
}

interface Slice {
  /** The number of its first row, from 0. */
  readonly first: number;
  readonly length: number;
  readonly names: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

async function* slices(bytes: Bytes): AsyncGenerator<Slice> {
  let first = 0;
  for await (const table of batches(bytes)) {
    const names = table.names.map(String);
    for (let at = 0; at < table.numRows; at += CHUNK) {
      const length = Math.min(CHUNK, table.numRows - at);
      const read = (column: Column<unknown>): unknown[] =>
        Array.from({ length }, (_, i) => column.at(at + i));
      let values: unknown[][];
      try {
        values = table.children.map(read);
      } catch (error) {
        throw damaged(bytes.name, messageOf(error));
      }
      yield { first: first + at, length, names, values };
    }
    first += table.numRows;
  }
}

async function* rows(bytes: Bytes): AsyncGenerator<Parsed[]> {
  for await (const slice of slices(bytes)) {
    yield Array.from({ length: slice.length }, (_, i) => ({
      line: slice.first + i + 1,
      columns: columnsAt(slice, i, null),
    }));
  }
}

async function* vectors(bytes: Bytes, column: string, dims: number): AsyncGenerator<Parsed[]> {
  for await (const slice of slices(bytes)) {
    const values = slice.values[slice.names.indexOf(column)]!;
    yield Array.from({ length: slice.length }, (_, i) =>
      vectorRow(slice.first + i + 1, column, values[i], dims, columnsAt(slice, i, column)),
    );
  }
}

function columnsAt({ names, values }: Slice, i: number, without: string | null): Columns {
  return Object.fromEntries(
    names.flatMap((name, c) => (name === without ? [] : [[name, toJson(values[c]![i])]])),
  );
}

/** The length of the first vector there is; 0 where there is none. */
async function firstLength(bytes: Bytes, column: string): Promise<number> {
  for await (const { names, values } of slices(bytes)) {
    for (const value of values[names.indexOf(column)]!) {
      const length = listOf(value)?.length;
      if (length !== undefined && length > 0) return length;
    }
  }
  return 0;
}
