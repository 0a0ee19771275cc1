import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inputError, runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { type BagMeans, openBagMeans, type Table } from '../compute/bags.ts';
import { readSafetensors, type TensorFile } from '../data/safetensors.ts';
import type { EmbeddedTexts, Embedder, LongTexts, ModelCard } from './embedder.ts';
import { fileHash, readJson } from './model-files.ts';
import { openTokeniser, type Tokeniser } from './tokenise/tokenizer-json.ts';
import { unknownTokens } from './unread.ts';

/**
 * Static models: a table with a row for each token, and a text is the weighted mean of its tokens'
 * rows (Model2Vec, Tulkens & van Dongen 2024; sentence-transformers' StaticEmbedding). A folder has
 * `model.safetensors`, `tokenizer.json` and, where it is model2vec's, `config.json`.
 *
 * Tokens that the vocabulary cannot spell are left out, as model2vec does. A text with nothing else
 * gets the row of the unknown token, where model2vec gives zeros, which no cosine is defined for.
 */
export interface StaticModelOptions {
  readonly long?: LongTexts | undefined;
  /** Threads for the sums; default one a core. Vectors do not depend on it. */
  readonly threads?: number | undefined;
  /** What is known of the model beyond its folder. */
  readonly card?: Partial<ModelCard> | undefined;
  /** Text before every row. */
  readonly prefix?: string | undefined;
}

/** The file of a static model's table. */
export const WEIGHTS = 'model.safetensors';
/** The table's name in model2vec's files and in sentence-transformers'. */
const TABLES = ['embeddings', 'embedding.weight'];
/** Texts tokenised before timers and signals get their turn, and summed together. */
const TEXTS_AT_ONCE = 2048;
/** Goes up whenever tokenising or summing changes a vector. */
const VERSION = 1;

/** Whether a folder holds a static model. */
export const isStaticFolder = (folder: string): boolean =>
  existsSync(join(folder, WEIGHTS)) && saysStatic(folder);

/** Whether a folder's configuration is that of a static model. */
export function saysStatic(folder: string): boolean {
  const config = join(folder, 'config.json');
  if (existsSync(config) && readJson(config).model_type === 'model2vec') return true;
  const modules = join(folder, 'modules.json');
  if (!existsSync(modules)) return false;
  const list = readJson(modules) as unknown as readonly { readonly type?: string }[];
  return Array.isArray(list) && list.some(({ type }) => type?.endsWith('.StaticEmbedding'));
}

export async function openStaticModel(
  path: string,
  options: StaticModelOptions = {},
): Promise<Embedder> {
  const folder = resolve(path);
  for (const name of [WEIGHTS, 'tokenizer.json']) {
    if (!existsSync(join(folder, name))) {
      throw inputError(
        `The static model ${path} has no ${name}; it needs both ${WEIGHTS} and tokenizer.json.`,
      );
    }
  }
  const file = join(folder, WEIGHTS);
  const tokeniser = await openTokeniser(folder);
  const layers = layersOf(await readSafetensors(file), file, tokeniser.vocabulary.length);
  const hashes = [await fileHash(file), await fileHash(join(folder, 'tokenizer.json'))];
  const bags = await openBagMeans(layers.table, { threads: options.threads });
  const { dims } = layers.table;
  const card: ModelCard = {
    name: basename(folder),
    title: basename(folder),
    source: path,
    revision: hashes[0]!.slice('sha256:'.length, 'sha256:'.length + 12),
    licence: 'as the model’s own',
    citation: '',
    maxTokens: maxTokensOf(folder),
    prefix: '',
    ...options.card,
    ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    dims,
    pooling: 'mean',
    hash: hashes[0]!,
  };
  const long = options.long ?? 'mean';
  const model: StaticModel = {
    ...{ tokeniser, layers, bags, dims },
    prefix: card.prefix,
    longest: long === 'truncate' ? card.maxTokens : Number.POSITIVE_INFINITY,
    lost: await lostVector(tokeniser, layers, bags),
  };
  const prefix = JSON.stringify(card.prefix);
  return {
    card,
    dims,
    device: 'cpu',
    long,
    cheap: true,
    fingerprint: `static ${hashes.join(' ')} ${long} ${model.longest} ${prefix} v${VERSION}`,
    embed: (texts, run = {}) => embedTexts(model, texts, run),
    unknownTokens: (texts) => unknownTokens(tokeniser, texts),
    close: () => bags.close(),
  };
}

interface Layers {
  readonly table: Table;
  /** The row of each token, where tokens share rows. */
  readonly rowOf: Int32Array | null;
  /** What each token weighs; null where all weigh the same. */
  readonly weights: Float32Array | null;
}

