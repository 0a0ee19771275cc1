import { readFile } from 'node:fs/promises';
import { inputError, messageOf } from '../base/errors.ts';
import { bfloatsToFloats, halfToFloat } from '../base/halves.ts';

/**
 * safetensors files: eight bytes that say how long a JSON header is, the header (names, types, shapes
 * and places), then the numbers, little-endian as typed arrays are here.
 * https://github.com/huggingface/safetensors#format
 */
export interface TensorFile {
  readonly names: readonly string[];
  /** Free text about the file. */
  readonly metadata: Readonly<Record<string, string>>;
  has(name: string): boolean;
  shape(name: string): readonly number[];
  /** The numbers of a tensor as float32, row-major: a view of the file where it holds float32. */
  floats(name: string): Float32Array;
  /** The same as whole numbers; only for tensors of integers below 2³¹. */
  integers(name: string): Int32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A header longer than this is no header: the format's own limit. */
const MOST_HEADER_BYTES = 100_000_000;

type Numbers = ArrayLike<number> | ArrayLike<bigint>;
interface Kind {
  readonly bytes: number;
  readonly view: (buffer: ArrayBufferLike, offset: number, length: number) => Numbers;
}
const KINDS: Readonly<Record<string, Kind>> = {
  F64: { bytes: 8, view: (b, o, n) => new Float64Array(b, o, n) },
  F32: { bytes: 4, view: (b, o, n) => new Float32Array(b, o, n) },
  F16: { bytes: 2, view: (b, o, n) => Float32Array.from(new Uint16Array(b, o, n), halfToFloat) },
  BF16: { bytes: 2, view: (b, o, n) => bfloatsToFloats(new Uint16Array(b, o, n)) },
  I64: { bytes: 8, view: (b, o, n) => new BigInt64Array(b, o, n) },
  I32: { bytes: 4, view: (b, o, n) => new Int32Array(b, o, n) },
  I16: { bytes: 2, view: (b, o, n) => new Int16Array(b, o, n) },
  I8: { bytes: 1, view: (b, o, n) => new Int8Array(b, o, n) },
  U8: { bytes: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
};

export async function readSafetensors(path: string): Promise<TensorFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw inputError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return decodeSafetensors(bytes, path);
}

/** Reads a file's bytes; `name` is for messages. Everything in the header is checked before use. */
export function decodeSafetensors(bytes: Uint8Array, name: string): TensorFile {
  const damaged = (what: string): Error =>
    inputError(`${name} is no safetensors file or is cut short: ${what}. Fetch or make it again.`);
  if (bytes.length < 8) throw damaged('it has no header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MOST_HEADER_BYTES || 8 + length > bytes.length) {
    throw damaged(`its header would be ${length} bytes long`);
  }
  let header: Record<string, Entry | Record<string, string>>;
  try {
    header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'));
  } catch (error) {
    throw damaged(`its header is no JSON (${messageOf(error)})`);
  }
  const start = 8 + length;
  const { __metadata__: metadata = {}, ...tensors } = header;
  const entries = new Map(Object.entries(tensors as Record<string, Entry>));
  for (const [tensor, entry] of entries) {
    const problem = problemOf(entry, bytes.length - start);
    if (problem !== null) throw damaged(`${tensor} ${problem}`);
  }
  const numbers = (tensor: string): Numbers => {
    const { dtype, data_offsets: place } = entryOf(tensor);
    const { bytes: size, view: make } = KINDS[dtype]!;
    let from = bytes.byteOffset + start + place[0];
    let buffer = bytes.buffer as ArrayBufferLike;
    // Writers pad headers so that this is rare.
    if (from % size !== 0) {
      buffer = buffer.slice(from, from + place[1] - place[0]);
      from = 0;
    }
    return make(buffer, from, (place[1] - place[0]) / size);
  };
  const entryOf = (tensor: string): Entry => {
    const entry = entries.get(tensor);
    if (entry === undefined) throw inputError(`${name} has no tensor ${tensor}.`);
    return entry;
  };
  return {
    names: [...entries.keys()],
    metadata: metadata as Record<string, string>,
    has: (tensor) => entries.has(tensor),
    shape: (tensor) => entryOf(tensor).shape,
    floats(tensor) {
      const values = numbers(tensor);
      return values instanceof Float32Array
        ? values
        : Float32Array.from(values as number[], Number);
    },
    integers: (tensor) => Int32Array.from(numbers(tensor) as number[], Number),
  };
}

/** What is wrong with a tensor's entry, in words; null when it is sound. */
function problemOf(entry: Entry, size: number): string | null {
  const { dtype, shape, data_offsets: place } = entry ?? {};
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !Array.isArray(place)) {
    return 'has no type, shape or place';
  }
  if (!Object.hasOwn(KINDS, dtype)) {
    return `is of type ${dtype}; known are ${Object.keys(KINDS).join(', ')}`;
  }
  const [from, to] = place;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= size)) {
    return 'lies outside the file';
  }
  const expected = shape.reduce((product, dim) => product * dim, KINDS[dtype]!.bytes);
  return to - from === expected ? null : 'is not as long as its shape says';
}

/** A tensor to be written; the type of the array is the type in the file. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int8Array | Int32Array;
}

/** The bytes of a file, in parts: the header, then each tensor as it lies in memory. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array[] {
  let end = 0;
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  // Wider numbers first, so that each tensor begins at a multiple of its width.
  const sorted = Object.entries(tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  for (const [name, { shape, data }] of sorted) {
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [begin, end] };
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const parts = sorted.map(
    ([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return [length, text, ...parts];
}

function dtypeOf(data: NamedTensor['data']): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Int8Array ? 'I8' : 'I32';
}
