import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { inputError, messageOf, runtimeError } from '../base/errors.ts';
import { type Device, type DeviceChoice, openDevice, type Session } from '../compute/device.ts';
import { filesBeside, readBeside } from '../compute/external-data.ts';
import { floatsOf, POOLED } from '../compute/token-pool.ts';
import { type Dense, openDense } from './dense.ts';
import type { Dtype, Embedder, LongTexts, ModelCard, Pooling } from './embedder.ts';
import { DEFAULT_TOKENS, readFolderSettings } from './folder-settings.ts';
import { fileHash, hashOf } from './model-files.ts';
import { type PaddedWindows, padWindows, tokenPool } from './pool.ts';
import { tokensOf } from './tokenise/thread-tokens.ts';
import { openTokeniser } from './tokenise/tokenizer-json.ts';
import { unknownTokens } from './unread.ts';
import { embedTexts, normalise, WORTH_A_THREAD } from './windows.ts';

/**
 * Embedders from a folder in the Hugging Face layout: `tokenizer.json` and `onnx/model.onnx` (or
 * another precision beside it), and the files of sentence-transformers, where it has them, that say how
 * the model wants to be pooled, prompted and how much it reads. Nothing is downloaded.
 */
export interface ModelFolderOptions {
  /** A name, or a device that is open already. Default 'cpu'. */
  readonly device?: DeviceChoice | Device | undefined;
  readonly long?: LongTexts | undefined;
  readonly threads?: number | undefined;
  readonly dtype?: Dtype | undefined;
  /** What is known of the model beyond its folder: pool, length and prompt are what its own files say, if they do. */
  readonly card?: Partial<ModelCard> | undefined;
  /** Text before every row; it wins over everything else. */
  readonly prefix?: string | undefined;
}

/** The end of the file's name for each precision, as exporters write them. */
export const SUFFIXES: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};
/** What models have whose activations share a scale in each batch. */
const SCALED_BY_BATCH = 'DynamicQuantizeLinear';
/** Goes up whenever tokenising, windowing or pooling changes a vector. */
const VERSION = 2;

/** The file of a precision, from the model's folder: 'onnx/model_fp16.onnx'. */
export const modelFile = (dtype: Dtype): string => `onnx/model${SUFFIXES[dtype]}.onnx`;

