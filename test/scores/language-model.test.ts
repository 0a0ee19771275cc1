import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cpu, openDevice } from '../../src/compute/device.ts';
import { GRAPH, MODEL, OPSET_IMPORT, TENSOR } from '../../src/compute/onnx-fields.ts';
import { Writer } from '../../src/compute/protobuf.ts';
import { readFields } from '../../src/compute/protobuf-reader.ts';
import {
  type LanguageModelOptions,
  openLanguageModel,
  responseWindows,
  textWindows,
} from '../../src/scores/language-model.ts';
import type { Item } from '../../src/scores/scorer.ts';
import { tinyModel, writeOnnxModel } from '../support/models.ts';
import {
  type LanguageModelShape,
  plainLosses,
  tinyLanguageModel,
  writeLanguageModel,
} from '../support/score-models.ts';

const MODEL_OF_WORDS = tinyLanguageModel(['red', 'green', 'blue', 'sky', 'grass', 'a']);
const [CLS, RED, GREEN, BLUE, SKY] = [2, 5, 6, 7, 8];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-lm-'));
});
afterEach(() => rm(folder, { recursive: true }));

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

async function score(
  what: 'texts' | 'responses',
  items: readonly Item[],
  options: Partial<LanguageModelOptions> = {},
) {
  const model = await openLanguageModel(folder, { device: cpu, ...options });
  try {
    const { values, tokens } = await model[what].score(items);
    return { values: Array.from(values), tokens: Array.from(tokens), card: model.card };
  } finally {
    await model.close();
  }
}

const write = (shape: LanguageModelShape = {}): Promise<void> =>
  writeLanguageModel(folder, MODEL_OF_WORDS, shape);

describe('the losses of a text', () => {
  test('are those of its tokens after the marker before it', async () => {
    await write();
    const { values, tokens } = await score('texts', [['red sky'], ['blue'], ['sky blue green']]);
    const expected = [
      [CLS, RED, SKY],
      [CLS, BLUE],
      [CLS, SKY, BLUE, GREEN],
    ].map((ids) => mean(plainLosses(MODEL_OF_WORDS, ids)));
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    expect(tokens).toEqual([2, 1, 3]);
  });

  test.each<[string, LanguageModelShape]>([
    ['keys and values given as empty', { past: 'float32' }],
    ['keys and values in halves', { past: 'float16' }],
    ['the name of a merged decoder', { past: 'float32', file: 'onnx/decoder_model_merged.onnx' }],
    ['another precision alone', { file: 'onnx/model_q4.onnx' }],
  ])('are the same with %s', async (_, shape) => {
    await write(shape);
    const { values } = await score('texts', [['red sky']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 5);
  });

  test('are nearly the same from logits in halves', async () => {
    await write({ logits: 'float16' });
    const { values } = await score('texts', [['red sky']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 2);
  });

  test('are the same from a model of newer operators', async () => {
    await write();
    const file = join(folder, 'onnx', 'model.onnx');
    const opset = new Writer().text(OPSET_IMPORT.domain, '').integer(OPSET_IMPORT.version, 18);
    const fields = readFields(await readFile(file)).map((field) =>
      field.number === MODEL.opset
        ? new Writer().message(MODEL.opset, opset).finish()
        : field.whole,
    );
    await writeFile(file, Buffer.concat(fields));
    const { values } = await score('texts', [['red sky']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 5);
  });

  test('are the same from weights in a file beside the model', async () => {
    await write();
    const file = join(folder, 'onnx', 'model.onnx');
    const rewrite = (
      bytes: Uint8Array,
      number: number,
      change: (inner: Uint8Array) => Uint8Array,
    ) =>
      Buffer.concat(
        readFields(bytes).map((field) =>
          field.number === number
            ? new Writer().bytes(number, change(field.bytes)).finish()
            : field.whole,
        ),
      );
    let data = new Uint8Array(0);
    const moved = rewrite(await readFile(file), MODEL.graph, (graph) =>
      rewrite(graph, GRAPH.initializer, (tensor) => {
        const fields = readFields(tensor);
        const raw = fields.find(({ number }) => number === TENSOR.raw)!;
        data = Uint8Array.from(raw.bytes);
        const rest = fields.filter((field) => field !== raw).map(({ whole }) => whole);
        const entry = (key: string, value: string) => new Writer().text(1, key).text(2, value);
        const external = new Writer()
          .message(TENSOR.external, entry('location', 'model.onnx_data'))
          .message(TENSOR.external, entry('offset', '0'))
          .message(TENSOR.external, entry('length', `${data.length}`))
          .integer(14, 1);
        return Buffer.concat([...rest, external.finish()]);
      }),
    );
    await writeFile(file, moved);
    await writeFile(`${file}_data`, data);
    const { values } = await score('texts', [['red sky']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 5);
  });

  test('are the same in WebAssembly', async () => {
    await write({ past: 'float32' });
    const device = await openDevice('wasm');
    const { values, card } = await score('texts', [['red sky']], { device });
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 5);
    expect(card.device).toBe('wasm');
    await device.close();
  });

  test('know the places of tokens, padding and batches beside', async () => {
    await write({ places: 0.5 });
    const alone = await score('texts', [['red sky']]);
    const together = await score('texts', [
      ['red sky'],
      ['sky blue green red'],
      ['sky blue green'],
    ]);
    expect(together.values[0]).toBe(alone.values[0]);
    const { words, table } = MODEL_OF_WORDS;
    const moved = [CLS, RED, SKY].slice(1).map((target, i) => {
      const row = Array.from(table.subarray([CLS, RED][i]! * words.length).slice(0, words.length));
      row[0]! += 0.5 * i;
      return Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[target]!;
    });
    expect(alone.values[0]).toBeCloseTo(mean(moved), 5);
  });

  test('begin at the second token where nothing stands before a text', async () => {
    await write({ markers: false });
    const { values, tokens } = await score('texts', [['red sky blue'], ['red']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [RED, SKY, BLUE])), 5);
    expect(tokens).toEqual([2, 0]);
    expect(values[1]).toBeNaN();
  });

  test('begin after the marker that config.json names where the tokeniser puts none', async () => {
    await write({ markers: false, config: { bos_token_id: CLS } });
    const { values } = await score('texts', [['red sky']]);
    expect(values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY])), 5);
  });

  test('of a long text are of all its windows, or of the first', async () => {
    await write({ config: { max_position_embeddings: 4 } });
    const ids = [RED, SKY, BLUE, GREEN, RED, RED, SKY];
    const text = 'red sky blue green red red sky';
    const whole = await score('texts', [[text]]);
    expect(whole.tokens).toEqual([7]);
    expect(whole.card.maxTokens).toBe(4);
    // A table of pairs knows one word back, so windows that overlap lose nothing.
    expect(whole.values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, ...ids])), 5);
    const cut = await score('texts', [[text]], { long: 'truncate' });
    expect(cut.tokens).toEqual([3]);
    expect(cut.values[0]).toBeCloseTo(mean(plainLosses(MODEL_OF_WORDS, [CLS, RED, SKY, BLUE])), 5);
  });
});

