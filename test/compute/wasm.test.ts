import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { loadWasm, type WasmMemory } from '../../src/compute/wasm.ts';

interface Sized {
  readonly memory: WasmMemory;
  reserve(n: number, withVectors: boolean): number;
}

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

test('two instances of a module have memories of their own', async () => {
  const one = await loadWasm<Sized>('eigen');
  const other = await loadWasm<Sized>('eigen');
  const before = other.memory.buffer.byteLength;
  expect(one.reserve(200, true)).toBe(1);
  expect(one.memory.buffer.byteLength).toBeGreaterThan(before);
  expect(other.memory.buffer.byteLength).toBe(before);
});

test('a module that was not built is an error that says how to build it', async () => {
  await expect(loadWasm('nonesuch')).rejects.toMatchObject({
    kind: 'runtime',
    message: expect.stringMatching(/nonesuch\.simd\.wasm.*npm run build/),
  });
  await expect(loadWasm('nonesuch', 'scalar')).rejects.toThrow('nonesuch.wasm');
});

test('the module is built again only when a source is newer', () => {
  const said = execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
  expect(said.toString()).toBe('');
});
