import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtFolder, builtModel, builtModelPath } from '../../src/embed/build.ts';
import type { ModelCard } from '../../src/embed/embedder.ts';

const BYTES = new TextEncoder().encode('a model of a few bytes');
const CARD: ModelCard = {
  name: 'tiny',
  title: 'Tiny',
  source: 'npm:tiny-weights',
  revision: '1.2.3',
  licence: 'Apache-2.0',
  citation: '',
  dims: 1,
  pooling: 'none',
  maxTokens: 1,
  prefix: '',
  hash: `sha256:${createHash('sha256').update(BYTES).digest('hex')}`,
};

let cache: string;
let builds: number;
const build = async (): Promise<Uint8Array> => {
  builds += 1;
  return BYTES;
};

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gamut-build-'));
  builds = 0;
});
afterEach(() => rm(cache, { recursive: true }));

const model = async (): Promise<string> =>
  Buffer.from((await builtModel(CARD, build, cache)).bytes).toString();

describe('a built model', () => {
  test('is built once and read from the cache after that', async () => {
    expect(await model()).toBe('a model of a few bytes');
    expect(await model()).toBe('a model of a few bytes');
    expect(builds).toBe(1);
  });

  test('lies in a folder of its own revision, with nothing beside it', async () => {
    await model();
    const path = builtModelPath(CARD, cache);
    expect(path.startsWith(join(cache, 'models', 'tiny', '1.2.3-'))).toBe(true);
    expect(await readdir(dirname(path))).toEqual(['model.onnx']);
  });

  test.each([
    ['is cut short', BYTES.slice(0, 9)],
    ['has one bit flipped', BYTES.map((byte, i) => (i === 11 ? byte ^ 1 : byte))],
    ['is empty', new Uint8Array(0)],
    ['has bytes added', Uint8Array.of(...BYTES, 0)],
  ])('is built again, and mended on disk, when the kept file %s', async (_, damaged) => {
    await model();
    await writeFile(builtModelPath(CARD, cache), damaged);
    const { bytes, damage } = await builtModel(CARD, build, cache);
    expect(Buffer.from(bytes).toString()).toBe('a model of a few bytes');
    expect(damage).toMatch(/was damaged, and was built again/);
    expect((await builtModel(CARD, build, cache)).damage).toBeNull();
    expect(builds).toBe(2);
    expect(await readFile(builtModelPath(CARD, cache))).toEqual(Buffer.from(BYTES));
  });

  test('is the same for several who build it at once', async () => {
    const models = await Promise.all(Array.from({ length: 8 }, model));
    expect(new Set(models)).toEqual(new Set(['a model of a few bytes']));
    expect(await readdir(dirname(builtModelPath(CARD, cache)))).toEqual(['model.onnx']);
  });

  test('serves without a cache where none can be written', async () => {
    await writeFile(join(cache, 'models'), 'a file where the folder should be');
    expect(await model()).toBe('a model of a few bytes');
    await rm(join(cache, 'models'));
    await mkdir(builtModelPath(CARD, cache), { recursive: true });
    expect(await model()).toBe('a model of a few bytes');
  });

  test('is refused, and not kept, when the weights do not give what the card says', async () => {
    const wrong = builtModel(CARD, async () => BYTES.slice(1), cache);
    await expect(wrong).rejects.toMatchObject({ kind: 'runtime' });
    await expect(wrong).rejects.toThrow(/tiny.*1\.2\.3.*reinstall tiny-weights/s);
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('a built folder', () => {
  const files = { 'a.bin': [Uint8Array.of(1, 2), Uint8Array.of(3)], 'b.json': ['{}'] };
  const make = async (): Promise<typeof files> => {
    builds += 1;
    return files;
  };
  const open = () => builtFolder(CARD, make, cache);

  test('is built once, and again when a file of it is damaged or gone, which is told', async () => {
    const { folder, damage } = await open();
    expect(damage).toBeNull();
    expect((await open()).folder).toBe(folder);
    expect(builds).toBe(1);
    await writeFile(join(folder, 'a.bin'), 'x');
    expect((await open()).damage).toContain(folder);
    await rm(join(folder, 'b.json'));
    expect((await open()).damage).toContain(folder);
    expect([...(await readFile(join(folder, 'a.bin')))]).toEqual([1, 2, 3]);
    expect(builds).toBe(3);
  });

  test('that was not finished is built again without a word', async () => {
    const { folder } = await open();
    await rm(join(folder, 'built.json'));
    expect(await open()).toMatchObject({ folder, damage: null });
    expect(builds).toBe(2);
  });

  test('serves from elsewhere where the cache cannot be written, and is removed again', async () => {
    await writeFile(join(cache, 'models'), 'a file where the folder should be');
    const { folder, release } = await open();
    expect(folder.startsWith(cache)).toBe(false);
    expect(await readdir(folder)).toContain('b.json');
    await release();
    await expect(readdir(folder)).rejects.toThrow();
  });
});
