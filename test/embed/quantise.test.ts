import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import { Graph } from '../../src/compute/graph.ts';
import { Writer } from '../../src/compute/protobuf.ts';
import { readFields } from '../../src/compute/protobuf-reader.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { readModel } from '../../src/embed/quantise/onnx-parts.ts';
import { type Quantised, quantise, readOnnx } from '../../src/embed/quantise/quantise.ts';
import { watched, watching } from '../../src/embed/quantise/ranges.ts';
import { makePlace, type Place } from '../cli/gamut.ts';
import { normal, tinyModel, writeJson, writeOnnxModel } from '../support/models.ts';

const [K, N] = [100, 48];

interface Shape {
  readonly bias?: Float32Array;
  readonly second?: Float32Array;
}

/** x W (+ b), x V, and the first times its own transpose: two constant matrices and one that is none. */
function products(weights: Float32Array, { bias, second }: Shape = {}): Uint8Array {
  const g = new Graph('products');
  const x = g.input('x', 'float32', ['n', K]);
  const raw = g.op('MatMul', [x, g.constant(weights, [K, N])]);
  const y = bias === undefined ? raw : g.op('Add', [raw, g.constant(bias, [N])]);
  g.output('y', y, 'float32', ['n', N]);
  if (second !== undefined) {
    const v = g.op('MatMul', [x, g.constant(second, [K, N])]);
    g.output('v', g.op('Relu', [v]), 'float32', ['n', N]);
  }
  const square = g.op('MatMul', [y, g.op('Transpose', [y], { perm: [1, 0] })]);
  g.output('z', square, 'float32', ['n', 'n']);
  return g.build();
}

async function run(model: Uint8Array, x: Float32Array, output = 'y'): Promise<Float32Array> {
  const session = await cpu.open(model);
  const results = await session.run({ x: [x, [x.length / K, K]] });
  await session.release();
  return Float32Array.from(results[output]!.data as Float32Array);
}

/** The model in eight bits, after it was watched while it ran on `x`. */
async function small(bytes: Uint8Array, x: Float32Array): Promise<Quantised> {
  const model = readOnnx(bytes, 'model');
  const { session, ranges } = watching(await cpu.open(watched(model)));
  await session.run({ x: [x, [x.length / K, K]] });
  await session.release();
  return quantise(model, ranges);
}

