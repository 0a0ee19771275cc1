import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Endings of files that are taken for pictures. */
const ENDINGS = /\.(?:png|jpe?g|webp|gif|tiff?|avif)$/iu;

/**
 * The pictures in a folder and those below it, by their paths within it, sorted; empty where there is
 * no folder or no picture in it. Hidden files and folders, and what cannot be read, are left alone.
 */
export async function picturesIn(folder: string): Promise<string[]> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) return [];
  const found: string[] = [];
  const look = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await look(path);
      else if (entry.isFile() && ENDINGS.test(entry.name)) found.push(path);
    }
  };
  await look('');
  return found.sort((a, b) => (a < b ? -1 : 1));
}
