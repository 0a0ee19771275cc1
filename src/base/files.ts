import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, runtimeError, usageError } from './errors.ts';

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file whole or not at all: the content goes to a temporary neighbour, is flushed to disk
 * and takes the name only then. A reader never sees half a file, also not after `kill -9`.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | Chunks,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw runtimeError(`Could not write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Refuses an output that cannot be created, before any work is done for it: the nearest existing
 * folder above it must be writable, and the path itself must not be a folder.
 */
export async function checkWritable(path: string, flag: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory()) {
    throw usageError(`${flag} ${path} is a folder; name a file in it.`);
  }
  let folder = dirname(path);
  for (;;) {
    const found = await stat(folder).catch(() => null);
    if (found && !found.isDirectory()) {
      throw usageError(`${flag} ${path} cannot be created: ${folder} is not a folder.`);
    }
    if (found) break;
    folder = dirname(folder);
  }
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw usageError(`${flag} ${path} cannot be created: ${folder} is not writable.`, {
      cause: error,
    });
  });
}
