import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { defaultThreads, openPool, type Pool, type PooledExports } from '../../src/compute/pool.ts';

/** The part of native/forest.ts that these tests run. */
interface Exports extends PooledExports {
  allocate(bytes: number): number;
  measure(...args: readonly number[]): void;
}

const open: Pool<Exports>[] = [];

async function forestPool(threads: number): Promise<Pool<Exports>> {
  const pool = await openPool<Exports>('forest', { threads });
  open.push(pool);
  return pool;
}

/** Squared distances of points 0, 1, … on a line: the bytes of all rows. */
async function line(pool: Pool<Exports>, n: number): Promise<string> {
  const width = Math.ceil(n / 4) * 16;
  const points = pool.exports.allocate((n + 3) * 16);
  const out = pool.exports.allocate((n + 1) * width);
  const memory = new Float32Array(pool.exports.memory.buffer, points, n * 4);
  for (let i = 0; i < n; i += 1) memory[i * 4] = i;
  const tiles = 36;
  await pool.run('measure', points, 16, n, out, width, 0, tiles);
  return Buffer.from(pool.exports.memory.buffer, out, n * width).toString('base64');
}

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

test('one task after the other runs on all threads, with the same result as on one', async () => {
  const alone = await forestPool(1);
  const together = await forestPool(3);
  expect(alone.threads).toBe(1);
  expect(together.threads).toBe(3);
  const expected = await line(alone, 500);
  expect(Buffer.from(expected, 'base64').readFloatLE(3 * 4)).toBe(9);
  for (let round = 0; round < 5; round += 1) {
    expect((await line(together, 500)) === expected).toBe(true);
  }
});

test('one thread needs no shared memory, several share one', async () => {
  expect((await forestPool(1)).exports.memory.buffer).toBeInstanceOf(ArrayBuffer);
  expect((await forestPool(2)).exports.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('a thread that traps is a runtime error, now and for every task after it', async () => {
  const pool = await forestPool(2);
  const beyond = 0xffff0000;
  await expect(pool.run('measure', beyond, 16, 100, beyond, 512, 0, 2)).rejects.toThrow();
  await pool.close();
  await expect(pool.run('measure', 0, 16, 0, 0, 0, 0, 0)).rejects.toMatchObject({
    kind: 'runtime',
    message: expect.stringMatching(/forest kernels.*has ended/),
  });
});

test('an idle pool that nobody closed does not keep the process alive', () => {
  // From the built files: Node 20 does not run TypeScript.
  const pool = JSON.stringify(packagePath('dist', 'src', 'compute', 'pool.js'));
  const program = `const { openPool } = await import(${pool});
    const { exports, run } = await openPool('forest', { threads: 2 });
    await run('measure', exports.allocate(4096), 16, 4, exports.allocate(4096), 64, 0, 1);
    console.log('done');`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program]);
  expect(said.toString()).toBe('done\n');
});

test('by default there is a thread for every processor, up to sixteen', () => {
  expect(defaultThreads()).toBeGreaterThanOrEqual(1);
  expect(defaultThreads()).toBeLessThanOrEqual(16);
});