export async function openModelFolder(
  path: string,
  options: ModelFolderOptions = {},
): Promise<Embedder> {
  const folder = resolve(path);
  const dtype = options.dtype ?? onlyPrecision(folder) ?? 'fp32';
  const file = findModel(folder, path, dtype);
  const settings = readFolderSettings(folder);
  const tokeniser = await openTokeniser(folder);
  const around = { before: tokeniser.before, after: tokeniser.after };
  const device = await openDevice(options.device);
  const session = await openModel(file, device, options.threads).catch((error: unknown) => {
    throw inputError(`The model in ${path} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  });
  const feeds = feedsFor(session, path);
  const pooled = VECTORS.find((name) => session.outputs.includes(name));
  const hidden = HIDDEN.find((name) => session.outputs.includes(name)) ?? session.outputs[0]!;
  const pooling: Pooling = pooled ? 'none' : (settings.pooling ?? options.card?.pooling ?? 'mean');
  const pooledBy = pooling === 'none' ? 'mean' : pooling;
  const dense: Dense[] = [];
  if (!pooled) for (const layer of settings.dense) dense.push(await openDense(layer, device));

  const run = async (windows: readonly Int32Array[], length: number): Promise<Float32Array> => {
    const padded = padWindows(windows, length, around);
    const wanted = pooled ? undefined : tokenPool(hidden, padded, pooledBy);
    const results = await session.run(feeds(padded), wanted).catch((error: unknown) => {
      throw runtimeError(
        `ONNX Runtime failed on ${padded.rows} texts of ${padded.width} tokens: ${messageOf(error)}`,
        { cause: error },
      );
    });
    let vectors: Float32Array = floatsOf(results[pooled ?? POOLED]!).slice();
    for (const layer of dense) vectors = await layer.run(vectors);
    const dims = vectors.length / padded.rows;
    for (let row = 0; row < padded.rows; row += 1) {
      normalise(vectors.subarray(row * dims, (row + 1) * dims));
    }
    return vectors;
  };
  const { tokenise, unknown } = tokeniser;
  const dims = (await run([Int32Array.of(Math.max(0, unknown))], 1)).length;
  const hash = await modelHash(file, settings.dense);
  const card: ModelCard = {
    name: basename(folder),
    title: basename(folder),
    source: path,
    revision: hash.slice('sha256:'.length, 'sha256:'.length + 12),
    licence: 'as the model’s own',
    citation: '',
    ...options.card,
    prefix: options.prefix ?? settings.prefix ?? options.card?.prefix ?? '',
    maxTokens:
      settings.maxTokens ?? options.card?.maxTokens ?? settings.tokeniserLimit ?? DEFAULT_TOKENS,
    dims,
    pooling,
    hash,
    dtype,
  };
  const { prefix } = card;
  const maxTokens = Math.max(1, card.maxTokens - around.before.length - around.after.length);
  const long = options.long ?? 'mean';
  const tokenizerHash = await fileHash(join(folder, 'tokenizer.json'));
  const tokens = tokensOf(tokenise, { prefix, source: { folder }, worth: WORTH_A_THREAD });
  const recipe = JSON.stringify([pooling, maxTokens, prefix, device.name, dtype, long]);
  const guessed = settings.pooling === null && !pooled && !options.card?.pooling;
  const warnings = warningsOf(
    card,
    guessed,
    dtype !== 'fp32' && (await readFile(file)).includes(SCALED_BY_BATCH),
  );
  return {
    card: { ...card, maxTokens },
    dims,
    device: device.name,
    long,
    get warnings() {
      return [...warnings, ...tokens.warnings, ...session.warnings];
    },
    fingerprint: `folder ${hash} ${tokenizerHash} ${recipe} v${VERSION}`,
    embed: (texts, run_ = {}) =>
      embedTexts({ dims, maxTokens, long, tokens, run, expect: session.expect }, texts, run_),
    ahead: (texts) => tokens.ahead(texts),
    unknownTokens: (texts) => unknownTokens({ tokenise, unknown }, texts),
    vocabulary: {
      tokenizer: tokeniser.json,
      size: tokeniser.vocabulary.length,
      shares: tokeniser.shares,
      vectors: (ids) =>
        run(
          Array.from(ids, (id) => Int32Array.of(id)),
          1,
        ),
    },
    async close() {
      await tokens.close();
      for (const layer of dense) await layer.close();
      await session.release();
      await device.close();
    },
  };
}

/** The precision of a folder that has the model in one alone. */
function onlyPrecision(folder: string): Dtype | undefined {
  const there = (Object.keys(SUFFIXES) as Dtype[]).filter((dtype) =>
    existsSync(join(folder, modelFile(dtype))),
  );
  return there.length === 1 ? there[0] : undefined;
}

/** The file of a model in a folder; an error where it is not there. `path` is the folder's name for people. */
export function findModel(folder: string, path: string, dtype: Dtype): string {
  if (!existsSync(join(folder, 'tokenizer.json'))) {
    throw inputError(
      `The model folder ${path} has no tokenizer.json; it needs that and ${modelFile(dtype)} (the ONNX export of a sentence-transformers model), or tokenizer.json and the model.safetensors of a static model.`,
    );
  }
  const candidates = [modelFile(dtype), modelFile(dtype).replace('onnx/', '')];
  const found = candidates.map((name) => join(folder, name)).find(existsSync);
  if (found !== undefined) return found;
  throw noSuchPrecision(`The model folder ${path}`, dtype, (name) =>
    existsSync(join(folder, name)),
  );
}

/** The error of a model that does not come in a precision, with those it comes in. */
export function noSuchPrecision(
  model: string,
  dtype: Dtype,
  has: (file: string) => boolean,
): Error {
  const others = (Object.keys(SUFFIXES) as Dtype[]).filter((name) => has(modelFile(name)));
  const remedy = others.length > 0 ? ` It comes in ${others.join(', ')}: --dtype.` : '';
  return inputError(`${model} has no ${modelFile(dtype)}.${remedy}`);
}

/** The runtime reads the file itself, and weights beside it; WebAssembly has no files and is given their bytes. */
export async function openModel(file: string, device: Device, threads = 0): Promise<Session> {
  if (device.name !== 'wasm') return device.open(file, { threads });
  return device.open(await readFile(file), { threads, beside: await readBeside(file) });
}

/** Outputs that are one vector a text already, by the names that exporters give them. */
const VECTORS = ['sentence_embedding', 'text_embeds', 'embeddings'];
/** Outputs that are one vector a token; else it is the first. */
const HIDDEN = ['last_hidden_state', 'token_embeddings'];

type Feeds = Parameters<Session['run']>[0];

/** What goes into the model, by the names of its inputs. */
function feedsFor(session: Session, path: string): (padded: PaddedWindows) => Feeds {
  const makers: Readonly<Record<string, (padded: PaddedWindows) => BigInt64Array>> = {
    input_ids: ({ ids }) => ids,
    attention_mask: ({ mask }) => mask,
    token_type_ids: ({ ids }) => new BigInt64Array(ids.length),
    position_ids: ({ ids, width }) => ids.map((_, i) => BigInt(i % width)),
  };
  const unknown = session.inputs.filter((name) => !Object.hasOwn(makers, name));
  if (unknown.length > 0) {
    throw inputError(
      `The model in ${path} wants the input ${unknown.join(', ')}, which gamut does not know; export it for feature extraction.`,
    );
  }
  return (padded) => {
    const shape = [padded.rows, padded.width];
    return Object.fromEntries(session.inputs.map((name) => [name, [makers[name]!(padded), shape]]));
  };
}

/** Of the model's file, of weights kept beside it, and of what stands behind its pool. */
export async function modelHash(file: string, dense: readonly string[] = []): Promise<string> {
  const files = [
    file,
    ...filesBeside(file),
    ...dense.map((layer) => join(layer, 'model.safetensors')),
  ];
  const hashes: string[] = [];
  for (const each of files) hashes.push(await fileHash(each));
  return hashes.length === 1 ? hashes[0]! : `sha256:${hashOf(hashes.join(' '))}`;
}

function warningsOf(card: ModelCard, guessed: boolean, scaledByBatch: boolean): string[] {
  const warnings: string[] = [];
  if (guessed) {
    warnings.push(
      `The files of ${card.name} do not say how its token vectors are pooled; their mean was taken.`,
    );
  }
  if (scaledByBatch) {
    warnings.push(
      `A vector of ${card.name} in ${card.dtype} depends a little on the rows it was embedded with: its activations share a scale in each batch.`,
    );
  }
  return warnings;
}
