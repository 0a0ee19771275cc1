import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds gamut's package.json, from sources and from the built files alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** A path inside the package, such as `models/use-lite/card.json` or `dist/native/eigen.wasm`. */
export const packagePath = (...parts: readonly string[]): string => join(packageRoot(), ...parts);

/** gamut's own version, from package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string })
    .version;
}
