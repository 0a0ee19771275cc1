import { builtFolder } from './build.ts';
import { readCard } from './card.ts';
import { distill } from './distill.ts';
import type { Embedder } from './embedder.ts';
import { openStaticModel, type StaticModelOptions } from './static-model.ts';
import { createUseLite } from './use-lite.ts';

export interface UseLiteStaticOptions extends Omit<StaticModelOptions, 'card'> {
  /** The cache folder; default see `cacheFolder`. */
  readonly cache?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The default model distilled: no transformer, many times as fast and less good. It is made of the
 * default model on first use, always on the processor, so that it is one model whatever the device.
 */
export async function createUseLiteStatic(options: UseLiteStaticOptions = {}): Promise<Embedder> {
  const { cache, signal, ...rest } = options;
  const card = readCard('use-lite-static');
  const build = async (): ReturnType<Parameters<typeof builtFolder>[1]> => {
    const teacher = await createUseLite({ cache });
    try {
      return (await distill(teacher, { dims: card.dims, signal })).files;
    } finally {
      await teacher.close();
    }
  };
  const { folder, damage, release } = await builtFolder(card, build, cache);
  try {
    const { source, revision, title, name, licence, citation, maxTokens, prefix } = card;
    const known = { source, revision, title, name, licence, citation, maxTokens, prefix };
    const model = await openStaticModel(folder, { ...rest, card: known });
    return {
      ...model,
      get warnings() {
        return [...(damage === null ? [] : [damage]), ...(model.warnings ?? [])];
      },
      // Threads open the folder later on.
      async close() {
        await model.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
