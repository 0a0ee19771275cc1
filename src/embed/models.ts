import { statSync } from 'node:fs';
import { usageError } from '../base/errors.ts';
import type { Device, DeviceChoice } from '../compute/device.ts';
import { modelNames, readCard } from './card.ts';
import type { Embedder, LongTexts, ModelCard } from './embedder.ts';
import { openModelFolder } from './model-folder.ts';
import { isStaticFolder, openStaticModel } from './static-model.ts';
import { createUseLite } from './use-lite.ts';

export interface EmbedderOptions {
  /** A name, or a device that is open already. Default 'cpu'. */
  readonly device?: DeviceChoice | Device | undefined;
  /** Default 'mean'. */
  readonly long?: LongTexts | undefined;
  /** The cache folder; default see `cacheFolder`. */
  readonly cache?: string | undefined;
  /** Threads for the arithmetic; 0, the default, leaves the number to the runtime. */
  readonly threads?: number | undefined;
}

/** What opens each model that has a card. A new model is a folder in `models/` and a line here. */
const LOADERS: Readonly<Record<string, (options: EmbedderOptions) => Promise<Embedder>>> = {
  'use-lite': createUseLite,
};

/** The cards of all models, by name. */
export const listModels = (): ModelCard[] => modelNames().map(readCard);

/** Opens a model on a device. */
export async function loadEmbedder(name: string, options: EmbedderOptions = {}): Promise<Embedder> {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : folderLoader(name);
  if (!load) {
    throw usageError(
      `There is no model '${name}'; known models: ${modelNames().join(', ')}, or a folder with an ONNX model.`,
    );
  }
  return load(options);
}

/** A name that is an existing folder is a model in the Hugging Face layout. */
function folderLoader(
  folder: string,
): ((options: EmbedderOptions) => Promise<Embedder>) | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  if (isStaticFolder(folder)) return (options) => openStaticModel(folder, options);
  return (options) => {
    const { device = 'cpu' } = options;
    const name = typeof device === 'object' ? device.name : device;
    if (name !== 'cpu') {
      throw usageError(
        `The model in ${folder} runs on the cpu only, as models from a folder do; leave out --device ${name}.`,
      );
    }
    return openModelFolder(folder, options);
  };
}
