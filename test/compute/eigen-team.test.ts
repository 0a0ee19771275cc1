import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import { symmetricEigen, symmetricEigenvalues } from '../../src/compute/eigen.ts';
import { solve, solverFor } from '../../src/compute/eigen-solver.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

function symmetric(n: number): Float64Array {
  const uniform = random(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) matrix[i * n + j] = uniform() - 0.5;
  }
  return matrix;
}

test('a thread that fails while others wait for it is an error, and the next problem has new threads', async () => {
  const n = 200;
  const pool = await solverFor(n, 'simd', 2);
  pool.exports.breakTeam(); // what a helper's JavaScript calls when its part traps
  expect(() => solve(pool, symmetric(n), n, true)).toThrow(
    expect.objectContaining({
      kind: 'runtime',
      message: expect.stringMatching(/^A thread failed at the eigenvalues of a 200×200 matrix/),
    }),
  );
  expect(await solverFor(n, 'simd', 2)).not.toBe(pool);
  const alone = await symmetricEigenvalues(symmetric(n), n, 'simd', 1);
  expect(await symmetricEigenvalues(symmetric(n), n, 'simd', 2)).toEqual(alone);
});

test('the memory grows from problem to problem under threads that may still be at the last one', async () => {
  for (let n = 160; n <= 480; n += 40) {
    const together = await symmetricEigen(symmetric(n), n, 'scalar', 4);
    const alone = await symmetricEigen(symmetric(n), n, 'scalar', 1);
    expect(together.values).toEqual(alone.values);
    expect(together.vectors).toEqual(alone.vectors);
  }
});

test('callers at the same time share threads whose memory has grown too large to be kept', async () => {
  const large = symmetric(2900);
  large.fill(0);
  const found = await Promise.all([
    symmetricEigenvalues(large, 2900, 'simd', 3),
    symmetricEigenvalues(symmetric(300), 300, 'simd', 3),
    symmetricEigenvalues(symmetric(310), 310, 'simd', 3),
  ]);
  expect(found.map((values) => values.length)).toEqual([2900, 300, 310]);
  const again = await Promise.all(
    [300, 310].map((n) => symmetricEigenvalues(symmetric(n), n, 'simd', 3)),
  );
  expect(again).toEqual(found.slice(1));
});