interface StaticModel {
  readonly tokeniser: Tokeniser;
  readonly layers: Layers;
  readonly bags: BagMeans;
  readonly dims: number;
  readonly prefix: string;
  /** Tokens of a text beyond this many are left out. */
  readonly longest: number;
  /** The vector of a text without a known token. */
  readonly lost: Float32Array;
}

/** The table and what goes with it, checked against each other: a wrong place would be read in silence. */
function layersOf(file: TensorFile, path: string, tokens: number): Layers {
  const name = TABLES.find((candidate) => file.has(candidate));
  const [rows = 0, dims = 0] = name === undefined ? [] : file.shape(name);
  if (name === undefined || file.shape(name).length !== 2 || rows === 0 || dims === 0) {
    throw inputError(
      `${path} has no table of token vectors: there is none named ${TABLES.join(' or ')} with two dimensions.`,
    );
  }
  const rowOf = file.has('mapping') ? file.integers('mapping') : null;
  const weights = file.has('weights') ? file.floats('weights') : null;
  const places = rowOf?.length ?? rows;
  const sound =
    tokens <= places &&
    (rowOf === null || rowOf.every((row) => row >= 0 && row < rows)) &&
    (weights === null || weights.length >= tokens);
  if (!sound) {
    throw inputError(
      `${path} and the tokenizer.json beside it are not of one model: ${tokens} tokens, ${rows} rows. Fetch both again.`,
    );
  }
  const values = file.floats(name);
  if (!values.every(Number.isFinite)) {
    throw inputError(
      `${path} is damaged: its table has numbers that are not finite. Fetch it again.`,
    );
  }
  return { table: { rows, dims, values }, rowOf, weights };
}

/** What sentence-transformers' and model2vec's own configuration say; both may say nothing. */
function maxTokensOf(folder: string): number {
  const file = join(folder, 'config.json');
  const stated = existsSync(file) ? readJson(file).seq_length : null;
  return typeof stated === 'number' && stated > 0 ? stated : 1_000_000;
}

/** The unknown token's row, else the first row that is one: the same for every text that is lost. */
async function lostVector(
  tokeniser: Tokeniser,
  layers: Layers,
  bags: BagMeans,
): Promise<Float32Array> {
  const { rowOf, table } = layers;
  const row = tokeniser.unknown < 0 ? 0 : (rowOf?.[tokeniser.unknown] ?? tokeniser.unknown);
  for (const candidate of [row, ...Array.from({ length: table.rows }, (_, i) => i)]) {
    const vector = await bags.means({
      members: Int32Array.of(candidate),
      weights: Float32Array.of(1),
      ends: Uint32Array.of(1),
    });
    if (vector.some((value) => value !== 0)) return vector;
  }
  throw runtimeError('The static model has nothing but zeros in its table; fetch it again.');
}

async function embedTexts(
  model: StaticModel,
  texts: readonly string[],
  { signal, onTexts }: NonNullable<Parameters<Embedder['embed']>[1]>,
): Promise<EmbeddedTexts> {
  const vectors = new Float32Array(texts.length * model.dims);
  const tokens = new Int32Array(texts.length);
  for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
    await breathe();
    throwIfAborted(signal);
    const some = texts.slice(start, start + TEXTS_AT_ONCE);
    const bags = bagsOf(model, some, tokens.subarray(start, start + some.length));
    vectors.set(await model.bags.means(bags), start * model.dims);
    let first = 0;
    for (const [i, end] of bags.ends.entries()) {
      const into = vectors.subarray((start + i) * model.dims, (start + i + 1) * model.dims);
      if (end === first || into.every((value) => value === 0)) into.set(model.lost);
      first = end;
    }
    onTexts?.(some.length);
  }
  return { vectors, tokens };
}

/** The rows and weights of each text's tokens; `counts` gets how many tokens there were. */
function bagsOf(
  { tokeniser, layers, prefix, longest }: StaticModel,
  texts: readonly string[],
  counts: Int32Array,
): { members: Int32Array; weights: Float32Array; ends: Uint32Array } {
  const { tokenise, unknown } = tokeniser;
  const { rowOf, weights } = layers;
  const all = texts.map((text) => tokenise(prefix + text));
  const size = all.reduce((sum, ids) => sum + ids.length, 0);
  const members = new Int32Array(size);
  const shares = new Float32Array(size);
  const ends = new Uint32Array(texts.length);
  let at = 0;
  for (const [text, ids] of all.entries()) {
    counts[text] = ids.length;
    const last = Math.min(ids.length, longest);
    for (let i = 0; i < last; i += 1) {
      const id = ids[i]!;
      if (id === unknown) continue;
      members[at] = rowOf === null ? id : rowOf[id]!;
      shares[at] = weights === null ? 1 : weights[id]!;
      at += 1;
    }
    ends[text] = at;
  }
  return { members: members.subarray(0, at), weights: shares.subarray(0, at), ends };
}
