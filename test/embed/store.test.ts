import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Key, openVectorStore, textKey, type VectorStore } from '../../src/embed/store.ts';

const DIMS = 4;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gamut-store-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const keysOf = (...texts: string[]): Key[] => texts.map(textKey);
const vectorsFrom = (start: number, rows: number): Float32Array =>
  Float32Array.from({ length: rows * DIMS }, (_, i) => start + i / 8);
const open = (fingerprint = 'model', dims = DIMS): Promise<VectorStore> =>
  openVectorStore(cache, fingerprint, dims);
const vectorOf = (store: VectorStore, text: string): number[] | undefined => {
  const found = store.get(textKey(text));
  return found && [...found.vector];
};

describe('textKey', () => {
  test('is 16 one-byte characters, the same for the same text', () => {
    const key = textKey('a text');
    expect(key).toHaveLength(16);
    expect(Buffer.byteLength(key, 'latin1')).toBe(16);
    expect(textKey('a text')).toBe(key);
  });

  test('tells apart what differs in a space, an accent form or a lone surrogate', () => {
    const texts = ['', ' ', 'a', 'a ', '\u00e9', 'e\u0301', '\ud800', '\ud801', '\ufffd'];
    expect(new Set(texts.map(textKey)).size).toBe(texts.length);
  });
});

