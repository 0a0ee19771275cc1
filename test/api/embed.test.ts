import { expect, test } from 'vitest';
import { embed, rowOf } from '../../src/index.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { jsonl, samples } from '../support/texts.ts';

const { path } = fixtures();
const rows = samples(60, 1);
const file = path('rows.jsonl', jsonl(rows));

const similarity = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, j) => sum + value * b[j]!, 0);

test('vectors come in the order of the rows, of length one, with ids and tokens', async () => {
  const { n, dims, vectors, ids, tokens, embedder, warnings } = await embed(file);
  expect({ n, dims, warnings }).toEqual({ n: 60, dims: 512, warnings: [] });
  expect(ids).toEqual(rows.map(({ id }) => id));
  expect(tokens).toHaveLength(60);
  expect(Math.min(...tokens!)).toBeGreaterThan(3);
  expect(embedder!.card.name).toBe('use-lite');
  for (let i = 0; i < n; i += 1) {
    expect(Math.hypot(...rowOf(vectors, i))).toBeCloseTo(1, 5);
  }
});

test('a row has the vector it has alone', async () => {
  const whole = await embed(file);
  for (const i of [0, 31, 59]) {
    const alone = await embed(path('alone.jsonl', jsonl([rows[i]])), { cache: path('fresh') });
    expect(similarity(rowOf(alone.vectors, 0), rowOf(whole.vectors, i))).toBeCloseTo(1, 5);
    expect(alone.tokens![0]).toBe(whole.tokens![i]);
  }
});

test('a second run gives the same bytes from the cache', async () => {
  const cache = path('cache');
  const once = await embed(file, { cache });
  let cached = 0;
  const again = await embed(file, {
    cache,
    onProgress: (event) => {
      cached = event.cached ?? cached;
    },
  });
  expect(cached).toBe(60);
  expect(again.vectors).toEqual(once.vectors);
  expect(again.tokens).toEqual(once.tokens);
});

test('long texts are averaged over their parts or cut, and tokens count the whole', async () => {
  const long = `${'The baker kneads the dough. '.repeat(40)}${'A rocket reaches the orbit of the moon. '.repeat(40)}`;
  const one = path('long.jsonl', jsonl([{ text: long }]));
  const [mean, cut] = [await embed(one), await embed(one, { long: 'truncate' })];
  expect(mean.tokens![0]).toBeGreaterThan(400);
  expect(cut.tokens).toEqual(mean.tokens);
  expect(similarity(rowOf(mean.vectors, 0), rowOf(cut.vectors, 0))).toBeLessThan(0.95);
});

test('vectors are given length one in the cosine space and left as they are in the euclidean', async () => {
  const npy = path('v.npy', npyBytes('<f4', '2, 2', bytesOf(Float32Array.of(3, 4, 0, 2))));
  const [unit, raw] = [await embed(npy), await embed(npy, { space: 'euclidean' })];
  expect(Array.from(unit.vectors.blocks[0]!)).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 1]);
  expect(Array.from(raw.vectors.blocks[0]!)).toEqual([3, 4, 0, 2]);
  expect(unit).toMatchObject({ tokens: null, embedder: null, ids: ['0', '1'] });
});

test('a model for vectors is refused, and so are models and devices that do not exist', async () => {
  const npy = path('w.npy', npyBytes('<f4', '1, 2', bytesOf(Float32Array.of(3, 4))));
  for (const [input, options] of [
    [npy, { model: 'use-lite' }],
    [file, { model: 'no-such-model' }],
    [file, { device: 'abacus' as 'cpu' }],
  ] as const) {
    await expect(embed(input, options)).rejects.toMatchObject({ kind: 'usage' });
  }
});
