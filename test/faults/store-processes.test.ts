import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import { openVectorStore, textKey, type VectorStore } from '../../src/embed/store.ts';

// Child processes run the built module: Node cannot run TypeScript.
const BUILT = packagePath('dist', 'src', 'embed', 'store.js');
const WRITER = fileURLToPath(new URL('./store-writer.mjs', import.meta.url));
const DIMS = 128;
const ROWS = 512;

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gamut-processes-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const open = (): Promise<VectorStore> => openVectorStore(cache, 'model', DIMS);

const writerArguments = (first: number, end: number): string[] =>
  [WRITER, pathToFileURL(BUILT).href, cache, DIMS, ROWS, first, end].map(String);

function startWriter(first: number, end: number): { child: ChildProcess; lines: () => string[] } {
  const child = spawn(process.execPath, writerArguments(first, end), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { child, lines: () => output.split('\n').slice(0, -1) };
}

/** Returns when a new temporary file shows: a writer is in the middle of a block, or just was. */
function waitForHalfBlock(folder: string): void {
  const temporaries = (): number =>
    readdirSync(folder).filter((name) => name.endsWith('.tmp')).length;
  const before = temporaries();
  for (let tries = 0; tries < 10_000 && temporaries() <= before; tries++);
}

/** How many rows of a block are found; what is found must be right. */
function found(store: VectorStore, block: number): number {
  let count = 0;
  for (let i = block * ROWS; i < (block + 1) * ROWS; i++) {
    const stored = store.get(textKey(`text ${i}`));
    if (!stored) continue;
    const right = stored.vector.every((value, d) => value === i + d / 8) && stored.tokens === i;
    if (right) count += 1;
    else expect.fail(`row ${i} came back wrong`);
  }
  return count;
}

describe.skipIf(!existsSync(BUILT))('processes that share a vector store', () => {
  test('killed again and again in the middle of commits, lose nothing that was committed', async () => {
    const { folder } = await open();
    const uniform = random(1);
    let next = 0;
    for (let round = 0; round < 20; round++) {
      const { child, lines } = startWriter(next, next + 1_000_000);
      await once(child.stdout!, 'data');
      await sleep(uniform() * 20);
      if (round % 2 === 1) waitForHalfBlock(folder);
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;

      const committed = lines().map(Number);
      const store = await open();
      expect(store.damagedBlocks).toBe(0);
      for (const block of committed) expect(found(store, block)).toBe(ROWS);
      // The block after the last that was reported may have its name already: then it is whole.
      expect([0, ROWS]).toContain(found(store, committed.at(-1)! + 1));
      next = committed.at(-1)! + 1;
      await store.close();
    }
    const store = await open();
    for (let block = 0; block < next; block++) expect(found(store, block)).toBe(ROWS);
  });

  test('write the same and different blocks at once, while others open it', async () => {
    const writers = [startWriter(0, 30), startWriter(10, 40)];
    const ends = writers.map(({ child }) => once(child, 'close'));
    let running = true;
    const watch = (async () => {
      let most = 0;
      while (running) {
        const store = await open();
        expect(store.damagedBlocks).toBe(0);
        expect(store.size % ROWS).toBe(0);
        expect(store.size).toBeGreaterThanOrEqual(most);
        most = store.size;
        await sleep(2);
      }
    })();
    const codes = (await Promise.all(ends)).map(([code]) => code);
    running = false;
    await watch;

    expect(codes).toEqual([0, 0]);
    const store = await open();
    expect(store).toMatchObject({ size: 40 * ROWS, damagedBlocks: 0 });
    for (let block = 0; block < 40; block++) expect(found(store, block)).toBe(ROWS);
    const names = await readdir(store.folder);
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.block'))).toHaveLength(40);
  });

  test.skipIf(process.platform === 'win32')(
    'go on without storing when files may not grow large enough',
    async () => {
      // 64 units of 512 or 1024 bytes, by shell: less than a block, more than meta.json.
      const child = spawn(
        'sh',
        ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, ...writerArguments(0, 3)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(0);
      expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual({
        size: 0,
        failure: 'file size limit reached',
      });
      const store = await open();
      expect(store).toMatchObject({ size: 0, damagedBlocks: 0 });
      expect(await readdir(store.folder)).toEqual(['meta.json']);
    },
  );
});
