import { cacheFolder } from '../base/cache.ts';
import { openDevice } from '../compute/device.ts';
import { BLOCK_ROWS, type Vectors, vectorsOf } from '../compute/vectors.ts';
import type { Row } from '../data/row.ts';
import type { Embedder } from '../embed/embedder.ts';
import { isEndpoint } from '../embed/http-model.ts';
import { loadEmbedder } from '../embed/models.ts';
import { embedRows } from '../embed/pipeline.ts';
import { openVectorStore } from '../embed/store.ts';
import type { EmbeddersOptions, Setup } from './settings.ts';
import { type WatchedDevice, watchedDevice } from './waiting.ts';

/** What one embedder makes of texts. */
export interface Embedded {
  readonly setup: Setup;
  /** One unit vector a text. */
  readonly vectors: Vectors;
  readonly dims: number;
  /** What ran: the model's title, the device it ran on and its adapter, the precision. */
  readonly title: string;
  readonly device: string;
  readonly dtype: string | null;
  readonly warnings: readonly string[];
}

/** Embeds rows, from the vector store where it has them. */
export async function embedWith(
  setup: Setup,
  rows: readonly Row[],
  options: EmbeddersOptions,
): Promise<Embedded> {
  return withEmbedder(setup, options, async (embedder, { device: { description } }) => {
    const folder = cacheFolder(options.cache);
    const { dims, card } = embedder;
    const store = embedder.cheap
      ? null
      : await openVectorStore(folder, embedder.fingerprint, embedder.dims);
    try {
      const { signal, onProgress } = options;
      const data = new Float32Array(rows.length * dims);
      const run = { signal, onProgress, total: rows.length };
      let block = 0;
      for await (const { vectors } of embedRows(streamOf(rows), embedder, store, run)) {
        data.set(vectors, block * BLOCK_ROWS * dims);
        block += 1;
      }
      return {
        ...{ setup, vectors: vectorsOf(data, dims), dims, title: card.title },
        warnings: embedder.warnings ?? [],
        ...{ device: description, dtype: setup.dtype ?? card.dtype ?? null },
      };
    } finally {
      await store?.close();
    }
  });
}

/** Opens the device and the model, and closes both. */
export async function withEmbedder<T>(
  { model, device: asked, dtype }: Setup,
  options: Omit<EmbeddersOptions, 'text'>,
  work: (embedder: Embedder, on: WatchedDevice) => Promise<T>,
): Promise<T> {
  const watched = watchedDevice(await openDevice(asked));
  const { device } = watched;
  try {
    const { long, prefix, cache, offline, signal, onProgress } = options;
    const endpoint = isEndpoint(model) ? options.endpoint : undefined;
    const asked = { long, prefix, cache, offline, endpoint, signal, onProgress };
    const embedder = await loadEmbedder(model, { ...asked, dtype: dtype ?? undefined, device });
    try {
      return await work(embedder, watched);
    } finally {
      await embedder.close();
    }
  } finally {
    await device.close();
  }
}

async function* streamOf(rows: readonly Row[]): AsyncGenerator<Row, void, undefined> {
  yield* rows;
}
