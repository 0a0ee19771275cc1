import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GamutError, messageOf, runtimeError, usageError } from './errors.ts';

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file whole or not at all: the content goes to a temporary neighbour, is flushed to disk
 * and takes the name only then. A reader never sees half a file, also not after `kill -9`. A link is
 * followed; what is no regular file (`/dev/null`, a named pipe) is written to as it is.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | Chunks,
): Promise<void> {
  const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    if (await isSpecial(path)) return await writeChunks(path, 'w', chunks);
    const target = await realpath(path).catch(() => path);
    const temporary = temporaryOf(target);
    try {
      await makeFolder(dirname(target));
      await writeChunks(temporary, 'wx', chunks);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    // What the content is made from may be at fault, or interrupted; it says so itself.
    if (error instanceof GamutError) throw error;
    throw runtimeError(`Could not write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function writeChunks(path: string, flags: 'w' | 'wx', chunks: Chunks): Promise<void> {
  const file = await open(path, flags);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    if (flags === 'wx') await file.sync();
  } finally {
    await file.close();
  }
}

/** 'sha256:…' of a file's bytes. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

const temporaryOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);

async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}

/**
 * Makes a folder and those above it. Not by mkdir's own `recursive`, which never returns where the
 * system refuses a folder as missing, as under `/proc`.
 */
export async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw error;
      if (!(await stat(path).catch(() => null))?.isDirectory()) throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
}

/**
 * Refuses an output file that cannot be created, before any work is done for it: it must not be a
 * folder, and a file must be possible in the nearest existing folder above it.
 */
export async function checkWritable(path: string, flag: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) {
    throw usageError(`${flag} ${path} is a folder; name a file in it.`);
  }
  if (await isSpecial(path)) return;
  const target = await realpath(path).catch(() => path);
  await tryFileIn(await nearestFolder(dirname(target), path, flag), basename(target), path, flag);
}

/** The same for an output that is a folder: it is there or can be made, and files can be made in it. */
export async function checkFolderWritable(path: string, flag: string): Promise<void> {
  await tryFileIn(await nearestFolder(path, path, flag), 'file', path, flag);
}

/** The folder itself or the nearest one above it that exists. */
async function nearestFolder(folder: string, path: string, flag: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return folder;
  if (found) throw usageError(`${flag} ${path} cannot be created: ${folder} is not a folder.`);
  return nearestFolder(dirname(folder), path, flag);
}

/** Asks by doing: permissions do not tell of a full disk, a name too long, or a folder like `/proc`. */
async function tryFileIn(folder: string, name: string, path: string, flag: string): Promise<void> {
  const trial = temporaryOf(join(folder, name));
  try {
    await access(folder, constants.W_OK);
    await (await open(trial, 'wx')).close();
  } catch (error) {
    throw usageError(
      `${flag} ${path} cannot be created: ${folder} is not writable (${messageOf(error)}).`,
      { cause: error },
    );
  } finally {
    await rm(trial, { force: true });
  }
}