/** The length of the difference over the length of what is expected. */
function distance(found: Float32Array, expected: Float32Array): number {
  let error = 0;
  let size = 0;
  for (const [i, value] of expected.entries()) {
    error += (value - found[i]!) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(error / size);
}

describe('eight-bit matrices', () => {
  const weights = normal(K * N, 1);
  const x = normal(20 * K, 2);

  test('give nearly what the whole ones give, and the file is smaller', async () => {
    const model = products(weights);
    // As from a file: a Buffer in the middle of its memory.
    const { bytes, matrices } = await small(Buffer.concat([Buffer.alloc(3), model]).subarray(3), x);
    expect(matrices).toBe(1);
    expect(bytes.length).toBeLessThan(0.45 * model.length);
    expect(distance(await run(bytes, x), await run(model, x))).toBeLessThan(0.02);
  });

  test('take a vector that is added along, and share what they make of a common input', async () => {
    const model = products(weights, { bias: normal(N, 3), second: normal(K * N, 4) });
    const { bytes, matrices } = await small(model, x);
    expect(matrices).toBe(2);
    const types = readModel(bytes).nodes.map(({ type }) => type);
    expect(types.filter((type) => type === 'QuantizeLinear')).toHaveLength(1);
    expect(types).not.toContain('Add');
    for (const output of ['y', 'v', 'z']) {
      const [found, expected] = [await run(bytes, x, output), await run(model, x, output)];
      expect(distance(found, expected)).toBeLessThan(0.02);
    }
  });

  test('stay close where one channel is a hundred times as wide as the others', async () => {
    const uneven = x.map((value, i) => (i % K === 7 ? 100 * value : value));
    // What the wide channel is multiplied with is small, as it is in trained models.
    const matched = weights.map((value, i) => (Math.floor(i / N) === 7 ? value / 100 : value));
    const { bytes } = await small(products(matched), uneven);
    expect(distance(await run(bytes, uneven), await run(products(matched), uneven))).toBeLessThan(
      0.03,
    );
  });

  test('a row’s result does not depend on the rows beside it', async () => {
    const { bytes } = await small(products(weights), x);
    const together = await run(bytes, x);
    const loud = x.map((value, i) => (i < 19 * K ? 1000 * value : value));
    expect((await run(bytes, loud)).subarray(19 * N)).toEqual(together.subarray(19 * N));
    expect(await run(bytes, x.subarray(19 * K))).toEqual(together.subarray(19 * N));
  });

  test('columns of zeros stay zeros, and so does an input that was always zero', async () => {
    const some = weights.map((value, i) => (i % N === 3 ? 0 : value));
    const found = await run((await small(products(some), x)).bytes, x);
    for (let row = 0; row < 20; row += 1) expect(found[row * N + 3]).toBe(0);
    const nothing = new Float32Array(2 * K);
    expect(await run((await small(products(weights), nothing)).bytes, nothing)).toEqual(
      new Float32Array(2 * N),
    );
  });

  test('products of what was never seen stay as they are', () => {
    const model = products(weights);
    const { bytes, matrices } = quantise(readOnnx(model, 'model'), new Map());
    expect(matrices).toBe(0);
    expect(readModel(bytes).nodes.map(({ type }) => type)).toContain('MatMul');
  });

  test('models of a later opset are watched too', async () => {
    const model = products(weights);
    const version = new Writer().message(8, new Writer().text(1, '').integer(2, 18)).finish();
    const later = readFields(model).map((field) => (field.number === 8 ? version : field.whole));
    const bytes = Buffer.concat(later);
    expect(readModel(bytes).opset).toBe(18);
    expect((await small(bytes, x)).bytes.length).toBeLessThan(0.5 * model.length);
  });

  test('what is no model is refused', () => {
    expect(() => readOnnx(Buffer.from('not a model'), 'model.onnx')).toThrow(
      /model\.onnx is no ONNX/,
    );
    expect(() => readOnnx(products(weights).subarray(0, 99), 'x')).toThrow(/cut short/);
    expect(() => readFields(Uint8Array.of(0x0b))).toThrow(RangeError);
  });
});

describe('gamut models quantize', () => {
  const MODEL = tinyModel(['red', 'green', 'blue', 'sky'], 64);
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.remove());

  test('writes a folder that --model takes, with vectors close to the model’s', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gamut-quantise-'));
    await writeOnnxModel(folder, MODEL);
    const g = new Graph('layer');
    const ids = g.input('input_ids', 'int64', ['b', 's']);
    const rows = g.op('Gather', [g.constant(MODEL.table, [MODEL.words.length, 64]), ids]);
    // As wide as trained layers have them: sums are about 1, where the function is not flat.
    const weights = normal(64 * 64, 3).map((value) => value / Math.sqrt(64));
    const y = g.op('Tanh', [g.op('MatMul', [rows, g.constant(weights, [64, 64])])]);
    g.output('last_hidden_state', y, 'float32', ['b', 's', 64]);
    await writeFile(join(folder, 'onnx', 'model.onnx'), g.build());
    await mkdir(join(folder, '1_Pooling'));
    await writeJson(folder, '1_Pooling/config.json', { pooling_mode_cls_token: true });

    const output = place.at('small');
    const { code, stderr } = await place.gamut(['models', 'quantize', folder, '-o', output]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/1 matrices? in eight bits/)]);
    expect(await readFile(join(output, 'tokenizer.json'))).toEqual(
      await readFile(join(folder, 'tokenizer.json')),
    );
    const [whole, small] = [await loadEmbedder(folder), await loadEmbedder(output)];
    expect(small.card).toMatchObject({ dtype: 'int8', pooling: 'cls' });
    expect(small.warnings).toEqual([]);
    expect(small.fingerprint).not.toBe(whole.fingerprint);
    const [a, b] = [await whole.embed(['blue sky']), await small.embed(['blue sky'])];
    // On the processor's WebAssembly the same whole numbers are multiplied.
    const wasm = await loadEmbedder(output, { device: 'wasm' });
    const c = await wasm.embed(['blue sky']);
    const cosine = (other: Float32Array): number =>
      a.vectors.reduce((sum, value, k) => sum + value * other[k]!, 0);
    // Weights of seven bits are off by 1.2 % of a column's spread, activations by half of that: 1.3 % together,
    // and 1 − 0.013² / 2 is 0.99991.
    expect(cosine(b.vectors)).toBeGreaterThan(0.9997);
    expect(cosine(c.vectors)).toBeGreaterThan(0.9997);
    await wasm.close();
    await Promise.all([whole.close(), small.close()]);
    const same = await place.gamut(['models', 'quantize', folder, '-o', folder]);
    expect(same.code).toBe(2);
    await writeFile(place.at('texts.txt'), 'blue sky\nred\n');
    const shown = ['--texts', place.at('texts.txt'), '-o', place.at('shown')];
    expect((await place.gamut(['models', 'quantize', folder, ...shown])).code).toBe(0);
    const none = ['--texts', place.at('nowhere.txt'), '-o', place.at('none')];
    expect(await place.gamut(['models', 'quantize', folder, ...none])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere.txt'),
    });
    await rm(folder, { recursive: true });
  });
});
