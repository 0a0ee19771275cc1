import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import { inputError, messageOf } from '../base/errors.ts';
import { type Device, type DeviceChoice, openDevice, type Session } from '../compute/device.ts';
import { floatsOf } from '../compute/token-pool.ts';
import type { Dtype, ModelCard } from './embedder.ts';
import { fileHash, readJson } from './model-files.ts';
import { modelFile, noSuchPrecision, openModel } from './model-folder.ts';
import { decodePicture, type PictureRules, pictureRules } from './picture.ts';
import { normalise } from './windows.ts';

/** Turns pictures into unit vectors. */
export interface ImageEmbedder {
  readonly card: ModelCard;
  readonly dims: number;
  readonly device: string;
  readonly fingerprint: string;
  /** The vector of one picture, from the bytes of its file. Throws an input error for what is none. */
  embed(file: Uint8Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ImageModelOptions {
  readonly device?: DeviceChoice | Device | undefined;
  readonly threads?: number | undefined;
  readonly dtype?: Dtype | undefined;
  readonly card?: Partial<ModelCard> | undefined;
}

export const PREPROCESSOR = 'preprocessor_config.json';
/** Goes up whenever decoding or pooling changes a vector. */
const VERSION = 1;

/** The file of an image encoder: CLIP's stands beside its text encoder's. */
export function imageModelFile(dtype: Dtype, has: (path: string) => boolean): string {
  const vision = modelFile(dtype).replace('model', 'vision_model');
  return has(vision) ? vision : modelFile(dtype);
}

/**
 * An image encoder from a folder in the Hugging Face layout: `preprocessor_config.json`, which says how
 * pictures are cut and scaled, and `onnx/model.onnx` (or `onnx/vision_model.onnx`), which takes
 * `pixel_values`. Pictures go through one by one, so no vector depends on another picture.
 */
export async function openImageModel(
  path: string,
  options: ImageModelOptions = {},
): Promise<ImageEmbedder> {
  const folder = resolve(path);
  const { dtype = 'fp32' } = options;
  const here = (name: string): boolean => existsSync(join(folder, name));
  if (!here(PREPROCESSOR)) {
    throw inputError(
      `The model ${path} is no image encoder: it has no ${PREPROCESSOR}. Take one such as Xenova/clip-vit-base-patch32 or Xenova/dinov2-small.`,
    );
  }
  const file = join(folder, imageModelFile(dtype, here));
  if (!existsSync(file)) throw noSuchPrecision(`The model folder ${path}`, dtype, here);
  const rules = pictureRules(readJson(join(folder, PREPROCESSOR)), join(folder, PREPROCESSOR));
  const device = await openDevice(options.device);
  const session = await openModel(file, device, options.threads).catch((error: unknown) => {
    throw inputError(`The model in ${path} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  });
  if (session.inputs.join() !== 'pixel_values') {
    throw inputError(
      `The model in ${path} takes ${session.inputs.join(', ')}, where an image encoder takes pixel_values alone.`,
    );
  }
  const run = (pixels: Float32Array): Promise<Float32Array> => encode(session, rules, pixels);
  const dims = (await run(new Float32Array(3 * rules.height * rules.width))).length;
  const hash = await fileHash(file);
  const card: ModelCard = {
    name: basename(folder),
    title: basename(folder),
    source: path,
    revision: hash.slice('sha256:'.length, 'sha256:'.length + 12),
    licence: 'as the model’s own',
    citation: '',
    maxTokens: 0,
    prefix: '',
    reads: 'images',
    ...options.card,
    dims,
    pooling: 'none',
    hash,
    dtype,
  };
  const recipe = JSON.stringify([rules, device.name, dtype]);
  return {
    card,
    dims,
    device: device.name,
    fingerprint: `images ${hash} ${recipe} v${VERSION}`,
    embed: async (bytes) => run(await decodePicture(bytes, rules)),
    async close() {
      await session.release();
      await device.close();
    },
  };
}

/** Outputs that are one vector a picture, the best first. */
const POOLED = ['image_embeds', 'pooler_output'];

async function encode(
  session: Session,
  { height, width }: PictureRules,
  pixels: Float32Array,
): Promise<Float32Array> {
  const results = await session.run({ pixel_values: [pixels, [1, 3, height, width]] });
  const name = POOLED.find((each) => each in results) ?? session.outputs[0]!;
  const vector = pooled(results[name]!);
  normalise(vector);
  return vector;
}

/** A vector as it is; of a row of them the first, which is CLS; of a map of features their mean. */
function pooled(tensor: Tensor): Float32Array {
  const values = floatsOf(tensor);
  const [, channels = 1, ...area] = tensor.dims;
  if (area.length === 0) return values.slice();
  if (area.length === 1) return values.slice(0, area[0]);
  const size = area.reduce((product, dim) => product * dim, 1);
  return Float32Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += values[c * size + i]!;
    return sum / size;
  });
}
