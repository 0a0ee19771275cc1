import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildUseLite } from '../../models/use-lite/recipe.ts';
import { mendVocabulary, packagedFolder, readVocabulary } from '../../models/use-lite/weights.ts';
import { builtModel, builtModelPath } from '../../src/embed/build.ts';
import { readCard } from '../../src/embed/card.ts';
import { createUseLite } from '../../src/embed/use-lite.ts';

const card = readCard('use-lite');
const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-use-lite-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the recipe', () => {
  test('gives the bytes that the card names, every time', async () => {
    expect(sha256(await buildUseLite())).toBe(card.hash);
    expect(sha256(await buildUseLite())).toBe(card.hash);
  });

  test('is of the revision that is installed', async () => {
    const manifest = await readFile(join(packagedFolder(), '..', 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version: card.revision, license: card.licence });
  });
});

describe('a damaged file in the package', () => {
  const SHARD = 'group1-shard3of7';
  beforeEach(async () => {
    for (const name of await readdir(packagedFolder())) {
      await copyFile(join(packagedFolder(), name), join(folder, name));
    }
  });
  const open = (): Promise<Uint8Array> =>
    builtModel(card, () => buildUseLite(folder), join(folder, 'cache')).then(({ bytes }) => bytes);

  test('is noticed when one byte of a shard changed', async () => {
    const bytes = await readFile(join(folder, SHARD));
    bytes[1000]! ^= 1;
    await writeFile(join(folder, SHARD), bytes);
    await expect(open()).rejects.toThrow(/reinstall @energetic-ai\/model-embeddings-en 0\.2\.0/);
  });

  test.each([
    ['a shard is cut short', () => truncate(join(folder, 'group1-shard7of7'), 1001)],
    ['a shard is missing', () => rm(join(folder, SHARD))],
    ['model.json is cut short', () => truncate(join(folder, 'model.json'), 9999)],
    ['model.json holds something else', () => writeFile(join(folder, 'model.json'), '{}')],
    [
      'model.json lacks the weights',
      () => writeFile(join(folder, 'model.json'), '{"weightsManifest": []}'),
    ],
  ])('is noticed when %s', async (_, damage) => {
    await damage();
    await expect(open()).rejects.toMatchObject({ kind: 'runtime' });
    await expect(open()).rejects.toThrow(/reinstall @energetic-ai\/model-embeddings-en/);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  test('is noticed in the vocabulary', async () => {
    await writeFile(join(folder, 'vocab.json'), '[["a", -1]]');
    await expect(readVocabulary(folder)).rejects.toThrow(/vocab\.json.*reinstall/);
    await rm(join(folder, 'vocab.json'));
    await expect(readVocabulary(folder)).rejects.toMatchObject({ kind: 'runtime' });
  });
});

test('a built model that is damaged in the cache is built again before it is used', async () => {
  const vector = async (): Promise<Float32Array> => {
    const embedder = await createUseLite({ cache: folder });
    const { vectors } = await embedder.embed(['A sentence to compare.']);
    await embedder.close();
    return vectors;
  };
  const path = builtModelPath(card, folder);
  const sound = await vector();

  await truncate(path, 1_000_000);
  expect(await vector()).toEqual(sound);
  expect(sha256(await readFile(path))).toBe(card.hash);

  const bytes = await readFile(path);
  bytes[20_000_000]! ^= 0x40;
  await writeFile(path, bytes);
  expect(await vector()).toEqual(sound);
  expect(sha256(await readFile(path))).toBe(card.hash);
});

describe('the vocabulary', () => {
  test('has its nine damaged scores mended: all fall from the first piece to the last', async () => {
    const pieces = await readVocabulary();
    expect(pieces).toHaveLength(8000);
    const scores = pieces.slice(6).map(([, score]) => score);
    expect(Math.max(...scores)).toBeLessThan(0);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(pieces[57]![0]).toBe(':');
    expect(pieces[57]![1]).toBeCloseTo((-6.11691522598 - 6.1366353035) / 2, 10);
    expect(pieces[4177]![1]).toBeCloseTo((-10.3830900192 - 10.3831586838) / 2, 10);
  });

  test('mends neighbours in a row, and at either end, from the sound ones there are', () => {
    const marks = Array.from({ length: 6 }, (): [string, number] => ['<mark>', 0]);
    const mended = mendVocabulary([
      ...marks,
      ['first', null],
      ['a', -2],
      [':', null],
      ['::', 3],
      ['b', -4],
      ['last', 0],
    ]);
    expect(mended.slice(6).map(([, score]) => score)).toEqual([-2, -2, -3, -3, -4, -4]);
  });
});

const STS = new URL('../../../shared/data/stsb/sts-test.csv', import.meta.url);
test.skipIf(!existsSync(STS))('STS-benchmark test: Spearman correlation is 0.7227', async () => {
  const rows = (await readFile(STS, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const embedder = await createUseLite();
  const { vectors } = await embedder.embed(rows.flatMap((row) => [row[5]!, row[6]!]));
  await embedder.close();
  const cosines = rows.map((_, i) => {
    let dot = 0;
    const at = 2 * i * card.dims;
    for (let d = at; d < at + card.dims; d++) dot += vectors[d]! * vectors[d + card.dims]!;
    return dot;
  });
  const gold = rows.map((row) => Number(row[4]));
  expect(rows).toHaveLength(1379);
  expect(Math.abs(spearman(cosines, gold) - 0.7227)).toBeLessThan(0.002);
});

/** Pearson's correlation of the ranks, ties sharing their mean rank. */
function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - mean, y[i]! - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let i = from; i < to; i++) result[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}
