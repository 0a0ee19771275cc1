import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeError } from '../../base/errors.ts';

const IMPORT = /^import (?:type )?\{[^}]*\} from '(\.[^']+)';\n/gm;
const EXPORT = /^export (?=(?:async )?function|const|class|let)/gm;

/**
 * Joins a compiled module and what it imports into one script, each module once, after what it
 * needs. A page that is opened from disk cannot import a second file. The modules keep their names,
 * so two of them must not declare the same one: as one module the browser refuses that.
 */
export function linkScript(entry: string): string {
  if (!existsSync(entry)) {
    throw runtimeError(`The report's script is missing at ${entry}. Run "npm run build" first.`);
  }
  const seen = new Set<string>();
  const parts: string[] = [];
  const add = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, path] of source.matchAll(IMPORT)) add(join(dirname(file), path!));
    parts.push(source.replace(IMPORT, '').replace(EXPORT, ''));
  };
  add(entry);
  return parts.join('\n');
}
