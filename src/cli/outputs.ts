import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import { checkFolderWritable, checkWritable } from '../base/files.ts';

/** A file or folder that a flag asks for; undefined where it was not given. */
export interface Output {
  readonly flag: string;
  readonly path: string | undefined;
  readonly folder?: boolean;
}

/**
 * Refuses, before any work is done for them, outputs that cannot be created and outputs that would
 * overwrite an input or each other.
 */
export async function checkOutputs(
  outputs: readonly Output[],
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const taken = new Map<string, string>();
  for (const input of inputs) {
    if (input !== undefined && input !== '-') taken.set(await identity(input), 'an input');
  }
  for (const { flag, path, folder } of outputs) {
    if (path === undefined) continue;
    if (path === '-') throw usageError(`${flag} cannot go to standard output; name a file.`);
    if (path === '') throw usageError(`${flag} is empty; name a file.`);
    if (path.startsWith('--')) {
      throw usageError(`${flag} needs a name before ${path}; write ./${path} if that is the name.`);
    }
    await (folder ? checkFolderWritable : checkWritable)(path, flag);
    const found = await stat(path).catch(() => null);
    if (found && !found.isFile() && !found.isDirectory()) continue;
    const same = await identity(path);
    const other = taken.get(same);
    if (other !== undefined) {
      throw usageError(`${flag} ${path} is ${other} too; name another file to write.`);
    }
    taken.set(same, flag);
  }
}

const identity = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
