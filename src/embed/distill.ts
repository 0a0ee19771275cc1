import { throwIfAborted, usageError } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { cpu, type Device } from '../compute/device.ts';
import { symmetricEigen } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { projection } from '../compute/kernels/projection.ts';
import { BLOCK_ROWS, vectorsOf } from '../compute/vectors.ts';
import { encodeSafetensors } from '../data/safetensors.ts';
import type { Embedder, Vocabulary } from './embedder.ts';

export interface DistillOptions extends RunOptions {
  /** How many principal components are kept; default 256, or all where there are fewer. */
  readonly dims?: number | undefined;
  /** Smooth inverse frequency: tokens much commoner than this share count for little. Default 1e-3, or 1e-4 where shares are guessed from ranks. */
  readonly sif?: number | undefined;
  readonly device?: Device | undefined;
}

/** A static model as the files of its folder. */
export interface StaticFiles {
  readonly files: Readonly<Record<string, readonly (string | Uint8Array)[]>>;
  readonly tokens: number;
  readonly dims: number;
  /** The share of the token vectors' variance that the kept components have. */
  readonly kept: number;
}

/** All that the folder of a distilled model holds. */
export const STATIC_FILES: readonly string[] = [
  'model.safetensors',
  'tokenizer.json',
  'config.json',
  'modules.json',
];

const DEFAULT_DIMS = 256;
/** Tokens embedded at a time, between looks at the signal. */
const TOKENS_AT_ONCE = 1024;

/**
 * A static model from any embedder, as Model2Vec makes them (Tulkens & van Dongen 2024): every token of
 * the vocabulary through the model by itself, the principal components of what comes out, each row
 * weighed by the smooth inverse frequency a / (a + p) of its token (Arora, Liang & Ma 2017). Where the
 * tokeniser does not know how often tokens occur, ranks stand for shares by Zipf's law.
 *
 * What the model knows of words in context is lost; what is left is quick.
 */
export async function distill(
  embedder: Embedder,
  options: DistillOptions = {},
): Promise<StaticFiles> {
  const { vocabulary, card } = embedder;
  if (vocabulary === undefined) {
    throw usageError(
      `The model ${card.name} cannot be distilled: its tokens cannot be embedded one by one. Take one that runs here and is not static.`,
    );
  }
  const dims = Math.min(options.dims ?? DEFAULT_DIMS, embedder.dims);
  const vectors = await tokenVectors(vocabulary, embedder.dims, options);
  const { rows, kept } = await components(vectors, embedder.dims, dims, options.device ?? cpu);
  const sif = options.sif ?? (vocabulary.shares ? 1e-3 : 1e-4);
  weigh(rows, dims, vocabulary, sif);
  const tensors = { embeddings: { shape: [vocabulary.size, dims], data: rows } };
  const config = {
    model_type: 'model2vec',
    architectures: ['StaticModel'],
    tokenizer_name: card.source,
    apply_pca: dims,
    sif_coefficient: sif,
    hidden_dim: dims,
    seq_length: 1_000_000,
    normalize: true,
  };
  const modules = [
    { idx: 0, name: '0', path: '.', type: 'sentence_transformers.models.StaticEmbedding' },
    { idx: 1, name: '1', path: '1_Normalize', type: 'sentence_transformers.models.Normalize' },
  ];
  const json = (value: unknown): string[] => [`${JSON.stringify(value, null, 2)}\n`];
  return {
    files: {
      'model.safetensors': encodeSafetensors(tensors),
      'tokenizer.json': json(vocabulary.tokenizer),
      'config.json': json(config),
      'modules.json': json(modules),
    },
    tokens: vocabulary.size,
    dims,
    kept,
  };
}

async function tokenVectors(
  { size, vectors }: Vocabulary,
  dims: number,
  { signal, onProgress }: RunOptions,
): Promise<Float32Array> {
  const all = new Float32Array(size * dims);
  for (let first = 0; first < size; first += TOKENS_AT_ONCE) {
    await breathe();
    throwIfAborted(signal);
    const count = Math.min(TOKENS_AT_ONCE, size - first);
    const ids = Int32Array.from({ length: count }, (_, i) => first + i);
    all.set(await vectors(ids), first * dims);
    onProgress?.({ stage: 'embedding', done: first + count, total: size, unit: 'tokens' });
  }
  return all;
}

/** The rows' coordinates along their first principal components, centred. */
async function components(
  vectors: Float32Array,
  dims: number,
  found: number,
  device: Device,
): Promise<{ rows: Float32Array; kept: number }> {
  const { n, blocks } = vectorsOf(vectors, dims);
  const covariance = new Float64Array(dims * dims);
  const sum = new Float64Array(dims);
  for (const block of blocks) {
    const part = await gram(device, block, dims);
    for (let i = 0; i < covariance.length; i += 1) covariance[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) sum[i]! += part.sum[i]!;
  }
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) covariance[i * dims + j]! -= (sum[i]! * sum[j]!) / n;
  }
  const { values, vectors: axes } = await symmetricEigen(covariance, dims);
  const basis = new Float32Array(found * dims);
  let variance = 0;
  for (let c = 0; c < found; c += 1) {
    const at = dims - 1 - c;
    basis.set(axes.subarray(at * dims, (at + 1) * dims), c * dims);
    variance += Math.max(0, values[at]!);
  }
  const whole = values.reduce((sum_, value) => sum_ + Math.max(0, value), 0);
  const mean = sum.map((value) => value / n);
  const rows = new Float32Array(n * found);
  for (const [b, block] of blocks.entries()) {
    const first = b * BLOCK_ROWS * found;
    const part = rows.subarray(first, first + (block.length / dims) * found);
    await projection(device, block, basis, mean, dims, part);
  }
  return { rows, kept: whole > 0 ? variance / whole : 1 };
}

function weigh(rows: Float32Array, dims: number, { size, shares }: Vocabulary, sif: number): void {
  let harmonic = 0;
  for (let rank = 2; rank <= size + 1; rank += 1) harmonic += 1 / rank;
  for (let token = 0; token < size; token += 1) {
    const share = shares === null ? 1 / ((token + 2) * harmonic) : shares[token]!;
    const weight = sif / (sif + share);
    for (let j = 0; j < dims; j += 1) rows[token * dims + j]! *= weight;
  }
}
