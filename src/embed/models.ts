import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import type { OnProgress } from '../base/progress.ts';
import type { Device, DeviceChoice } from '../compute/device.ts';
import { modelNames, readCard } from './card.ts';
import type { Dtype, Embedder, LongTexts, ModelCard } from './embedder.ts';
import {
  type EndpointOptions,
  isEndpoint,
  openHttpModel,
  refuseEndpointOptions,
} from './http-model.ts';
import { parseHubId } from './hub/hub.ts';
import { openHubImageModel, openHubModel } from './hub/hub-model.ts';
import { type ImageEmbedder, openImageModel } from './image-model.ts';
import { openModelFolder } from './model-folder.ts';
import { isStaticFolder, openStaticModel } from './static-model.ts';
import { truncated } from './truncated.ts';
import { createUseLite } from './use-lite.ts';
import { createUseLiteStatic } from './use-lite-static.ts';

/** What of a model is used, and how. */
export interface ModelOptions {
  /** Default 'mean'. */
  readonly long?: LongTexts | undefined;
  /** The precision of the weights; default 'fp32'. Only for models that come in several. */
  readonly dtype?: Dtype | undefined;
  /** Only the first so many dimensions, of length one again. */
  readonly dims?: number | undefined;
  /** Text before every row, in place of what the model's card or files say. */
  readonly prefix?: string | undefined;
  /** The cache folder; default see `cacheFolder`. */
  readonly cache?: string | undefined;
  /** No network: models that are not here are errors. */
  readonly offline?: boolean | undefined;
  /** How a model behind an endpoint is asked; refused for others. */
  readonly endpoint?: EndpointOptions | undefined;
}

export interface EmbedderOptions extends ModelOptions {
  /** A name, or a device that is open already. Default 'cpu'. */
  readonly device?: DeviceChoice | Device | undefined;
  /** Threads for the arithmetic; 0, the default, leaves the number to the runtime. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

type Load = (options: EmbedderOptions) => Promise<Embedder>;

/** What opens each model that gamut builds itself. A new one is a folder in `models/` and a line here. */
const BUILT: Readonly<Record<string, Load>> = {
  'use-lite': createUseLite,
  'use-lite-static': createUseLiteStatic,
};

/** The cards of all models: those that need no network first, then by name. */
export function listModels(): ModelCard[] {
  const cards = modelNames().map(readCard);
  const fetched = ({ source }: ModelCard): boolean => source.startsWith('hub:');
  return [...cards.filter((card) => !fetched(card)), ...cards.filter(fetched)];
}

/** Opens a model on a device: one with a card, from a folder, from the hub, or behind an endpoint. */
export async function loadEmbedder(name: string, options: EmbedderOptions = {}): Promise<Embedder> {
  const load = loaderOf(name);
  if (load === undefined) {
    throw usageError(
      `There is no model '${name}'; known models: ${modelNames().join(', ')}, a folder with a model, or a name on the Hugging Face hub such as Xenova/all-MiniLM-L6-v2.`,
    );
  }
  if (!isEndpoint(name)) refuseEndpointOptions(name, options.endpoint);
  const embedder = await load(options);
  if (options.dims === undefined) return embedder;
  try {
    return truncated(embedder, options.dims);
  } catch (error) {
    await embedder.close();
    throw error;
  }
}

/** Opens an image encoder: from a folder, or from the hub. */
export async function loadImageEmbedder(
  name: string,
  options: EmbedderOptions = {},
): Promise<ImageEmbedder> {
  refuseEndpointOptions(name, options.endpoint);
  if (isFolder(name)) return openImageModel(name, options);
  const id = parseHubId(name);
  if (id !== null) return openHubImageModel(id, options);
  throw usageError(
    `'${name}' is no image encoder: name a folder with one, or one of the hub such as Xenova/dinov2-small.`,
  );
}

/** The name of a model wherever it is asked for from: a folder's whole path. */
export const modelKey = (name: string): string =>
  !Object.hasOwn(BUILT, name) && isFolder(name) ? resolve(name) : name;

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether a model is known to come in one precision, before anything of it is opened or fetched. */
export const hasOnePrecision = (name: string): boolean =>
  Object.hasOwn(BUILT, name) || needsNoDevice(name);

/** Whether a model is known to run on no device, before it is opened: a table of vectors, or behind an endpoint. */
export function needsNoDevice(name: string): boolean {
  if (isEndpoint(name)) return true;
  if (!Object.hasOwn(BUILT, name) && isFolder(name)) return isStaticFolder(name);
  return cardOf(name)?.static === true;
}

function loaderOf(name: string): Load | undefined {
  if (Object.hasOwn(BUILT, name)) return withoutPrecisions(name, BUILT[name]!);
  if (isEndpoint(name)) return withoutPrecisions(name, (options) => openHttpModel(name, options));
  if (!isFolder(name)) return hubLoader(name);
  if (!isStaticFolder(name)) return (options) => openModelFolder(name, options);
  return withoutPrecisions(name, (options) => openStaticModel(name, options));
}

const cardOf = (name: string): ModelCard | undefined =>
  listModels().find((card) => card.name === name || card.source === `hub:${name}`);

/** A model of the hub: by the name of its card, or by its id, whose card is used if there is one. */
function hubLoader(name: string): Load | undefined {
  const card = cardOf(name);
  const id = parseHubId(card?.source.replace(/^hub:/u, '') ?? name);
  return id === null ? undefined : (options) => openHubModel(id, card, options);
}

/** Refuses a precision for a model that comes in one. */
function withoutPrecisions(name: string, load: Load): Load {
  return (options) => {
    if (options.dtype !== undefined) {
      throw usageError(
        `The model ${name} comes in one precision only; leave out --dtype ${options.dtype}.`,
      );
    }
    return load(options);
  };
}
