import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openVectorStore, textKey, type VectorStore } from '../../src/embed/store.ts';

// Two blocks of three rows of two values: 40 bytes of header, 60 of index, 24 of vectors.
const DIMS = 2;
const BYTES = 40 + 3 * 20 + 3 * DIMS * 4;
const TEXTS = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f'],
] as const;
const VECTORS = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(7, 8, 9, 10, 11, 12)] as const;
const TOKENS = Int32Array.of(1, 2, 3);

let cache: string;
let folder: string;
/** For each block of TEXTS, its file. */
let files: string[];

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gamut-damage-'));
  files = [];
  const store = await open();
  folder = store.folder;
  for (const block of [0, 1]) {
    await commit(store, block);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.block'));
    files.push(join(folder, names.find((name) => !files.includes(join(folder, name)))!));
  }
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const open = (): Promise<VectorStore> => openVectorStore(cache, 'model', DIMS);
const commit = (store: VectorStore, block: number): Promise<void> =>
  store.commit(TEXTS[block]!.map(textKey), VECTORS[block]!, TOKENS);

/** The rows of a block that are found, as [values, tokens]; what is found must be right. */
function found(store: VectorStore, block: number): number {
  let count = 0;
  TEXTS[block]!.forEach((text, row) => {
    const stored = store.get(textKey(text));
    if (!stored) return;
    expect([...stored.vector]).toEqual([...VECTORS[block]!.slice(row * DIMS, (row + 1) * DIMS)]);
    expect(stored.tokens).toBe(TOKENS[row]);
    count += 1;
  });
  return count;
}

/** One block has been damaged: it is missed whole and counted once, the other is good, and a commit heals. */
async function expectDamageIsContained(victim: number): Promise<void> {
  const store = await open();
  expect(found(store, victim)).toBe(0);
  expect(found(store, 1 - victim)).toBe(3);
  expect(store).toMatchObject({ size: 3, damagedBlocks: 1, failure: null });
  await commit(store, victim);
  expect(found(store, victim)).toBe(3);
  const healed = await open();
  expect([found(healed, 0), found(healed, 1), healed.damagedBlocks]).toEqual([3, 3, 0]);
}

describe.each([0, 1])('when block %i is damaged', (victim) => {
  test('a flipped bit in any byte is noticed', async () => {
    const good = await readFile(files[victim]!);
    expect(good).toHaveLength(BYTES);
    for (let offset = 0; offset < BYTES; offset++) {
      const bad = Buffer.from(good);
      bad[offset]! ^= 1 << (offset % 8);
      await writeFile(files[victim]!, bad);
      await expectDamageIsContained(victim);
    }
  });

  test('a file cut at any byte is noticed', async () => {
    const good = await readFile(files[victim]!);
    for (let length = 0; length < BYTES; length++) {
      await writeFile(files[victim]!, good.subarray(0, length));
      await expectDamageIsContained(victim);
    }
  });

  test('zeros in place of the end, as a file system leaves after a power cut, are noticed', async () => {
    const good = await readFile(files[victim]!);
    for (const from of [0, 8, 40, 56, 99, 100, 101, BYTES - 4]) {
      const bad = Buffer.from(good);
      bad.fill(0, from);
      await writeFile(files[victim]!, bad);
      await expectDamageIsContained(victim);
    }
  });

  test('bytes behind the end are noticed', async () => {
    await writeFile(files[victim]!, Buffer.concat([await readFile(files[victim]!), Buffer.of(0)]));
    await expectDamageIsContained(victim);
  });

  test('a file that was cut while the store was open is noticed at its first read', async () => {
    const store = await open();
    await writeFile(files[victim]!, (await readFile(files[victim]!)).subarray(0, BYTES - 1));
    expect([found(store, victim), found(store, 1 - victim)]).toEqual([0, 3]);
    expect(store.damagedBlocks).toBe(1);
  });
});

test('a block of another model is not taken for one of this', async () => {
  const other = await openVectorStore(cache, 'other model', DIMS);
  await cp(files[0]!, join(other.folder, 'stray.block'));
  const opened = await openVectorStore(cache, 'other model', DIMS);
  expect(opened).toMatchObject({ size: 0, damagedBlocks: 1 });
});

test('a damaged block is removed, so that it is reported once', async () => {
  await writeFile(files[0]!, 'nonsense');
  expect((await open()).damagedBlocks).toBe(1);
  expect((await open()).damagedBlocks).toBe(0);
});
