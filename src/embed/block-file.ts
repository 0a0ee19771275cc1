import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { KEY_BYTES, type Key } from './text-key.ts';

/**
 * The file of one committed block of vectors. It never changes once it has its name. Little-endian,
 * as typed arrays are here:
 *
 * | offset | bytes | |
 * |---|---|---|
 * | 0 | 8 | `GAMUTVEC` |
 * | 8 | 4 | dims |
 * | 12 | 4 | count of rows, at least 1 |
 * | 16 | 16 | the space: a hash of model fingerprint, dims and version of this format |
 * | 32 | 4 | CRC-32 of the vectors |
 * | 36 | 4 | CRC-32 of the bytes 0…35, the keys and the token counts |
 * | 40 | 16 · count | keys |
 * | … | 4 · count | token counts, int32 |
 * | … | 4 · dims · count | vectors, float32, row-major |
 *
 * What comes before the vectors has a checksum of its own, so that opening a store reads 20 bytes a
 * row and leaves the vectors on disk.
 */
const MAGIC = 'GAMUTVEC';
const HEADER_BYTES = 40;

/** Which vectors can be mixed: those of one model fingerprint and one length. */
export interface Space {
  readonly dims: number;
  readonly hash: Buffer;
}

export function vectorSpace(fingerprint: string, dims: number): Space {
  const hash = createHash('sha256').update(`gamut.vectors/1\n${dims}\n${fingerprint}`).digest();
  return { dims, hash: hash.subarray(0, 16) };
}

/** Everything in a block but its vectors. */
export interface BlockIndex {
  readonly keys: readonly Key[];
  readonly tokens: Int32Array;
  /** The checksum that the vectors must have. */
  readonly vectorsCrc: number;
}

export interface EncodedBlock {
  readonly bytes: Uint8Array;
  readonly index: BlockIndex;
  /** The vectors within `bytes`. */
  readonly vectors: Float32Array;
}

/** `vectors` holds `keys.length * dims` values, row-major, `tokens` one count a key. All are copied. */
export function encodeBlock(
  space: Space,
  keys: readonly Key[],
  vectors: Float32Array,
  tokens: Int32Array,
): EncodedBlock {
  const count = keys.length;
  const offset = vectorsOffset(count);
  const bytes = Buffer.alloc(offset + vectors.byteLength);
  const ownVectors = new Float32Array(bytes.buffer, bytes.byteOffset + offset, vectors.length);
  ownVectors.set(vectors);
  const vectorsCrc = crc32(bytes.subarray(offset));
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(space.dims, 8);
  bytes.writeUInt32LE(count, 12);
  space.hash.copy(bytes, 16);
  bytes.writeUInt32LE(vectorsCrc, 32);
  keys.forEach((key, row) => {
    bytes.write(key, HEADER_BYTES + row * KEY_BYTES, 'latin1');
  });
  const tokensOffset = HEADER_BYTES + count * KEY_BYTES;
  const ownTokens = new Int32Array(bytes.buffer, bytes.byteOffset + tokensOffset, count);
  ownTokens.set(tokens);
  bytes.writeUInt32LE(indexCrc(bytes), 36);
  return { bytes, index: { keys, tokens: ownTokens.slice(), vectorsCrc }, vectors: ownVectors };
}

/**
 * Reads all but the vectors; null when the file is torn, damaged or of another space.
 * Throws what the file system throws.
 */
export function readIndex(path: string, space: Space): BlockIndex | null {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
    const count = header.readUInt32LE(12);
    const offset = vectorsOffset(count);
    // The size is compared before anything is allocated for a count that may be damaged.
    const sound =
      header.toString('latin1', 0, 8) === MAGIC &&
      header.readUInt32LE(8) === space.dims &&
      header.subarray(16, 32).equals(space.hash) &&
      fstatSync(file).size === offset + count * space.dims * 4;
    if (!sound) return null;
    const bytes = Buffer.alloc(offset);
    if (readSync(file, bytes, 0, offset, 0) < offset) return null;
    if (indexCrc(bytes) !== bytes.readUInt32LE(36)) return null;
    const keys = Array.from({ length: count }, (_, row) => {
      const start = HEADER_BYTES + row * KEY_BYTES;
      return bytes.toString('latin1', start, start + KEY_BYTES) as Key;
    });
    const tokensOffset = HEADER_BYTES + count * KEY_BYTES;
    const tokens = new Int32Array(bytes.buffer, bytes.byteOffset + tokensOffset, count).slice();
    return { keys, tokens, vectorsCrc: bytes.readUInt32LE(32) };
  } finally {
    closeSync(file);
  }
}

/** Reads `length` rows from `row` of a block of `count`; null when the file is shorter than that. */
export function readRows(
  path: string,
  count: number,
  dims: number,
  row = 0,
  length = count,
): Float32Array | null {
  const vectors = new Float32Array(length * dims);
  const file = openSync(path, 'r');
  try {
    const start = vectorsOffset(count) + row * dims * 4;
    return readSync(file, vectors, 0, vectors.byteLength, start) < vectors.byteLength
      ? null
      : vectors;
  } finally {
    closeSync(file);
  }
}

const vectorsOffset = (count: number): number => HEADER_BYTES + count * (KEY_BYTES + 4);

/** Of the bytes 0…35, the keys and the token counts: all before the vectors but the checksum itself. */
function indexCrc(bytes: Buffer): number {
  const end = vectorsOffset(bytes.readUInt32LE(12));
  return crc32(bytes.subarray(HEADER_BYTES, end), crc32(bytes.subarray(0, 36)));
}
