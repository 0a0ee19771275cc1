import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inputError } from '../../base/errors.ts';
import type { RunOptions } from '../../base/progress.ts';
import type { Dtype, Embedder, ModelCard } from '../embedder.ts';
import { readFolderSettings } from '../folder-settings.ts';
import {
  type ImageEmbedder,
  imageModelFile,
  openImageModel,
  PREPROCESSOR,
} from '../image-model.ts';
import {
  type ModelFolderOptions,
  modelFile,
  noSuchPrecision,
  openModelFolder,
} from '../model-folder.ts';
import { openStaticModel, saysStatic, WEIGHTS } from '../static-model.ts';
import { type HubId, hubFromEnvironment } from './hub.ts';
import { openSnapshot, type SnapshotOptions, type Wanted } from './snapshot.ts';

export interface HubModelOptions extends ModelFolderOptions, RunOptions {
  /** The cache folder; default see `hubFromEnvironment`. */
  readonly cache?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly waitMs?: SnapshotOptions['waitMs'];
}

/**
 * A model of the Hugging Face hub, fetched when it is first used: an ONNX export for transformers.js, or a static
 * model. What its own files leave open, such as the pool, its card says if it has one.
 */
export async function openHubModel(
  id: HubId,
  known: ModelCard | undefined,
  options: HubModelOptions = {},
): Promise<Embedder> {
  const { cache: _, offline: __, signal: ___, onProgress: ____, waitMs: _____, ...rest } = options;
  const { repository } = id;
  const weights = weightsOf(repository, options.dtype ?? 'fp32');
  const { folder, card, warnings } = await fetchModel(id, known, weights, options);
  if (saysStatic(folder)) {
    if (options.dtype !== undefined) {
      throw inputError(`The model ${repository} comes in one precision only; leave out --dtype.`);
    }
    const { long, threads, prefix } = rest;
    const model = await openStaticModel(folder, { long, threads, prefix, card });
    return withWarnings(model, warnings);
  }
  return withWarnings(await openModelFolder(folder, { ...rest, card }), warnings);
}

function withWarnings(model: Embedder, warnings: readonly string[]): Embedder {
  return {
    ...model,
    get warnings() {
      return [...warnings, ...(model.warnings ?? [])];
    },
  };
}

/** An image encoder of the hub. */
export async function openHubImageModel(
  id: HubId,
  options: HubModelOptions = {},
): Promise<ImageEmbedder> {
  const { dtype = 'fp32', device, threads } = options;
  const { repository } = id;
  const weights: Wanted['weights'] = (_, paths) => {
    if (paths.length > 0 && !paths.includes(PREPROCESSOR)) {
      throw inputError(`The model ${repository} is no image encoder: it has no ${PREPROCESSOR}.`);
    }
    const has = (path: string): boolean => paths.includes(path);
    const model = imageModelFile(dtype, has);
    if (paths.length > 0 && !has(model)) {
      throw noSuchPrecision(`The model ${repository}`, dtype, has);
    }
    return [model];
  };
  const { folder, card } = await fetchModel(id, undefined, weights, options);
  return openImageModel(folder, { device, threads, dtype, card });
}

/** Fetches a model's settings and weights, and says what is known of it. */
export async function fetchModel(
  id: HubId,
  known: ModelCard | undefined,
  weights: Wanted['weights'],
  {
    cache,
    offline,
    signal,
    onProgress,
    waitMs,
  }: Pick<HubModelOptions, 'cache' | 'offline' | 'signal' | 'onProgress' | 'waitMs'>,
): Promise<{ folder: string; card: Partial<ModelCard>; warnings: readonly string[] }> {
  const { repository } = id;
  const hub = hubFromEnvironment({ cache, offline });
  const wanted = { settings: isSetting, weights };
  const snapshot = await openSnapshot(hub, id, wanted, { signal, onProgress, waitMs });
  const { folder, commit, licence, warnings } = snapshot;
  const card = {
    name: repository,
    title: repository,
    licence: licence ?? 'not stated',
    ...(known === undefined ? {} : overrides(known)),
    source: `${hub.endpoint}/${repository}`,
    revision: commit,
  };
  return { folder, card, warnings };
}

/** What a card says and a model's own files may not; its dimensions and hash are found out. */
function overrides(card: ModelCard): Partial<ModelCard> {
  const { dims: _, hash: __, source: ___, revision: ____, ...said } = card;
  return said;
}

const SETTINGS =
  /^(?:config|tokenizer|tokenizer_config|modules|config_sentence_transformers|sentence_bert_config|preprocessor_config|\d+_\w+\/config)\.json$|^chat_template\.jinja$/u;
const isSetting = (path: string): boolean => SETTINGS.test(path);

/** The files of the weights in one precision, those that lie beside the ONNX file among them. */
function weightsOf(repository: string, dtype: Dtype): Wanted['weights'] {
  return (folder, paths) => {
    if (!existsSync(join(folder, 'tokenizer.json'))) {
      throw inputError(`The model ${repository} has no tokenizer.json, which gamut needs.`);
    }
    if (saysStatic(folder)) return [WEIGHTS];
    const model = modelFile(dtype);
    if (paths.length > 0 && !paths.includes(model)) {
      if (!paths.some((path) => path.endsWith('.onnx'))) {
        throw inputError(
          `The model ${repository} has no ONNX file; look for an export of it, often Xenova/… or onnx-community/….`,
        );
      }
      throw noSuchPrecision(`The model ${repository}`, dtype, (file) => paths.includes(file));
    }
    const beside = paths.filter(
      (path) => path.startsWith(`${model}_data`) || path === `${model}.data`,
    );
    const { dense } = readFolderSettings(folder);
    return [model, ...beside, ...dense.map((layer) => `${relative(folder, layer)}/${WEIGHTS}`)];
  };
}
