import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openVectorStore, textKey, type VectorStore } from '../../src/embed/store.ts';

const DIMS = 64;
const ROWS = 1024; // 276 KiB a block
const disk = mkdtempSync(join(tmpdir(), 'gamut-full-disk-'));
const mounted = mountSmallDisk(disk);
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** A file system of 1 MiB, where this process may mount one. */
function mountSmallDisk(folder: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const commit = (store: VectorStore, block: number): Promise<void> =>
  store.commit(
    Array.from({ length: ROWS }, (_, row) => textKey(`${block} ${row}`)),
    new Float32Array(ROWS * DIMS).fill(block),
    new Int32Array(ROWS).fill(block),
  );
const blockIsThere = (store: VectorStore, block: number): boolean => {
  const stored = store.get(textKey(`${block} ${ROWS - 1}`));
  return stored?.vector[DIMS - 1] === block && stored.tokens === block;
};

describe.skipIf(!mounted)('on a disk that is full', () => {
  beforeEach(async () => {
    for (const name of await readdir(disk)) await rm(join(disk, name), { recursive: true });
  });

  test('a store stops storing, says so once and keeps what it has', async () => {
    const told: string[] = [];
    const store = await openVectorStore(disk, 'model', DIMS, {
      onFailure: (why) => told.push(why),
    });
    for (let block = 0; block < 8; block++) await commit(store, block);
    expect(store.failure).toBe('disk full');
    expect(told).toEqual(['disk full']);
    expect(store.size).toBe(3 * ROWS);

    const again = await openVectorStore(disk, 'model', DIMS);
    for (const each of [store, again]) {
      const there = Array.from({ length: 8 }, (_, block) => blockIsThere(each, block));
      expect(there).toEqual([true, true, true, false, false, false, false, false]);
      expect(each.damagedBlocks).toBe(0);
    }
    expect((await readdir(store.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a store opens empty, and stores again once there is room', async () => {
    const filler = join(disk, 'filler');
    await writeFile(filler, Buffer.alloc(2 * 1024 * 1024)).catch(() => {});
    const store = await openVectorStore(disk, 'model', DIMS);
    await commit(store, 1);
    expect(store).toMatchObject({ size: 0, failure: 'disk full', damagedBlocks: 0 });

    await rm(filler);
    const later = await openVectorStore(disk, 'model', DIMS);
    await commit(later, 1);
    expect(later.failure).toBeNull();
    expect(blockIsThere(await openVectorStore(disk, 'model', DIMS), 1)).toBe(true);
  });
});
