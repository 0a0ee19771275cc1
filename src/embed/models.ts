import { statSync } from 'node:fs';
import { usageError } from '../base/errors.ts';
import { modelNames, readCard } from './card.ts';
import type { Embedder, LongTexts, ModelCard } from './embedder.ts';
import { openModelFolder } from './model-folder.ts';
import { createUseLite } from './use-lite.ts';

export interface EmbedderOptions {
  /** Default 'cpu'. */
  readonly device?: string | undefined;
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
  const { device = 'cpu' } = options;
  if (device !== 'cpu') {
    throw usageError(
      `The device '${device}' is not available: this build computes on the cpu only.`,
    );
  }
  return load(options);
}

/** A name that is an existing folder is a model in the Hugging Face layout. */
const folderLoader = (
  name: string,
): ((options: EmbedderOptions) => Promise<Embedder>) | undefined =>
  statSync(name, { throwIfNoEntry: false })?.isDirectory()
    ? (options) => openModelFolder(name, options)
    : undefined;
