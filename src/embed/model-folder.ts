import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inputError, messageOf } from '../base/errors.ts';
import type { Embedder, LongTexts, ModelCard } from './embedder.ts';
import { embedTexts, normalise } from './windows.ts';

/**
 * Embedders from a folder in the Hugging Face layout: `config.json`, `tokenizer.json`,
 * `tokenizer_config.json` and `onnx/model.onnx`, and where it has them `1_Pooling/config.json` and
 * `sentence_bert_config.json`, which say how the model wants to be pooled and how much it reads.
 * Tokeniser and model run through transformers.js; windows, batches and cache are gamut's own. Nothing
 * is downloaded.
 */
export interface ModelFolderOptions {
  readonly long?: LongTexts | undefined;
}

const MODEL = join('onnx', 'model.onnx');
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json', MODEL];
/** What BERT-like models read when their files do not say. */
const DEFAULT_TOKENS = 512;
/** Goes up whenever tokenising, windowing or pooling changes a vector. */
const VERSION = 1;

export async function openModelFolder(
  path: string,
  options: ModelFolderOptions = {},
): Promise<Embedder> {
  const folder = resolve(path);
  for (const name of NEEDED) {
    if (!existsSync(join(folder, name))) {
      throw inputError(
        `The model folder ${path} has no ${name}; it needs ${NEEDED.join(', ')} (the ONNX export of a sentence-transformers model).`,
      );
    }
  }
  const { AutoModel, AutoTokenizer, Tensor } = await import('@xenova/transformers');
  const pooling = poolingOf(folder, path);
  const local = { local_files_only: true } as const;
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder, local),
    AutoModel.from_pretrained(folder, { ...local, dtype: 'fp32', device: 'cpu' }),
  ]).catch((error: unknown) => {
    throw inputError(`The model in ${path} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  });

  const encode = (text: string, special: boolean): number[] =>
    tokenizer.encode(text, { add_special_tokens: special });
  // What the tokeniser puts around every text is what it makes of a text without tokens.
  const around = encode('', true);
  const [before, after] = splitAround(around, encode('a', false), encode('a', true));
  const maxTokens = maxTokensOf(folder, tokenizer.model_max_length) - around.length;
  const long = options.long ?? 'mean';

  const run = async (windows: readonly Int32Array[], length: number): Promise<Float32Array> => {
    const width = length + around.length;
    const ids = new BigInt64Array(windows.length * width);
    const mask = new BigInt64Array(windows.length * width);
    for (const [row, window] of windows.entries()) {
      const tokens = [...before, ...window, ...after];
      for (const [i, token] of tokens.entries()) {
        ids[row * width + i] = BigInt(token);
        mask[row * width + i] = 1n;
      }
    }
    const shape = [windows.length, width];
    const { last_hidden_state: hidden } = await model({
      input_ids: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', mask, shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
    });
    return pool(hidden.data as Float32Array, mask, width, pooling);
  };
  const tokenise = (text: string): Int32Array => Int32Array.from(encode(text, false));
  const dims = (await run([tokenise('a')], tokenise('a').length)).length;
  const hash = await fileHash(join(folder, MODEL));
  const card: ModelCard = {
    name: basename(folder),
    title: basename(folder),
    source: path,
    revision: hash.slice('sha256:'.length, 'sha256:'.length + 12),
    licence: 'as the model’s own',
    citation: '',
    dims,
    pooling,
    maxTokens,
    prefix: '',
    hash,
  };
  const tokens = await fileHash(join(folder, 'tokenizer.json'));
  return {
    card,
    dims,
    device: 'cpu',
    long,
    fingerprint: `folder ${hash} ${tokens} ${pooling} ${maxTokens} cpu float32 ${long} v${VERSION}`,
    embed: (texts, run_ = {}) =>
      embedTexts({ dims, maxTokens, prefix: '', long, tokenise, run }, texts, run_),
    async close() {
      await model.dispose();
    },
  };
}

type Pooling = 'mean' | 'cls';

function poolingOf(folder: string, path: string): Pooling {
  const file = join(folder, '1_Pooling', 'config.json');
  if (!existsSync(file)) return 'mean';
  const config = readJson(file);
  if (config.pooling_mode_cls_token === true) return 'cls';
  if (config.pooling_mode_mean_tokens === true) return 'mean';
  throw inputError(
    `${path}: its pooling (${file}) is neither mean nor cls, which is all there is.`,
  );
}

function maxTokensOf(folder: string, fromTokenizer: unknown): number {
  const file = join(folder, 'sentence_bert_config.json');
  const stated = existsSync(file) ? readJson(file).max_seq_length : fromTokenizer;
  // Tokenisers without a limit say 1e30.
  return typeof stated === 'number' && stated > 2 && stated < 1e6 ? stated : DEFAULT_TOKENS;
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw inputError(`${file} is no JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** The special tokens before and after a text, from how one text looks with and without them. */
function splitAround(
  around: readonly number[],
  bare: readonly number[],
  dressed: readonly number[],
): [number[], number[]] {
  const count = Math.max(0, dressed.length - bare.length);
  let before = 0;
  while (before < count && dressed[before] === around[before] && dressed[before] !== bare[0]) {
    before += 1;
  }
  return [around.slice(0, before), around.slice(before)];
}

/** Mean over the tokens that count, or the first token; normalised. */
function pool(
  hidden: Float32Array,
  mask: BigInt64Array,
  width: number,
  pooling: Pooling,
): Float32Array {
  const rows = mask.length / width;
  const dims = hidden.length / mask.length;
  const vectors = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row += 1) {
    const into = vectors.subarray(row * dims, (row + 1) * dims);
    const tokens = pooling === 'cls' ? 1 : width;
    for (let t = 0; t < tokens; t += 1) {
      if (mask[row * width + t] === 0n) continue;
      const at = (row * width + t) * dims;
      for (let j = 0; j < dims; j += 1) into[j]! += hidden[at + j]!;
    }
    normalise(into);
  }
  return vectors;
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return `sha256:${hash.digest('hex')}`;
}
