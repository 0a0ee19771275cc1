import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of reference values and real data, where it exists beside the project. */
export const shared = fileURLToPath(new URL('../../../shared', import.meta.url));
export const hasShared = existsSync(join(shared, 'reference', 'expected.json'));

/** Reads a little-endian float32 or int32/int64 .npy of one or two dimensions. */
export function readNpy(name: string): { data: Float32Array; shape: number[] } {
  const bytes = readFileSync(join(shared, 'reference', name));
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  const shape = /'shape': \(([^)]*)\)/.exec(header)![1]!.split(',').filter(Boolean).map(Number);
  const type = /'descr': '([^']*)'/.exec(header)![1]!;
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  if (type === '<f4') return { data: new Float32Array(body), shape };
  if (type === '<i4') return { data: Float32Array.from(new Int32Array(body)), shape };
  if (type === '<f8') return { data: Float32Array.from(new Float64Array(body)), shape };
  if (type === '<i8') return { data: Float32Array.from(new BigInt64Array(body), Number), shape };
  throw new Error(`${name}: ${type}`);
}
