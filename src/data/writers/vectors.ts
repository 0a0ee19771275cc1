import type { SchemaElement } from 'hyparquet';
import { rowOf, type Vectors } from '../../compute/vectors.ts';
import { createdBy, taken } from './parquet.ts';

/** Vectors as files, a block at a time. `ids` has one for each row. */
export type VectorWriter = (
  vectors: Vectors,
  ids: readonly string[],
) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A two-dimensional float32 `.npy` (version 1.0, C order, little-endian). */
export function* npy(vectors: Vectors): Iterable<Uint8Array> {
  const shape = `(${vectors.n}, ${vectors.dims})`;
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(dict, 10, 'latin1');
  header.write('\n', 9 + length, 'latin1');
  yield header;
  yield* bytesOf(vectors);
}

/** Safetensors with one tensor, `vectors`, float32, rows × dims; the header is padded to 8 bytes. */
export function* safetensors({ n, dims, blocks }: Vectors): Iterable<Uint8Array> {
  const tensor = { dtype: 'F32', shape: [n, dims], data_offsets: [0, 4 * n * dims] };
  const text = JSON.stringify({ __metadata__: { format: 'pt' }, vectors: tensor });
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8), 0);
  header.write(text, 8, 'latin1');
  yield header;
  yield* bytesOf({ n, dims, blocks });
}

function* bytesOf({ blocks }: Vectors): Iterable<Uint8Array> {
  for (const { buffer, byteOffset, byteLength } of blocks) {
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

/** Rows of a row group. */
const GROUP_ROWS = 4096;

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 2 },
  { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'vector', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
];

/** Parquet with the columns `id` and `vector`, a list of floats; not compressed, as floats hardly are. */
export async function* parquetVectors(
  vectors: Vectors,
  ids: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const options = { schema: SCHEMA, codec: 'UNCOMPRESSED', createdBy: createdBy() } as const;
  const writer = new ParquetWriter({ writer: bytes, ...options });
  for (let from = 0; from < vectors.n; from += GROUP_ROWS) {
    const own = ids.slice(from, from + GROUP_ROWS);
    const lists = own.map((_, i) => Array.from(rowOf(vectors, from + i)));
    writer.write({
      columnData: [
        { name: 'id', data: own },
        { name: 'vector', data: lists, encoding: 'PLAIN', statistics: false },
      ],
      rowGroupSize: GROUP_ROWS,
    });
    yield taken(bytes);
  }
  writer.finish();
  yield taken(bytes);
}