describe('windows', () => {
  const start = Int32Array.of(CLS);
  test.each([1, 2, 5, 6, 7, 20, 33])('count each of %d tokens once, after half a window', (n) => {
    const ids = Int32Array.from({ length: n }, (_, i) => 100 + i);
    const windows = textWindows(start, ids, 7, 'mean');
    const counted = windows.flatMap(({ ids: all, from }) => Array.from(all.subarray(from)));
    expect(counted).toEqual(Array.from(ids));
    for (const { ids: all, from } of windows.slice(1)) {
      expect(all.length).toBeLessThanOrEqual(7);
      expect(from).toBeGreaterThanOrEqual(3);
    }
  });

  test('of no tokens are none', () => {
    expect(textWindows(start, new Int32Array(0), 7, 'mean')).toEqual([]);
  });

  test('of a response have the same tokens with and without the prompt, whatever is too long', () => {
    for (const [p, r] of [
      [0, 1],
      [3, 2],
      [50, 2],
      [2, 50],
      [50, 50],
    ] as const) {
      const prompt = Int32Array.from({ length: p }, (_, i) => 200 + i);
      const response = Int32Array.from({ length: r }, (_, i) => 100 + i);
      for (const before of [start, new Int32Array(0)]) {
        const [after, alone] = responseWindows(before, prompt, response, 9);
        expect(after!.ids.length).toBeLessThanOrEqual(9);
        const counted = ({ ids, from }: { ids: Int32Array; from: number }) =>
          Array.from(ids.subarray(from));
        expect(counted(after!)).toEqual(counted(alone!));
        expect(after!.ids.length - alone!.ids.length).toBe(
          Math.min(p, 9 - before.length - (alone!.ids.length - before.length)),
        );
      }
    }
  });
});

describe('the losses of a response', () => {
  test('are those of its tokens after the prompt, and without it', async () => {
    await write();
    const { values, tokens } = await score('responses', [
      ['a red', 'sky blue'],
      ['green', 'sky'],
    ]);
    const after = mean(plainLosses(MODEL_OF_WORDS, [RED, SKY, BLUE]));
    const alone = mean(plainLosses(MODEL_OF_WORDS, [CLS, SKY, BLUE]));
    expect(values[0]).toBeCloseTo(after, 5);
    expect(values[1]).toBeCloseTo(alone, 5);
    expect(values[2]).toBeCloseTo(plainLosses(MODEL_OF_WORDS, [GREEN, SKY])[0]!, 5);
    expect(values[3]).toBeCloseTo(plainLosses(MODEL_OF_WORDS, [CLS, SKY])[0]!, 5);
    expect(tokens).toEqual([2, 1]);
  });
});

describe('a folder that is no language model', () => {
  test('is refused with what it is', async () => {
    await writeOnnxModel(folder, tinyModel(['red'], 4));
    await expect(score('texts', [])).rejects.toThrow(/gives last_hidden_state and no logits/);
    await writeFile(join(folder, 'onnx', 'model.onnx'), 'no model at all');
    await expect(score('texts', [])).rejects.toMatchObject({ exitCode: 2 });
    await rm(join(folder, 'onnx', 'model.onnx'));
    await expect(score('texts', [])).rejects.toThrow(
      /no onnx\/model\.onnx or onnx\/decoder_model_merged\.onnx/,
    );
    await rm(join(folder, 'tokenizer.json'));
    await expect(score('texts', [])).rejects.toThrow(/no tokenizer\.json/);
  });

  test('in a precision that it does not come in says those it does', async () => {
    await write({ file: 'onnx/model_q4.onnx' });
    await expect(score('texts', [], { dtype: 'fp16' })).rejects.toThrow(/It comes in q4/);
  });
});
