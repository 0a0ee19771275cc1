import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GamutError, inputError, messageOf, runtimeError, throwIfAborted } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { type Packing, packingOf, unpack } from './unpack.ts';

/** The bytes of one input, unpacked, without a byte order mark; they can be read again and again. */
export interface Bytes {
  /** What messages call it: the path as it was given, or 'standard input'. */
  readonly name: string;
  /** Lower-case, with its dot and under any `.gz` or `.zst`: '.csv'. Empty where the name has none. */
  readonly extension: string;
  /** Length in bytes as it is on disk; null where only unpacking would tell. */
  readonly size: number | null;
  /** The first bytes, up to 64 KiB: enough to tell formats apart. */
  readonly head: Buffer;
  chunks(): AsyncIterable<Buffer>;
  /** A file that holds just these bytes, for formats that are read from their end: unpacked where need be. */
  file(): Promise<string>;
  close(): Promise<void>;
}

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Files that are no text and that people do pass by mistake, by their first bytes. */
const FOREIGN: readonly (readonly [magic: string, what: string])[] = [
  ['FEA1', 'a Feather file of version 1'],
  ['PK\x03\x04', 'a ZIP archive (or an .xlsx or .npz file, which are such archives)'],
  ['BZh', 'compressed with bzip2'],
  ['\xfd7zXZ', 'compressed with xz'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['%PDF-', 'a PDF document'],
  ['\xff\xfe', 'UTF-16 text'],
  ['\xfe\xff', 'UTF-16 text'],
];

/** Opens a path, or standard input for '-'. What can be read only once (pipes) is spooled to disk. */
export async function openBytes(path: string, options: RunOptions = {}): Promise<Bytes> {
  const name = path === '-' ? 'standard input' : path;
  const regular = path !== '-' && (await isRegularFile(path));
  const spool = regular ? null : await spoolToDisk(path, name, options);
  const file = spool === null ? path : join(spool, 'input');
  let unpacked: Promise<string> | null = null;
  const close = async (): Promise<void> => {
    if (spool !== null) await rm(spool, { recursive: true, force: true });
    if (unpacked !== null) await rm(dirname(await unpacked), { recursive: true, force: true });
  };
  try {
    const packing = packingOf(await readStart(file, name));
    const chunks = (): AsyncIterable<Buffer> => read(file, name, packing);
    const head = await firstBytes(chunks());
    refuseForeign(head, name);
    return {
      name,
      extension: extname(path.toLowerCase().replace(/\.(gz|zst)$/, '')),
      size: packing === null ? (await stat(file)).size : null,
      head,
      chunks,
      file: async () => {
        if (packing === null) return file;
        unpacked ??= unpackToDisk(chunks(), name);
        return unpacked;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function isRegularFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw inputError(`${path} does not exist; check the path.`, { cause: error });
    }
    throw unreadable(path, error);
  });
  if (found.isDirectory()) {
    throw inputError(
      `${path} is a folder; name the files in it, for example ${join(path, '*.jsonl')}.`,
    );
  }
  return found.isFile();
}

function unreadable(name: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const why = code === 'EACCES' ? 'permission denied' : messageOf(error);
  return inputError(`${name} cannot be read: ${why}.`, { cause: error });
}

async function spoolToDisk(path: string, name: string, options: RunOptions): Promise<string> {
  throwIfAborted(options.signal);
  const folder = await mkdtemp(join(tmpdir(), 'gamut-'));
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      done += chunk.length;
      options.onProgress?.({ stage: `reading ${name}`, done, total: null, unit: 'bytes' });
      callback(null, chunk);
    },
  });
  try {
    await pipeline(
      path === '-' ? process.stdin : createReadStream(path),
      count,
      createWriteStream(join(folder, 'input')),
      options.signal ? { signal: options.signal } : {},
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throwIfAborted(options.signal);
    throw runtimeError(`${name} could not be copied to ${tmpdir()}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return folder;
}

async function readStart(file: string, name: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* read(file: string, name: string, packing: Packing): AsyncGenerator<Buffer> {
  const packed = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  let broken: unknown = null;
  packed.once('error', (error) => {
    broken = error;
  });
  try {
    let first = true;
    for await (const chunk of unpack(packed, packing)) {
      yield first && hasMark(chunk) ? chunk.subarray(3) : chunk;
      first = false;
    }
  } catch (error) {
    if (packing === null || broken !== null) throw unreadable(name, broken ?? error);
    throw inputError(
      `${name} is a damaged or cut-off ${packing} file (${messageOf(error)}); fetch or pack it again.`,
      { cause: error },
    );
  } finally {
    packed.destroy();
  }
}

async function unpackToDisk(chunks: AsyncIterable<Buffer>, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gamut-'));
  try {
    await pipeline(chunks, createWriteStream(join(folder, 'input')));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (error instanceof GamutError) throw error;
    throw runtimeError(`${name} could not be unpacked to ${tmpdir()}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return join(folder, 'input');
}

const hasMark = (bytes: Buffer): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

async function firstBytes(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

function refuseForeign(head: Buffer, name: string): void {
  const start = head.toString('latin1', 0, 16);
  const what = FOREIGN.find(([magic]) => start.startsWith(magic))?.[1];
  if (what !== undefined) {
    throw inputError(
      `${name} is ${what}, which cannot be read; convert it to JSON Lines, CSV or plain text in UTF-8, or to .npy.`,
    );
  }
}
