import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { Graph } from '../../src/compute/graph.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { openModelFolder } from '../../src/embed/model-folder.ts';
import { loadEmbedder } from '../../src/embed/models.ts';

/**
 * A tiny real model in the Hugging Face layout: an embedding table behind a BERT tokeniser. Its hidden
 * states are the table's rows, so pooled vectors can be computed by hand.
 */
const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'red', 'green', 'blue', 'sky', 'grass', 'a'];
const DIMS = 4;
const uniform = random(1);
const table = Float32Array.from({ length: WORDS.length * DIMS }, () => gaussian(uniform));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-model-'));
  await writeModel(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeModel(into: string): Promise<void> {
  const graph = new Graph('tiny-bert');
  const ids = graph.input('input_ids', 'int64', ['b', 's']);
  graph.input('attention_mask', 'int64', ['b', 's']);
  const rows = graph.op('Gather', [graph.constant(table, [WORDS.length, DIMS]), ids], { axis: 0 });
  graph.output('last_hidden_state', rows, 'float32', ['b', 's', DIMS]);
  await mkdir(join(into, 'onnx'), { recursive: true });
  await writeFile(join(into, 'onnx', 'model.onnx'), graph.build());
  const json = (name: string, value: unknown) => writeFile(join(into, name), JSON.stringify(value));
  await json('config.json', { model_type: 'bert', hidden_size: DIMS });
  await json('tokenizer_config.json', { tokenizer_class: 'BertTokenizer', model_max_length: 8 });
  await json('tokenizer.json', {
    version: '1.0',
    added_tokens: WORDS.slice(0, 4).map((content, id) => ({
      ...{ id, content, special: true, single_word: false },
      ...{ lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: { type: 'BertNormalizer', lowercase: true },
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
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    },
  });
}

/** The direction of the mean of some rows of the table. */
function meanOf(ids: readonly number[]): number[] {
  const sum = Array.from({ length: DIMS }, (_, j) =>
    ids.reduce((total, id) => total + table[id * DIMS + j]!, 0),
  );
  const norm = Math.hypot(...sum);
  return sum.map((value) => value / norm);
}

const expectClose = (actual: Float32Array, expected: readonly number[]): void => {
  for (const [j, value] of expected.entries()) expect(actual[j]).toBeCloseTo(value, 5);
};

async function withModel<T>(use: (model: Embedder) => Promise<T>, long?: 'truncate'): Promise<T> {
  const model = await openModelFolder(folder, long === undefined ? {} : { long });
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

test('pools the mean over all tokens, special ones included, and normalises', async () => {
  await withModel(async (model) => {
    expect(model.dims).toBe(DIMS);
    expect(model.card.maxTokens).toBe(6);
    const { vectors, tokens } = await model.embed(['blue sky', 'Green grass a', '']);
    expect([...tokens]).toEqual([2, 3, 0]);
    expectClose(vectors.subarray(0, 4), meanOf([2, 6, 7, 3]));
    expectClose(vectors.subarray(4, 8), meanOf([2, 5, 8, 9, 3]));
    expectClose(vectors.subarray(8, 12), meanOf([2, 3]));
  });
});

test('texts beyond the limit become the mean of their windows, or are cut', async () => {
  const text = `${'blue '.repeat(6)}grass`;
  await withModel(async (model) => {
    const first = meanOf([2, 6, 6, 6, 6, 6, 6, 3]);
    const second = meanOf([2, 8, 3]);
    const sum = first.map((value, j) => 6 * value + second[j]!);
    const { vectors } = await model.embed([text]);
    expectClose(
      vectors,
      sum.map((value) => value / Math.hypot(...sum)),
    );
  });
  await withModel(async (model) => {
    const { vectors } = await model.embed([text]);
    expectClose(vectors, meanOf([2, 6, 6, 6, 6, 6, 6, 3]));
  }, 'truncate');
});

test('takes pooling and length from the folder’s own files', async () => {
  const other = await mkdtemp(join(tmpdir(), 'gamut-model-'));
  try {
    await writeModel(other);
    await mkdir(join(other, '1_Pooling'));
    const pooling = { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false };
    await writeFile(join(other, '1_Pooling', 'config.json'), JSON.stringify(pooling));
    await writeFile(join(other, 'sentence_bert_config.json'), '{"max_seq_length": 5}');
    const model = await loadEmbedder(other);
    expect(model.card).toMatchObject({ pooling: 'cls', maxTokens: 3 });
    expectClose((await model.embed(['blue sky'])).vectors, meanOf([2]));
    await model.close();
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

test('a folder without a model is refused with what it lacks', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'gamut-model-'));
  await expect(loadEmbedder(empty)).rejects.toThrow(/has no config\.json/);
  await writeFile(join(empty, 'config.json'), '{}');
  await expect(loadEmbedder(empty)).rejects.toThrow(/has no tokenizer\.json/);
  await rm(empty, { recursive: true, force: true });
});
