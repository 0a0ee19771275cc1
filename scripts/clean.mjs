/** Removes what earlier builds left of sources that may be gone; WASM is kept, as it has its own check. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

for (const folder of ['src', 'models', 'bench', 'examples', '.built']) {
  const path = fileURLToPath(new URL(`../dist/${folder}`, import.meta.url));
  rmSync(path, { recursive: true, force: true });
}
