import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PreTrainedTokenizer } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/data/safetensors.ts';
import { distill, STATIC_FILES } from '../../src/embed/distill.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { loadEmbedder } from '../../src/embed/models.ts';
import { readTokenizerJson } from '../../src/embed/tokenise/tokenizer-json.ts';
import { makePlace, type Place } from '../cli/gamut.ts';
import { tinyModel, writeOnnxModel, writeStaticModel } from '../support/models.ts';

const MODEL = tinyModel(['red', 'green', 'blue', 'sky', 'grass', 'a', 'b', 'c'], 5);
const TOKENS = MODEL.words.length;

let folder: string;
let teacher: Embedder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-distill-'));
  await writeOnnxModel(join(folder, 'teacher'), MODEL);
  teacher = await loadEmbedder(join(folder, 'teacher'));
});
afterAll(async () => {
  await teacher.close();
  await rm(folder, { recursive: true });
});

/** The table that was distilled. */
async function table(options: Parameters<typeof distill>[1]): Promise<Float32Array> {
  const { files } = await distill(teacher, options);
  const bytes = Buffer.concat(files['model.safetensors'] as Uint8Array[]);
  return decodeSafetensors(bytes, 'distilled').floats('embeddings');
}

const dot = (rows: ArrayLike<number>, dims: number, a: number, b: number): number =>
  Array.from({ length: dims }).reduce<number>(
    (sum, _, j) => sum + rows[a * dims + j]! * rows[b * dims + j]!,
    0,
  );

describe('a distilled model', () => {
  test('keeps the products of its teacher’s centred token vectors, each by its weight', async () => {
    const sif = 0.01;
    const rows = await table({ dims: 5, sif });
    const vectors = await teacher.vocabulary!.vectors(
      Int32Array.from({ length: TOKENS }, (_, i) => i),
    );
    const centred = Float64Array.from(vectors, (value, at) => {
      let mean = 0;
      for (let i = at % 5; i < vectors.length; i += 5) mean += vectors[i]! / TOKENS;
      return value - mean;
    });
    // By Zipf's law the token of rank r, from 1, has a share in proportion to 1 / (r + 1).
    let harmonic = 0;
    for (let i = 0; i < TOKENS; i += 1) harmonic += 1 / (i + 2);
    const weight = (i: number): number => sif / (sif + 1 / ((i + 2) * harmonic));
    for (let a = 0; a < TOKENS; a += 1) {
      for (let b = 0; b < TOKENS; b += 1) {
        expect(dot(rows, 5, a, b)).toBeCloseTo(weight(a) * weight(b) * dot(centred, 5, a, b), 5);
      }
    }
  });

  test('has fewer dimensions when asked, those of largest variance', async () => {
    const { dims, kept } = await distill(teacher, { dims: 2 });
    expect(dims).toBe(2);
    expect(kept).toBeGreaterThan(0.4);
    expect(kept).toBeLessThan(1);
    expect((await distill(teacher, { dims: 99 })).kept).toBeCloseTo(1, 6);
  });

  test('is the same bytes each time', async () => {
    expect(await table({ dims: 3 })).toEqual(await table({ dims: 3 }));
  });

  test('cannot be made of a model whose tokens cannot be embedded one by one', async () => {
    await writeStaticModel(join(folder, 'static'), MODEL);
    const model = await loadEmbedder(join(folder, 'static'));
    await expect(distill(model)).rejects.toMatchObject({ kind: 'usage' });
    await model.close();
  });
});

describe('use-lite-static', () => {
  let model: Embedder;
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'gamut-distill-cache-'));
    model = await loadEmbedder('use-lite-static', { cache });
  });
  afterAll(async () => {
    await model.close();
    await rm(cache, { recursive: true });
  });

  test('builds itself of the default model and tells like from unlike', async () => {
    expect(model).toMatchObject({ dims: 256, cheap: true, card: { name: 'use-lite-static' } });
    expect(model.warnings).toEqual([]);
    const { vectors } = await model.embed([
      'A man is playing a guitar.',
      'Someone plays the guitar on stage.',
      'The recipe needs flour, butter and eggs.',
    ]);
    expect(dot(vectors, 256, 0, 1)).toBeGreaterThan(dot(vectors, 256, 0, 2) + 0.2);
  });

  test('is kept, and a damaged copy is told and made again', async () => {
    const path = join(cache, 'models', 'use-lite-static', model.card.revision);
    expect(await readdir(path)).toEqual([...STATIC_FILES, 'built.json'].sort());
    await writeFile(join(path, 'config.json'), '{}');
    const again = await loadEmbedder('use-lite-static', { cache });
    expect(again.warnings).toEqual([expect.stringContaining('was damaged')]);
    expect(again.fingerprint).toBe(model.fingerprint);
    await again.close();
  });

  test('has the tokens of its teacher, for transformers.js too', async () => {
    const path = join(cache, 'models', 'use-lite-static', model.card.revision);
    const theirs = new PreTrainedTokenizer(readTokenizerJson(path), {});
    const lite = await loadEmbedder('use-lite', { cache });
    const texts = [
      'Plain words,  and\nlines.',
      'Ｆｕｌｌ width',
      '它 mixed',
      '',
      ' ',
      'naïve café',
    ];
    for (const text of texts) {
      const { tokens } = await model.embed([text]);
      expect(tokens).toEqual((await lite.embed([text])).tokens);
      expect(theirs.encode(text, { add_special_tokens: false })).toHaveLength(tokens[0]!);
    }
    await lite.close();
  });
});

describe('gamut models distill', () => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.remove());

  test('writes a folder that --model takes', async () => {
    const output = place.at('quick');
    const args = ['models', 'distill', join(folder, 'teacher'), '-o', output, '--dims', '4'];
    const { code, stdout, stderr } = await place.gamut(args);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/wrote .*quick: 13 tokens × 4, with \d+\u202f% of their variance\n$/);
    expect((await readdir(output)).sort()).toEqual([...STATIC_FILES].sort());
    expect(JSON.parse(await readFile(join(output, 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'model2vec',
      hidden_dim: 4,
    });
    const model = await loadEmbedder(output);
    expect(model.dims).toBe(4);
    await model.close();
    expect((await place.gamut(args)).code).toBe(0);
    await writeFile(join(output, 'mine.txt'), '');
    expect((await place.gamut(args)).code).toBe(2);
  });
});
