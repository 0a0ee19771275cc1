import { mkdir, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { filesBeside } from '../../src/compute/external-data.ts';
import { Graph } from '../../src/compute/graph.ts';
import { teamSize } from '../../src/compute/session-team.ts';
import { encodeSafetensors } from '../../src/data/safetensors.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { openModelFolder } from '../../src/embed/model-folder.ts';
import { type EmbedderOptions, loadEmbedder } from '../../src/embed/models.ts';
import { splitWeights } from '../support/external-weights.ts';
import { normal, tinyModel, writeJson, writeOnnxModel } from '../support/models.ts';

const MODEL = tinyModel(['red', 'green', 'blue', 'sky', 'grass', 'a'], 4);
const DIMS = MODEL.dims;
const [CLS, SEP] = [2, 3];
const [RED, GREEN, BLUE, SKY, GRASS, A] = [5, 6, 7, 8, 9, 10];

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gamut-model-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
beforeEach(async () => {
  folders += 1;
  folder = join(root, `model-${folders}`);
  await writeOnnxModel(folder, MODEL);
});

/** The direction of the mean of some rows of the table. */
function meanOf(ids: readonly number[]): number[] {
  const sum = Array.from({ length: DIMS }, (_, j) =>
    ids.reduce((total, id) => total + MODEL.table[id * DIMS + j]!, 0),
  );
  return unit(sum);
}

const unit = (values: readonly number[]): number[] => {
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
};

const expectClose = (actual: Float32Array, expected: readonly number[]): void => {
  for (const [j, value] of expected.entries()) expect(actual[j]).toBeCloseTo(value, 5);
};

async function withModel<T>(
  use: (model: Embedder) => Promise<T>,
  options: EmbedderOptions = {},
): Promise<T> {
  const model = await loadEmbedder(folder, options);
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

const vectorOf = (text: string, options: EmbedderOptions = {}): Promise<Float32Array> =>
  withModel(async (model) => (await model.embed([text])).vectors, options);

describe('a model folder', () => {
  test('pools the mean over all tokens, special ones included, and normalises', async () => {
    await withModel(async (model) => {
      expect(model.dims).toBe(DIMS);
      expect(model.card.maxTokens).toBe(6);
      const { vectors, tokens } = await model.embed(['blue sky', 'Green grass a', '']);
      expect([...tokens]).toEqual([2, 3, 0]);
      expectClose(vectors.subarray(0, 4), meanOf([CLS, BLUE, SKY, SEP]));
      expectClose(vectors.subarray(4, 8), meanOf([CLS, GREEN, GRASS, A, SEP]));
      expectClose(vectors.subarray(8, 12), meanOf([CLS, SEP]));
      expect(model.warnings).toEqual([expect.stringContaining('do not say how')]);
    });
  });

  test('texts beyond the limit become the mean of their windows, or are cut', async () => {
    const text = `${'blue '.repeat(6)}grass`;
    const first = meanOf([CLS, BLUE, BLUE, BLUE, BLUE, BLUE, BLUE, SEP]);
    const second = meanOf([CLS, GRASS, SEP]);
    expectClose(await vectorOf(text), unit(first.map((value, j) => 6 * value + second[j]!)));
    expectClose(await vectorOf(text, { long: 'truncate' }), first);
  });

  test('runs on every device that is there', async () => {
    expectClose(await vectorOf('blue sky', { device: 'wasm' }), meanOf([CLS, BLUE, SKY, SEP]));
  });
});

describe('sentence-transformers’ files', () => {
  async function pooling(mode: string): Promise<void> {
    await mkdir(join(folder, '1_Pooling'), { recursive: true });
    const modes = ['cls_token', 'mean_tokens', 'max_tokens', 'lasttoken'];
    const config = Object.fromEntries(modes.map((name) => [`pooling_mode_${name}`, name === mode]));
    await writeJson(folder, '1_Pooling/config.json', config);
  }

  test.each([
    ['cls_token', 'cls', [CLS]],
    ['lasttoken', 'last', [SEP]],
    ['mean_tokens', 'mean', [CLS, BLUE, SKY, SEP]],
  ] as const)('%s pools %s', async (mode, name, rows) => {
    await pooling(mode);
    await withModel(async (model) => {
      expect(model.card.pooling).toBe(name);
      expect(model.warnings).toEqual([]);
      const { vectors } = await model.embed(['blue sky', 'a red a red']);
      expectClose(vectors.subarray(0, 4), meanOf(rows));
    });
  });

  test('a pool that gamut does not know is refused by its name', async () => {
    await pooling('max_tokens');
    await expect(loadEmbedder(folder)).rejects.toThrow(/pooling_mode_max_tokens; known are/);
    await writeJson(folder, '1_Pooling/config.json', { pooling_mode: ['mean', 'max'] });
    await expect(loadEmbedder(folder)).rejects.toThrow(/"mean","max".*known are cls, mean/);
  });

  test('the length that the model was trained with comes before its tokeniser’s', async () => {
    await writeJson(folder, 'sentence_bert_config.json', { max_seq_length: 5 });
    await withModel(async (model) => expect(model.card.maxTokens).toBe(3));
  });

  test('the default prompt comes before every row, unless there is another prefix', async () => {
    await writeJson(folder, 'config_sentence_transformers.json', {
      prompts: { query: 'red ', passage: 'green ' },
      default_prompt_name: 'query',
    });
    expectClose(await vectorOf('sky'), meanOf([CLS, RED, SKY, SEP]));
    expectClose(await vectorOf('sky', { prefix: 'a ' }), meanOf([CLS, A, SKY, SEP]));
    expectClose(await vectorOf('sky', { prefix: '' }), meanOf([CLS, SKY, SEP]));
  });

  test('dense layers behind the pool are applied', async () => {
    const weight = normal(3 * DIMS, 5);
    const bias = Float32Array.of(0.5, -0.5, 0.25);
    await writeJson(folder, 'modules.json', [
      { idx: 0, path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
      { idx: 2, path: '2_Dense', type: 'sentence_transformers.models.Dense' },
      { idx: 3, path: '3_Normalize', type: 'sentence_transformers.models.Normalize' },
    ]);
    await pooling('cls_token');
    await mkdir(join(folder, '2_Dense'));
    await writeJson(folder, '2_Dense/config.json', {
      ...{ in_features: DIMS, out_features: 3, bias: true },
      activation_function: 'torch.nn.modules.activation.Tanh',
    });
    const tensors = {
      'linear.weight': { shape: [3, DIMS], data: weight },
      'linear.bias': { shape: [3], data: bias },
    };
    const bytes = Buffer.concat(encodeSafetensors(tensors));
    await writeFile(join(folder, '2_Dense', 'model.safetensors'), bytes);
    const x = MODEL.table.subarray(CLS * DIMS, (CLS + 1) * DIMS);
    const y = [0, 1, 2].map((i) =>
      Math.tanh(x.reduce((sum, value, j) => sum + value * weight[i * DIMS + j]!, bias[i]!)),
    );
    expectClose(await vectorOf('blue'), unit(y));
  });

  test('a module of another kind is refused', async () => {
    await writeJson(folder, 'modules.json', [{ type: 'my_module.Whitening', path: '2_Whitening' }]);
    await expect(loadEmbedder(folder)).rejects.toThrow(/my_module\.Whitening/);
  });
});

describe('--dtype', () => {
  test('takes the file of that precision, and says which there are where it is missing', async () => {
    const other = { ...MODEL, table: normal(MODEL.table.length, 9) };
    await writeOnnxModel(join(root, 'other'), other);
    await rename(join(root, 'other', 'onnx', 'model.onnx'), join(folder, 'onnx', 'model_q4.onnx'));
    const fp32 = await vectorOf('blue');
    expect(await vectorOf('blue', { dtype: 'q4' })).not.toEqual(fp32);
    await withModel(async (model) => expect(model.card.dtype).toBe('q4'), { dtype: 'q4' });
    await expect(loadEmbedder(folder, { dtype: 'fp16' })).rejects.toThrow(
      /has no onnx\/model_fp16\.onnx\. It comes in fp32, q4: --dtype/,
    );
  });

  test('is refused by a model that comes in one', async () => {
    const refused = loadEmbedder('use-lite', { dtype: 'fp16' });
    await expect(refused).rejects.toMatchObject({ kind: 'usage' });
  });

  test('half precision that comes out is read', async () => {
    const graph = new Graph('half');
    const ids = graph.input('input_ids', 'int64', ['b', 's']);
    const table = graph.constant(MODEL.table, [MODEL.words.length, DIMS]);
    const rows = graph.op('Cast', [graph.op('Gather', [table, ids], { axis: 0 })], { to: 10 });
    graph.output('last_hidden_state', rows, 'float16', ['b', 's', DIMS]);
    await writeFile(join(folder, 'onnx', 'model_fp16.onnx'), graph.build());
    const vector = await vectorOf('blue sky', { dtype: 'fp16' });
    for (const [j, value] of meanOf([CLS, BLUE, SKY, SEP]).entries()) {
      expect(vector[j]).toBeCloseTo(value, 2);
    }
  });
});

describe('--dims', () => {
  test('keeps the first dimensions, of length one, under another fingerprint', async () => {
    const whole = await vectorOf('blue sky');
    await withModel(
      async (model) => {
        expect(model).toMatchObject({ dims: 2, card: { dims: 2 } });
        expect(model.fingerprint).toMatch(/ dims 2$/);
        expect(model.warnings!.at(-1)).toMatch(/first 2 dimensions .* nothing says/);
        const { vectors } = await model.embed(['grass', 'blue sky']);
        expectClose(vectors.subarray(2), unit([...whole.subarray(0, 2)]));
      },
      { dims: 2 },
    );
  });

  test('beyond what there are is refused', async () => {
    await expect(loadEmbedder(folder, { dims: 5 })).rejects.toThrow(/has 4 dimensions|have 4/);
  });
});

describe('weights in a file beside the model', () => {
  /** Enough batches for a session a thread. */
  const texts = Array.from({ length: 1600 }, (_, i) =>
    Array.from({ length: 6 }, (_, j) => MODEL.words[5 + ((i + j * j) % 6)]!).join(' '),
  );

  async function split(location: string): Promise<string> {
    const file = join(folder, 'onnx', 'model.onnx');
    const { model, weights } = splitWeights(await readFile(file), location);
    await writeFile(file, model);
    const beside = join(folder, 'onnx', location);
    await writeFile(beside, weights);
    return beside;
  }

  test.each(['model.onnx_data', 'weights.onnx_data'])(
    '%s: the same vectors as in one file, from one session, from one a thread and on wasm',
    async (location) => {
      const whole = await withModel(async (model) => (await model.embed(texts)).vectors);
      const beside = await split(location);
      expect(filesBeside(join(folder, 'onnx', 'model.onnx'))).toEqual([beside]);
      const size = (await stat(beside)).size;
      expect(size).toBe(4 * MODEL.table.length);
      await withModel(
        async (model) => {
          // A few first: they run in one session, the others in two that open the files again.
          const { vectors: few } = await model.embed(texts.slice(0, 2));
          expect(few).toEqual(whole.subarray(0, 2 * DIMS));
          expect((await model.embed(texts)).vectors).toEqual(whole);
        },
        { threads: 2 },
      );
      const onWasm = await withModel((model) => model.embed(texts.slice(0, 2)), { device: 'wasm' });
      expectClose(onWasm.vectors, [...whole.subarray(0, 2 * DIMS)]);
    },
  );

  test('count as the model where a copy a thread would fill the memory', async () => {
    const beside = await split('weights.onnx_data');
    const file = join(folder, 'onnx', 'model.onnx');
    expect(await teamSize(file, 100, { threads: 4 })).toBe(4);
    // A sparse file: it has the size and takes no room.
    await truncate(beside, 2 ** 28 + 1);
    expect(await teamSize(file, 100, { threads: 4 })).toBe(1);
  });

  test('other weights are another fingerprint', async () => {
    const beside = await split('weights.onnx_data');
    const before = await withModel(async ({ fingerprint }) => fingerprint);
    await writeFile(beside, Buffer.from(normal(MODEL.table.length, 9).buffer));
    expect(await withModel(async ({ fingerprint }) => fingerprint)).not.toBe(before);
  });
});

test('a model that gives one vector a text is not pooled again', async () => {
  const graph = new Graph('pooled');
  const ids = graph.input('input_ids', 'int64', ['b', 's']);
  const table = graph.constant(MODEL.table, [MODEL.words.length, DIMS]);
  const rows = graph.op('Gather', [table, ids], { axis: 0 });
  graph.output('last_hidden_state', rows, 'float32', ['b', 's', DIMS]);
  const largest = graph.op('ReduceMax', [rows], { axes: [1], keepdims: 0 });
  graph.output('sentence_embedding', largest, 'float32', ['b', DIMS]);
  await writeFile(join(folder, 'onnx', 'model.onnx'), graph.build());
  const rowsOf = (ids: number[]): number[] =>
    Array.from({ length: DIMS }, (_, j) =>
      Math.max(...ids.map((id) => MODEL.table[id * DIMS + j]!)),
    );
  await withModel(async (model) => {
    expect(model.card.pooling).toBe('none');
    expect(model.warnings).toEqual([]);
  });
  expectClose(await vectorOf('blue sky'), unit(rowsOf([CLS, BLUE, SKY, SEP])));
});

test('an input that gamut does not know is refused by its name', async () => {
  const graph = new Graph('pixels');
  const pixels = graph.input('pixel_values', 'float32', ['b', 3]);
  graph.output('last_hidden_state', pixels, 'float32', ['b', 3]);
  await writeFile(join(folder, 'onnx', 'model.onnx'), graph.build());
  await expect(loadEmbedder(folder)).rejects.toThrow(/wants the input pixel_values/);
});

test('a folder without a model is refused with what it lacks', async () => {
  const empty = join(root, 'empty');
  await mkdir(empty);
  await expect(loadEmbedder(empty)).rejects.toThrow(/has no tokenizer\.json/);
  await writeFile(join(empty, 'tokenizer.json'), '{}');
  await expect(loadEmbedder(empty)).rejects.toThrow(/has no onnx\/model\.onnx/);
  await rm(join(folder, 'tokenizer.json'));
  await expect(openModelFolder(folder)).rejects.toMatchObject({ kind: 'input' });
});

test('a model file that is no model is refused with the folder’s name', async () => {
  await writeFile(join(folder, 'onnx', 'model.onnx'), 'not a model');
  const refused = loadEmbedder(folder);
  await expect(refused).rejects.toMatchObject({ kind: 'input' });
  await expect(refused).rejects.toThrow(folder);
});
