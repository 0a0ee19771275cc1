import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import { Graph } from '../../src/compute/graph.ts';
import { readFields } from '../../src/compute/protobuf-reader.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { quantise } from '../../src/embed/quantise.ts';
import { makePlace, type Place } from '../cli/gamut.ts';
import { normal, tinyModel, writeJson, writeOnnxModel } from '../support/models.ts';

const [K, N] = [100, 48];

/** x W, then that times its own transpose: one constant matrix, one that is none. */
function product(weights: Float32Array): Uint8Array {
  const g = new Graph('product');
  const x = g.input('x', 'float32', ['n', K]);
  const y = g.op('MatMul', [x, g.constant(weights, [K, N])]);
  g.output('y', y, 'float32', ['n', N]);
  g.output('z', g.op('MatMul', [y, g.op('Transpose', [y], { perm: [1, 0] })]), 'float32', [
    'n',
    'n',
  ]);
  return g.build();
}

async function run(model: Uint8Array, x: Float32Array): Promise<Float32Array> {
  const session = await cpu.open(model);
  const { y } = await session.run({ x: [x, [x.length / K, K]] });
  await session.release();
  return Float32Array.from(y!.data as Float32Array);
}

describe('eight-bit matrices', () => {
  const weights = normal(K * N, 1);
  const x = normal(20 * K, 2);

  test('give nearly what the whole ones give, and the file is smaller', async () => {
    const model = product(weights);
    // As from a file: a Buffer in the middle of its memory.
    const { bytes, matrices } = quantise(
      Buffer.concat([Buffer.alloc(3), model]).subarray(3),
      'model',
    );
    expect(matrices).toBe(1);
    expect(bytes.length).toBeLessThan(0.45 * model.length);
    const [expected, found] = [await run(model, x), await run(bytes, x)];
    let error = 0;
    let size = 0;
    for (const [i, value] of expected.entries()) {
      error += (value - found[i]!) ** 2;
      size += value ** 2;
    }
    expect(Math.sqrt(error / size)).toBeLessThan(0.02);
  });

  test('a row’s result does not depend on the rows beside it', async () => {
    const { bytes } = quantise(product(weights), 'model');
    const together = await run(bytes, x);
    const loud = x.map((value, i) => (i < 19 * K ? 1000 * value : value));
    expect((await run(bytes, loud)).subarray(19 * N)).toEqual(together.subarray(19 * N));
    expect(await run(bytes, x.subarray(19 * K))).toEqual(together.subarray(19 * N));
  });

  test('columns of zeros stay zeros', async () => {
    const some = weights.map((value, i) => (i % N === 3 ? 0 : value));
    const found = await run(quantise(product(some), 'model').bytes, x);
    for (let row = 0; row < 20; row += 1) expect(found[row * N + 3]).toBe(0);
  });

  test('what is no model is refused', () => {
    expect(() => quantise(Buffer.from('not a model'), 'model.onnx')).toThrow(
      /model\.onnx is no ONNX/,
    );
    expect(() => quantise(product(weights).subarray(0, 99), 'x')).toThrow(/cut short/);
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
    const y = g.op('Tanh', [g.op('MatMul', [rows, g.constant(normal(64 * 64, 3), [64, 64])])]);
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
    expect(a.vectors.reduce((sum, value, j) => sum + value * b.vectors[j]!, 0)).toBeGreaterThan(
      0.999,
    );
    await Promise.all([whole.close(), small.close()]);
    const same = await place.gamut(['models', 'quantize', folder, '-o', folder]);
    expect(same.code).toBe(2);
    await rm(folder, { recursive: true });
  });
});
