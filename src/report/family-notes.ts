import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * What the file of each family says at its head: the formula, the paper, what the degenerate cases are.
 * It is written once, beside the code; compiled files keep it.
 */
export async function familyNotes(): Promise<ReadonlyMap<string, string>> {
  const folder = fileURLToPath(new URL('../measures/', import.meta.url));
  const notes = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/(?<!\.d)\.[tj]s$/.test(entry.name)) continue;
    const source = await readFile(`${entry.parentPath}/${entry.name}`, 'utf8');
    const head = /^\/\*\*(.*(?:\n \*.*)*?)\s*\*\//m.exec(source)?.[1];
    if (head === undefined) continue;
    for (const family of familiesIn(source)) notes.set(family, withoutStars(head));
  }
  return notes;
}

/** Families that a file declares: named in full, or after a column or a model. */
function familiesIn(source: string): readonly string[] {
  const named = Array.from(source.matchAll(/\bfamily: '([^']+)'/g), ([, name]) => name!);
  const [, stem, what] = /`([\w.-]+):\$\{(column|name)\}`/.exec(source) ?? [];
  return stem === undefined ? named : [...named, `${stem}:${what!.toUpperCase()}`];
}

const withoutStars = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n')
    .trim();