describe('a vector store', () => {
  test('is empty when there was none, and knows its folder and dims', async () => {
    const store = await open();
    expect(store).toMatchObject({ dims: DIMS, size: 0, damagedBlocks: 0, failure: null });
    expect(store.folder.startsWith(join(cache, 'vectors'))).toBe(true);
    expect(store.get(textKey('anything'))).toBeUndefined();
  });

  test('gives back vectors and token counts at once and after it is opened again', async () => {
    const store = await open();
    await store.commit(keysOf('a', 'b'), vectorsFrom(1, 2), Int32Array.of(7, 8));
    await store.commit(keysOf('c'), vectorsFrom(5, 1), Int32Array.of(300));
    const again = await open();
    for (const each of [store, again]) {
      expect(each.size).toBe(3);
      expect(vectorOf(each, 'a')).toEqual([1, 1.125, 1.25, 1.375]);
      expect(vectorOf(each, 'b')).toEqual([1.5, 1.625, 1.75, 1.875]);
      expect(vectorOf(each, 'c')).toEqual([5, 5.125, 5.25, 5.375]);
      expect(each.get(textKey('b'))?.tokens).toBe(8);
      expect(each.get(textKey('c'))?.tokens).toBe(300);
      expect(vectorOf(each, 'd')).toBeUndefined();
    }
  });

  test('keeps every bit of a vector', async () => {
    const odd = Float32Array.of(-0, 1e-45, 3.4028235e38, 0.1);
    const store = await open();
    await store.commit(keysOf('odd'), odd, Int32Array.of(0));
    const found = (await open()).get(textKey('odd'))!.vector;
    expect(Buffer.from(found.slice().buffer).equals(Buffer.from(odd.buffer))).toBe(true);
  });

  test('does not see changes that a caller makes to its arrays after the commit', async () => {
    const store = await open();
    const vectors = vectorsFrom(1, 1);
    const tokens = Int32Array.of(5);
    await store.commit(keysOf('a'), vectors, tokens);
    vectors.fill(9);
    tokens.fill(9);
    expect(vectorOf(store, 'a')).toEqual([1, 1.125, 1.25, 1.375]);
    expect(store.get(textKey('a'))?.tokens).toBe(5);
  });

  test('keeps models apart, and lengths of one model', async () => {
    const store = await open('model');
    await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    expect(vectorOf(await open('another model'), 'a')).toBeUndefined();
    expect(vectorOf(await open('model', 2), 'a')).toBeUndefined();
    expect(vectorOf(await open('model'), 'a')).toBeDefined();
  });

  test('counts a text once, and keeps the vector it had first', async () => {
    const store = await open();
    await store.commit(keysOf('a', 'b'), vectorsFrom(1, 2), Int32Array.of(1, 2));
    await store.commit(keysOf('a'), vectorsFrom(9, 1), Int32Array.of(1));
    expect(store.size).toBe(2);
    expect(vectorOf(store, 'a')).toEqual([1, 1.125, 1.25, 1.375]);
  });

  test('takes the same one of two vectors of a text whenever it is opened', async () => {
    const [one, other] = [await open(), await open()];
    await one.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    await other.commit(keysOf('a'), vectorsFrom(9, 1), Int32Array.of(1));
    const first = vectorOf(await open(), 'a');
    expect((await open()).size).toBe(1);
    expect(vectorOf(await open(), 'a')).toEqual(first);
  });

  test('writes one file for the same block committed twice, and none for an empty one', async () => {
    const store = await open();
    await store.commit([], new Float32Array(0), new Int32Array(0));
    for (let i = 0; i < 2; i++) {
      await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    }
    const names = await readdir(store.folder);
    expect(names.filter((name) => name.endsWith('.block'))).toHaveLength(1);
    expect(names).toHaveLength(2);
  });

  test('answers when more vectors are stored than it keeps in memory, in any order', async () => {
    const dims = 4096;
    const rows = 512;
    const blocks = 12; // of 8 MB
    const vectors = new Float32Array(rows * dims);
    const store = await openVectorStore(cache, 'large', dims);
    for (let block = 0; block < blocks; block++) {
      const keys: Key[] = [];
      for (let row = 0; row < rows; row++) {
        keys.push(textKey(`${block} ${row}`));
        vectors.fill(block * rows + row, row * dims, (row + 1) * dims);
      }
      await store.commit(keys, vectors, new Int32Array(rows));
    }
    for (const each of [store, await openVectorStore(cache, 'large', dims)]) {
      for (let i = 0; i < 1000; i++) {
        const at = (i * 3571) % (blocks * rows);
        const text = `${Math.floor(at / rows)} ${at % rows}`;
        const found = each.get(textKey(text))!.vector;
        expect([found.length, found[0], found.at(-1)]).toEqual([dims, at, at]);
      }
      expect(each.damagedBlocks).toBe(0);
    }
  });

  test('refuses a block whose arrays do not belong together', async () => {
    const store = await open();
    await expect(store.commit(keysOf('a'), vectorsFrom(1, 2), Int32Array.of(1))).rejects.toThrow(
      RangeError,
    );
    await expect(store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1, 2))).rejects.toThrow(
      RangeError,
    );
  });

  test('answers nothing after close, and loses nothing by it', async () => {
    const store = await open();
    await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    await store.close();
    expect(store.get(textKey('a'))).toBeUndefined();
    expect(vectorOf(await open(), 'a')).toBeDefined();
  });

  test('describes its model in meta.json', async () => {
    const store = await open('sha256:abc cpu');
    const meta = JSON.parse(await readFile(join(store.folder, 'meta.json'), 'utf8'));
    expect(meta).toEqual({ schema: 'gamut.vectors/1', fingerprint: 'sha256:abc cpu', dims: DIMS });
  });

  test('mends a meta.json that is broken or speaks of another model, and keeps the blocks', async () => {
    const store = await open();
    await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    const path = join(store.folder, 'meta.json');
    const good = await readFile(path, 'utf8');
    for (const bad of ['', '{', good.replace('model', 'mode1'), good.replace('4', '5')]) {
      await writeFile(path, bad);
      const opened = await open();
      expect(opened.damagedBlocks).toBe(1);
      expect(vectorOf(opened, 'a')).toBeDefined();
      expect(await readFile(path, 'utf8')).toBe(good);
    }
  });

  test('clears away temporary files of dead processes, and leaves those of live ones', async () => {
    const { folder } = await open();
    const [dead, live] = [join(folder, '.x.block.1.tmp'), join(folder, '.x.block.2.tmp')];
    await writeFile(dead, 'half a bl');
    await writeFile(live, 'half a bl');
    const longAgo = Date.now() / 1000 - 2 * 60 * 60;
    await utimes(dead, longAgo, longAgo);
    expect((await open()).damagedBlocks).toBe(0);
    expect([existsSync(dead), existsSync(live)]).toEqual([false, true]);
  });

  test('treats blocks that were deleted under it as misses, not as damage', async () => {
    await (await open()).commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    const store = await open();
    await rm(cache, { recursive: true });
    expect(store.get(textKey('a'))).toBeUndefined();
    expect(store).toMatchObject({ size: 0, damagedBlocks: 0 });
    await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    expect(vectorOf(await open(), 'a')).toBeDefined();
  });

  test('passes over a block it cannot read, and counts it', async () => {
    const { folder } = await open();
    await mkdir(join(folder, '0.block'));
    expect(await open()).toMatchObject({ size: 0, damagedBlocks: 1, failure: null });
  });

  test('stores nothing, and says so once, where no folder can be made', async () => {
    const file = join(cache, 'file');
    await writeFile(file, '');
    const told: string[] = [];
    const store = await openVectorStore(file, 'model', DIMS, {
      onFailure: (why) => told.push(why),
    });
    await store.commit(keysOf('a'), vectorsFrom(1, 1), Int32Array.of(1));
    await store.commit(keysOf('b'), vectorsFrom(1, 1), Int32Array.of(1));
    expect(store.size).toBe(0);
    expect(store.failure).toBe('a file stands where a folder should be');
    expect(told).toEqual([store.failure]);
  });
});
