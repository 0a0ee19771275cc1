import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../base/cache.ts';
import { GamutError, inputError, messageOf, throwIfAborted, usageError } from '../base/errors.ts';
import { picturesIn } from '../data/images.ts';
import type { BadRow, Dataset, Row } from '../data/row.ts';
import type { ImageEmbedder } from '../embed/image-model.ts';
import { loadImageEmbedder, modelKey } from '../embed/models.ts';
import { type Key, openVectorStore, type VectorStore } from '../embed/store.ts';
import { bytesKey } from '../embed/text-key.ts';
import type { InputOptions, Inputs } from './inputs.ts';

/** Folders of pictures as datasets of vectors, and how they were embedded. */
export interface Pictures {
  readonly datasets: readonly Dataset[];
  readonly embedder: NonNullable<Inputs['embedder']>;
  readonly warnings: readonly string[];
}

/** Vectors committed at a time: what a kill can lose. */
const COMMIT_PICTURES = 64;

/**
 * Embeds the pictures of folders, each through the image encoder once; null where no set of inputs is a
 * folder of pictures. From then on they are rows of vectors, with the path in the folder as id.
 */
export async function openPictures(
  sets: readonly (readonly string[])[],
  options: InputOptions,
): Promise<Pictures | null> {
  const found: string[][] = [];
  for (const paths of sets) {
    found.push((await Promise.all(paths.map((path) => picturesIn(path)))).flat());
  }
  if (found.every((files) => files.length === 0)) return null;
  for (const [i, paths] of sets.entries()) {
    if (paths.length !== 1 || found[i]!.length === 0) {
      throw usageError(
        `${paths.join(' ')}: a folder of pictures is a dataset by itself, and is held against another such folder.`,
      );
    }
  }
  if (options.model === undefined) {
    throw usageError(
      `${sets[0]![0]} holds pictures; name an image encoder, for example --model Xenova/dinov2-small.`,
    );
  }
  const { dims, prefix, text } = options;
  const idle = Object.entries({ dims, prefix, text }).find(([, value]) => value !== undefined);
  if (idle)
    throw usageError(`--${idle[0]} is for texts, and ${sets[0]![0]} holds pictures; leave it out.`);
  const model = await loadImageEmbedder(options.model, options);
  const store = await openVectorStore(cacheFolder(options.cache), model.fingerprint, model.dims);
  try {
    const datasets: Dataset[] = [];
    for (const [i, paths] of sets.entries()) {
      datasets.push(await embedFolder(paths[0]!, found[i]!, model, store, options));
    }
    const { card, device, fingerprint } = model;
    const asked = { model: modelKey(options.model), dtype: options.dtype };
    const warnings =
      store.failure === null
        ? []
        : [`Vectors could not be kept for the next run: ${store.failure}.`];
    return { datasets, embedder: { card, device, fingerprint, long: 'mean', asked }, warnings };
  } finally {
    await store.close();
    await model.close();
  }
}

async function embedFolder(
  folder: string,
  files: readonly string[],
  model: ImageEmbedder,
  store: VectorStore,
  options: InputOptions,
): Promise<Dataset> {
  const rows: Row[] = [];
  const badRows: BadRow[] = [];
  let fresh: { readonly key: Key; readonly vector: Float32Array }[] = [];
  const commit = async (): Promise<void> => {
    const vectors = new Float32Array(fresh.length * model.dims);
    for (const [i, { vector }] of fresh.entries()) vectors.set(vector, i * model.dims);
    await store.commit(
      fresh.map(({ key }) => key),
      vectors,
      new Int32Array(fresh.length),
    );
    fresh = [];
  };
  for (const [i, file] of files.entries()) {
    throwIfAborted(options.signal);
    try {
      const bytes = await readFile(join(folder, file));
      const key = bytesKey(bytes);
      const stored = store.get(key)?.vector;
      const vector = stored ? stored.slice() : await model.embed(bytes);
      if (!stored) fresh.push({ key, vector });
      const columns = { file, folder: dirname(file) };
      rows.push({ id: file, text: null, vector, columns, at: { source: 0, line: i + 1 } });
    } catch (error) {
      if (!(error instanceof GamutError && error.kind === 'input')) throw error;
      const why = messageOf(error);
      if (options.onBadRow !== 'skip') {
        throw inputError(
          `${join(folder, file)}: ${why}. Mend it, or leave it out with --on-bad-row skip.`,
        );
      }
      badRows.push({ source: folder, line: i + 1, why: `(${file}): ${why}` });
    }
    if (fresh.length >= COMMIT_PICTURES) await commit();
    options.onProgress?.({
      stage: 'embedding',
      done: i + 1,
      total: files.length,
      unit: 'pictures',
    });
  }
  await commit();
  if (rows.length === 0) throw inputError(`${folder} has no pictures that can be decoded.`);
  return {
    kind: 'vectors',
    dims: model.dims,
    sources: [{ path: folder, format: 'pictures', text: null, textColumns: [] }],
    badRows: badRows.slice(0, 100),
    badRowCount: badRows.length,
    async *rows() {
      // Whoever reads them may scale them in place.
      for (const row of rows) yield { ...row, vector: row.vector!.slice() };
    },
    async close() {},
  };
}
