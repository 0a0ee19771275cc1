import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { decodeSafetensors } from '../../src/data/safetensors.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { openStaticModel } from '../../src/embed/static-model.ts';
import { openTokeniser } from '../../src/embed/tokenise/tokenizer-json.ts';
import { MARKERS, tinyModel, writeJson, writeStaticModel } from '../support/models.ts';

const MODEL = tinyModel(['red', 'green', 'blue', 'sky', 'grass', '##s', 'a'], 6);
const id = (word: string): number => MODEL.words.indexOf(word);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-static-'));
  await writeStaticModel(join(folder, 'plain'), MODEL);
});
afterAll(() => rm(folder, { recursive: true }));

/** The direction of the weighted sum of rows of the table. */
function direction(ids: readonly number[], weights?: readonly number[]): number[] {
  const { table, dims } = MODEL;
  const sum = Array.from({ length: dims }, (_, j) =>
    ids.reduce((total, row, i) => total + (weights?.[i] ?? 1) * table[row * dims + j]!, 0),
  );
  const norm = Math.hypot(...sum);
  return sum.map((value) => value / norm);
}

async function embed(texts: readonly string[], at = 'plain'): Promise<Float32Array[]> {
  const model = await openStaticModel(join(folder, at));
  const { vectors } = await model.embed(texts);
  await model.close();
  return texts.map((_, i) => vectors.subarray(i * MODEL.dims, (i + 1) * MODEL.dims));
}

function expectClose(actual: Float32Array | undefined, expected: readonly number[]): void {
  for (const [j, value] of expected.entries()) expect(actual![j]).toBeCloseTo(value, 5);
}

describe('a static model', () => {
  test('gives the direction of the mean of the rows of a text’s tokens', async () => {
    const [first, second] = await embed(['Blue  SKYs', 'a red, red grass']);
    expectClose(first, direction([id('blue'), id('sky'), id('##s')]));
    expectClose(second, direction([id('a'), id('red'), id('red'), id('grass')]));
  });

  test('leaves out what it cannot spell, and counts it', async () => {
    const [known, same] = await embed(['blue sky', 'blue zebra sky !']);
    expect(same).toEqual(known);
    const model = await openStaticModel(join(folder, 'plain'));
    expect(model.unknownTokens!(['blue zebra', '!'])).toEqual({ tokens: 3, unknown: 2 });
    expect([...(await model.embed(['blue zebra sky !'])).tokens]).toEqual([4]);
    await model.close();
  });

  test('a text without a known token gets the unknown token’s row, or another that is none', async () => {
    const [empty, blank, unknown] = await embed(['', '  \n', 'zebra']);
    expectClose(empty, direction([1]));
    expect(blank).toEqual(empty);
    expect(unknown).toEqual(empty);
    const table = MODEL.table.slice();
    table.fill(0, 0, 3 * MODEL.dims);
    await writeStaticModel(join(folder, 'zeros'), { ...MODEL, table });
    expectClose((await embed([''], 'zeros'))[0], direction([3]));
  });

  test('weighs tokens and follows a mapping where the file has them', async () => {
    const tokens = MODEL.words.length;
    const weights = Float64Array.from({ length: tokens }, (_, i) => 1 + i);
    const mapping = Int32Array.from({ length: tokens }, (_, i) => (i + 1) % tokens);
    await writeStaticModel(join(folder, 'mapped'), MODEL, {
      weights: { shape: [tokens], data: weights },
      mapping: { shape: [tokens], data: mapping },
    });
    const [vector] = await embed(['red green'], 'mapped');
    const [red, green] = [id('red'), id('green')];
    expectClose(vector, direction([red + 1, green + 1], [weights[red]!, weights[green]!]));
  });

  test('a vector depends on its text alone, whatever the threads', async () => {
    const texts = Array.from({ length: 300 }, (_, i) =>
      'blue sky grass a red '.repeat(1 + (i % 9)),
    );
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => openStaticModel(join(folder, 'plain'), { threads })),
    );
    const together = await one!.embed(texts);
    expect((await two!.embed(texts)).vectors).toEqual(together.vectors);
    const alone = await one!.embed([texts[205]!]);
    expect(together.vectors.subarray(205 * 6, 206 * 6)).toEqual(alone.vectors);
    await Promise.all([one!.close(), two!.close()]);
  });

  test('--long truncate leaves out tokens beyond what the configuration says', async () => {
    await writeStaticModel(join(folder, 'short'), MODEL);
    await writeJson(join(folder, 'short'), 'config.json', {
      model_type: 'model2vec',
      seq_length: 2,
    });
    const mean = await loadEmbedder(join(folder, 'short'));
    const cut = await loadEmbedder(join(folder, 'short'), { long: 'truncate' });
    expectClose((await cut.embed(['red green blue'])).vectors, direction([id('red'), id('green')]));
    expectClose((await mean.embed(['red green blue'])).vectors, direction([5, 6, 7]));
    expect(mean.fingerprint).not.toBe(cut.fingerprint);
    await Promise.all([mean.close(), cut.close()]);
  });

  test('is found by its configuration, or by sentence-transformers’', async () => {
    const other = join(folder, 'st');
    await writeStaticModel(other, MODEL);
    await writeJson(other, 'config.json', {});
    await writeJson(other, 'modules.json', [
      { idx: 0, path: '', type: 'sentence_transformers.models.StaticEmbedding' },
    ]);
    const model = await loadEmbedder(other);
    expect(model).toMatchObject({ dims: 6, device: 'cpu', cheap: true, card: { name: 'st' } });
    await model.close();
  });

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4), /cut short/],
    ['empty', () => Buffer.alloc(0), /no header/],
    ['of text', () => Buffer.from('{"not": "tensors"}'), /header/],
    ['of another model', () => null, /not of one model/],
  ])('weights that are %s are refused', async (_, damage, message) => {
    const other = join(folder, 'damaged');
    await writeStaticModel(other, MODEL);
    const file = join(other, 'model.safetensors');
    const bytes = damage(await readFile(file));
    if (bytes) await writeFile(file, bytes);
    else await writeStaticModel(other, { ...MODEL, table: MODEL.table.subarray(0, 12) });
    const refused = openStaticModel(other);
    await expect(refused).rejects.toMatchObject({ kind: 'input' });
    await expect(refused).rejects.toThrow(message);
  });
});

