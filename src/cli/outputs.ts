import { readdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import { checkFolderWritable, checkWritable } from '../base/files.ts';

/** A file or folder that a flag asks for; undefined where it was not given. */
export interface Output {
  readonly flag: string;
  readonly path: string | undefined;
  /** For a folder: the names of all the files that it may hold, or that it may hold any. */
  readonly folder?: readonly string[] | 'any';
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
    if (folder && folder !== 'any') await refuseOtherFiles(path, flag, folder);
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

/** Such a folder is one of its own: its files must not end up among somebody's. */
async function refuseOtherFiles(path: string, flag: string, own: readonly string[]): Promise<void> {
  const names = await readdir(path).catch((): string[] => []);
  const other = names.find((name) => !name.startsWith('.') && !own.includes(name));
  if (other === undefined) return;
  throw usageError(`${flag} ${path} holds other files (${other}); name a folder for this alone.`);
}

const identity = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
