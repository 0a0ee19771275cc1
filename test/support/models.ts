import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gaussian, random } from '../../src/base/random.ts';
import { Graph } from '../../src/compute/graph.ts';
import { encodeSafetensors, type NamedTensor } from '../../src/data/safetensors.ts';

/** Tiny real models in the Hugging Face layout, generated: a BERT tokeniser before a table of vectors. */
export const MARKERS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const [UNK, CLS, SEP] = [1, 2, 3];

/** BERT's uncased tokenizer.json over a vocabulary that begins with MARKERS. */
export function bertTokenizer(words: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: MARKERS.map((content, id) => ({
      ...{ id, content, special: true, single_word: false },
      ...{ lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [CLS], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [SEP], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: MARKERS[UNK],
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

/** Standard normal numbers, the same for one seed. */
export function normal(size: number, seed: number): Float32Array {
  const uniform = random(seed);
  return Float32Array.from({ length: size }, () => gaussian(uniform));
}

export interface TinyModel {
  /** The vocabulary, MARKERS first. */
  readonly words: readonly string[];
  /** A row for each word. */
  readonly table: Float32Array;
  readonly dims: number;
}

export const tinyModel = (words: readonly string[], dims: number, seed = 1): TinyModel => ({
  words: [...MARKERS, ...words],
  table: normal((MARKERS.length + words.length) * dims, seed),
  dims,
});

export const writeJson = (folder: string, name: string, value: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(value));

/** A transformer without layers: its hidden states are the rows of its table, so pools can be checked by hand. */
export function tableGraph({ table, words, dims }: TinyModel): Uint8Array {
  const graph = new Graph('tiny-bert');
  const ids = graph.input('input_ids', 'int64', ['b', 's']);
  graph.input('attention_mask', 'int64', ['b', 's']);
  const rows = graph.op('Gather', [graph.constant(table, [words.length, dims]), ids], { axis: 0 });
  graph.output('last_hidden_state', rows, 'float32', ['b', 's', dims]);
  return graph.build();
}

/** A folder that transformers.js can load: ONNX model, tokeniser, configuration. */
export async function writeOnnxModel(folder: string, model: TinyModel): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'onnx', 'model.onnx'), tableGraph(model));
  await writeJson(folder, 'config.json', { model_type: 'bert', hidden_size: model.dims });
  await writeJson(folder, 'tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 8,
  });
  await writeJson(folder, 'tokenizer.json', bertTokenizer(model.words));
}

/** A folder in model2vec's format; `more` are tensors beside the table. */
export async function writeStaticModel(
  folder: string,
  { words, table, dims }: TinyModel,
  more: Readonly<Record<string, NamedTensor>> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rows = table.length / dims;
  const tensors = { embeddings: { shape: [rows, dims], data: table }, ...more };
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat(encodeSafetensors(tensors)));
  await writeJson(folder, 'config.json', { model_type: 'model2vec', normalize: true });
  await writeJson(folder, 'tokenizer.json', bertTokenizer(words));
}
