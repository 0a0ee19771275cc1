import { inputError } from '../base/errors.ts';
import { halfToFloat } from '../base/halves.ts';
import { type Bytes, openBytes } from './bytes.ts';
import type { Parsed, Reader } from './reader.ts';

/** NumPy's `.npy`: a two-dimensional array in C order, little-endian; each row is a vector. */
export const npy: Reader = {
  extensions: ['.npy'],
  recognises: (head) => head.toString('latin1', 0, MAGIC.length) === MAGIC,
  async open(bytes) {
    const layout = readHeader(bytes);
    const expected = expectedSize(layout);
    if (bytes.size !== null) checkSize(bytes.name, bytes.size, expected);
    return { format: 'npy', dims: layout.dims, rows: () => rows(bytes, layout, expected) };
  },
};

/** An array of one number a row, of shape (n) or (n, 1), each as it is written: large integers stay exact. */
export async function readNumbers(path: string): Promise<string[]> {
  const bytes = await openBytes(path);
  try {
    const layout = readHeader(bytes, true);
    if (layout.dims !== 1) {
      throw inputError(
        `${bytes.name} has ${layout.dims} numbers in each row, where one a row is needed.`,
      );
    }
    const chunks: Buffer[] = [];
    for await (const chunk of bytes.chunks()) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    checkSize(bytes.name, whole.length, expectedSize(layout));
    return Array.from(layout.element.view(alignedCopy(whole.subarray(layout.offset))), String);
  } finally {
    await bytes.close();
  }
}

const MAGIC = '\x93NUMPY';
/** Version 1 has a 16-bit length after the magic and version bytes, 2 and 3 a 32-bit one. */
const PREAMBLE_BYTES = 12;

type Numbers =
  | (Float32Array | Float64Array | Int8Array | Int16Array | Int32Array)
  | (Uint8Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array);

interface Element {
  readonly bytes: number;
  /** The numbers in a buffer that is aligned and holds nothing else. */
  readonly view: (buffer: ArrayBuffer) => Numbers;
}

const ELEMENTS: Readonly<Record<string, Element>> = {
  f2: { bytes: 2, view: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToFloat) },
  f4: { bytes: 4, view: (buffer) => new Float32Array(buffer) },
  f8: { bytes: 8, view: (buffer) => new Float64Array(buffer) },
  i1: { bytes: 1, view: (buffer) => new Int8Array(buffer) },
  i2: { bytes: 2, view: (buffer) => new Int16Array(buffer) },
  i4: { bytes: 4, view: (buffer) => new Int32Array(buffer) },
  i8: { bytes: 8, view: (buffer) => new BigInt64Array(buffer) },
  u1: { bytes: 1, view: (buffer) => new Uint8Array(buffer) },
  u2: { bytes: 2, view: (buffer) => new Uint16Array(buffer) },
  u4: { bytes: 4, view: (buffer) => new Uint32Array(buffer) },
  u8: { bytes: 8, view: (buffer) => new BigUint64Array(buffer) },
};

function toFloats(values: Numbers): Float32Array {
  if (values instanceof Float32Array) return values;
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 1) floats[i] = Number(values[i]);
  return floats;
}

interface Layout {
  readonly element: Element;
  readonly rows: number;
  readonly dims: number;
  /** Where the numbers start. */
  readonly offset: number;
}

/** `flat` takes one dimension for rows of one number. */
function readHeader({ name, head }: Bytes, flat = false): Layout {
  const fail = (why: string): Error => inputError(`${name} ${why}.`);
  if (!npy.recognises(head))
    throw fail('is no .npy file: it does not start as one. Save it with numpy.save');
  const long = (head[6] ?? 1) > 1;
  const start = long ? PREAMBLE_BYTES : PREAMBLE_BYTES - 2;
  if (head.length < start) throw fail('is truncated: its header is not complete');
  const offset = start + (long ? head.readUInt32LE(8) : head.readUInt16LE(8));
  if (head.length < offset) throw fail('is truncated: its header is not complete');
  const header = head.toString('latin1', start, offset);

  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const element = ELEMENTS[descr?.slice(1) ?? ''];
  const resave = "save it with numpy.save(path, numpy.ascontiguousarray(x, dtype='<f4'))";
  if (descr === undefined || element === undefined) {
    throw fail(`holds elements of type ${descr ?? 'structured'}, not plain numbers; ${resave}`);
  }
  if (descr.startsWith('>') && element.bytes > 1) throw fail(`is big-endian (${descr}); ${resave}`);

  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  const [rows, dims = flat ? 1 : undefined, ...more] = (shape ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (rows === undefined || dims === undefined || more.length > 0) {
    throw fail(
      `has the shape (${shape}), where two dimensions are needed: rows and the numbers in each`,
    );
  }
  if (dims === 0) throw fail('has vectors of length 0');
  if (/'fortran_order':\s*True/.test(header) && rows > 1 && dims > 1) {
    throw fail(`is stored column by column (Fortran order); ${resave}`);
  }
  return { element, rows, dims, offset };
}

const expectedSize = ({ offset, rows, dims, element }: Layout): number =>
  offset + rows * dims * element.bytes;

function checkSize(name: string, size: number, expected: number): void {
  if (size === expected) return;
  const what = size < expected ? 'truncated' : 'damaged';
  throw inputError(
    `${name} is ${what}: its header promises ${expected} bytes, the file has ${size}. Save it again.`,
  );
}

async function* rows(bytes: Bytes, layout: Layout, expected: number): AsyncGenerator<Parsed[]> {
  const rowBytes = layout.dims * layout.element.bytes;
  let skip = layout.offset;
  let size = 0;
  let row = 0;
  let rest: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of bytes.chunks()) {
    size += chunk.length;
    const start = Math.min(skip, chunk.length);
    skip -= start;
    rest.push(chunk.subarray(start));
    waiting += chunk.length - start;
    if (waiting < rowBytes) continue;
    const block = Buffer.concat(rest);
    const whole = Math.min(Math.floor(block.length / rowBytes), layout.rows - row);
    yield decode(block.subarray(0, whole * rowBytes), layout, row);
    row += whole;
    rest = [block.subarray(whole * rowBytes)];
    waiting = block.length - whole * rowBytes;
  }
  // Only unpacking tells the size of a .gz; any other was checked before.
  checkSize(bytes.name, size, expected);
}

/** Elements must be aligned, and a row must not keep its whole block alive. */
const alignedCopy = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer as ArrayBuffer;

function decode(block: Buffer, { element, dims }: Layout, before: number): Parsed[] {
  const numbers = toFloats(element.view(alignedCopy(block)));
  const parsed: Parsed[] = [];
  for (let from = 0; from < numbers.length; from += dims) {
    const vector = numbers.slice(from, from + dims);
    const line = before + parsed.length + 1;
    const bad = firstNonFinite(vector);
    if (bad === -1) parsed.push({ line, vector });
    else parsed.push({ line, why: `has ${describe(vector[bad]!)} in position ${bad}` });
  }
  return parsed;
}

function firstNonFinite(vector: Float32Array): number {
  for (let i = 0; i < vector.length; i += 1) if (!Number.isFinite(vector[i])) return i;
  return -1;
}

const describe = (value: number): string => (Number.isNaN(value) ? 'NaN' : 'an infinite number');