const real = packagePath('..', 'shared', 'models', 'potion-base-4m-int8');
describe.skipIf(!existsSync(real))('potion-base-4m-int8', () => {
  test('gives what its table and transformers.js’ tokeniser give', async () => {
    const { PreTrainedTokenizer } = await import('@xenova/transformers');
    const json = JSON.parse(readFileSync(join(real, 'tokenizer.json'), 'utf8'));
    const tokenizer = new PreTrainedTokenizer(json, {});
    const file = decodeSafetensors(readFileSync(join(real, 'model.safetensors')), 'potion');
    const table = file.floats('embeddings');
    const texts = [
      'A man is playing a guitar.',
      'Naïve façade: 3.5 % of 日本語!',
      'x'.repeat(200),
      'Hello',
    ];
    const model = await openStaticModel(real);
    const { vectors } = await model.embed(texts);
    for (const [i, text] of texts.entries()) {
      const ids = tokenizer
        .encode(text, { add_special_tokens: false })
        .filter((token) => token !== 1);
      const sum = Float64Array.from({ length: 128 }, (_, j) =>
        (ids.length === 0 ? [1] : ids).reduce((total, row) => total + table[row * 128 + j]!, 0),
      );
      const norm = Math.hypot(...sum);
      for (let j = 0; j < 128; j += 1) expect(vectors[i * 128 + j]).toBeCloseTo(sum[j]! / norm, 5);
    }
    await model.close();
  });

  test('has a tokeniser of ours with the markers of BERT around each text', async () => {
    const tokeniser = await openTokeniser(real);
    expect(tokeniser).toMatchObject({ before: [101], after: [102], unknown: 1 });
    expect(tokeniser.vocabulary.slice(0, 5)).toEqual(MARKERS);
  });
});
