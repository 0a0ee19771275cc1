import { execFileSync } from 'node:child_process';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { gaussian, random } from '../../src/base/random.ts';
import { manyEigenvalues, symmetricEigen, symmetricEigenvalues } from '../../src/compute/eigen.ts';
import { type WasmBuild, wasmBuild } from '../../src/compute/wasm.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

const BUILDS: readonly WasmBuild[] = ['simd', 'scalar'];

function randomSymmetric(n: number, seed: number): Float64Array {
  const uniform = random(seed);
  return fromEntries(n, () => gaussian(uniform));
}

function fromEntries(n: number, entry: (i: number, j: number) => number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = entry(i, j);
      matrix[j * n + i] = matrix[i * n + j]!;
    }
  }
  return matrix;
}

/** The Gram matrix of `rows` random vectors of n dimensions: its rank is min(rows, n). */
function randomGram(n: number, rows: number, seed: number): Float64Array {
  const uniform = random(seed);
  const vectors = Array.from({ length: rows }, () =>
    Float64Array.from({ length: n }, () => gaussian(uniform)),
  );
  return fromEntries(n, (i, j) => vectors.reduce((sum, v) => sum + v[i]! * v[j]!, 0));
}

/** Row sums bound every eigenvalue. */
function norm(matrix: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(matrix[i * n + j]!);
    largest = Math.max(largest, sum);
  }
  return largest;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * b[i]!, 0);

const rowsOf = (matrix: Float64Array, n: number): Float64Array[] =>
  Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n));

/** What must hold for any symmetric matrix. Tolerances are shares of ‖A‖. */
async function expectDecomposition(
  matrix: Float64Array,
  n: number,
  build: WasmBuild,
  tolerance = 1e-12,
): Promise<Float64Array> {
  const before = matrix.slice();
  const { values, vectors } = await symmetricEigen(matrix, n, build);
  expect(matrix).toEqual(before);
  expect(values).toHaveLength(n);
  expect(await symmetricEigenvalues(matrix, n, build)).toEqual(values);
  const size = norm(matrix, n) || 1;
  const rows = rowsOf(matrix, n);
  let residual = 0;
  let skew = 0;
  rowsOf(vectors, n).forEach((vector, k, all) => {
    if (k > 0) expect(values[k]!).toBeGreaterThanOrEqual(values[k - 1]!);
    for (let i = 0; i < n; i++) {
      const difference = dot(rows[i]!, vector) - values[k]! * vector[i]!;
      residual = Math.max(residual, Math.abs(difference) / size);
      skew = Math.max(skew, Math.abs(dot(vector, all[i]!) - (i === k ? 1 : 0)));
    }
    const top = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    expect(top).toBeGreaterThan(0);
  });
  expect(residual).toBeLessThan(tolerance);
  expect(skew).toBeLessThan(tolerance);
  return values;
}

function expectClose(actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries()) {
    expect(Math.abs(value - expected[i]!), `value ${i}`).toBeLessThanOrEqual(tolerance);
  }
}

describe.each(BUILDS)('the %s build', (build) => {
  test.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33, 64, 100, 130])(
    'agrees with ml-matrix and the trace on a random matrix of n = %i',
    async (n) => {
      const matrix = randomSymmetric(n, n);
      const values = await expectDecomposition(matrix, n, build);
      const oracle = new EigenvalueDecomposition(Matrix.from1DArray(n, n, matrix), {
        assumeSymmetric: true,
      });
      expectClose(
        values,
        oracle.realEigenvalues.toSorted((a, b) => a - b),
        1e-12 * norm(matrix, n),
      );
      const trace = rowsOf(matrix, n).reduce((sum, row, i) => sum + row[i]!, 0);
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 9);
    },
  );

  test('holds for many small random matrices of every size up to 12', async () => {
    for (let seed = 0; seed < 120; seed++) {
      await expectDecomposition(randomSymmetric(1 + (seed % 12), seed), 1 + (seed % 12), build);
    }
  });

  test('merges blocks of every size, with all threads together', async () => {
    for (const n of [97, 161, 257]) await expectDecomposition(randomSymmetric(n, n), n, build);
  });

  const clustered = 150;
  const toughest: Record<string, (i: number, j: number) => number> = {
    'pairs of nearly equal values': (i, j) =>
      i === j ? Math.abs(i - (clustered - 1) / 2) : i - j === 1 ? 1 : 0,
    'many copies of one block, glued': (i, j) =>
      i === j ? Math.abs((i % 21) - 10) : i - j === 1 ? (i % 21 === 0 ? 1e-8 : 1) : 0,
    'the identity and rounding': (i, j) => (i === j ? 1 : 0) + 1e-15 * Math.sin(i * 7 + j * 13),
    'blocks of rank 1': (i, j) => (Math.floor(i / 9) === Math.floor(j / 9) ? 1 : 0),
    'values down to 1e-16 of the largest': (i, j) => 0.5 ** (i - j) * 10 ** (-(i + j) / 19),
    'an arrow': (i, j) => (i === j ? i / clustered : j === 0 ? 1e-3 : 0),
    'one entry of 1e-200': (i, j) => (i === j ? 1 : i === 90 && j === 75 ? 1e-200 : 0),
  };
  test.each(Object.entries(toughest))('keeps vectors orthogonal: %s', async (_, entry) => {
    await expectDecomposition(fromEntries(clustered, entry), clustered, build);
  });

  test('gives the same bytes on any number of threads', async () => {
    const n = 200;
    for (const matrix of [randomSymmetric(n, 6), randomGram(n, 30, 7)]) {
      const values = await symmetricEigenvalues(matrix, n, build, 1);
      const alone = await symmetricEigen(matrix, n, build, 1);
      for (const threads of [2, 3, 9]) {
        expect(await symmetricEigenvalues(matrix, n, build, threads)).toEqual(values);
        expect(await symmetricEigen(matrix, n, build, threads)).toEqual(alone);
      }
    }
  });

  test('has nothing to say about an empty matrix', async () => {
    const { values, vectors } = await symmetricEigen(new Float64Array(0), 0, build);
    expect([...values, ...vectors]).toEqual([]);
    expect(await symmetricEigenvalues(new Float64Array(0), 0, build)).toHaveLength(0);
  });

  test('is exact for zero, identity and diagonal matrices', async () => {
    for (const n of [1, 2, 5, 12]) {
      expect([...(await expectDecomposition(new Float64Array(n * n), n, build))]).toEqual(
        Array(n).fill(0),
      );
      const identity = fromEntries(n, (i, j) => (i === j ? 1 : 0));
      expect([...(await expectDecomposition(identity, n, build))]).toEqual(Array(n).fill(1));
      const diagonal = fromEntries(n, (i, j) => (i === j ? 3 - i : 0));
      expect([...(await expectDecomposition(diagonal, n, build))]).toEqual(
        Array.from({ length: n }, (_, i) => 4 - n + i),
      );
    }
  });

  test('gives one eigenvalue and zeros for a matrix of rank 1', async () => {
    const n = 40;
    const uniform = random(3);
    const x = Float64Array.from({ length: n }, () => gaussian(uniform));
    const values = await expectDecomposition(
      fromEntries(n, (i, j) => x[i]! * x[j]!),
      n,
      build,
    );
    const expected = new Float64Array(n);
    expected[n - 1] = dot(x, x);
    expectClose(values, expected, 1e-13 * dot(x, x));
  });

  test('keeps repeated eigenvalues together, with an orthogonal basis of their space', async () => {
    const n = 30;
    const ones = fromEntries(n, (i, j) => (i === j ? 2 : 1)); // 1 twenty-nine times, and n + 1
    const expected = new Float64Array(n).fill(1);
    expected[n - 1] = n + 1;
    expectClose(await expectDecomposition(ones, n, build), expected, 1e-13 * n);
  });

  test('finds the closed form of the second-difference matrix', async () => {
    const n = 50;
    const matrix = fromEntries(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0));
    const values = await expectDecomposition(matrix, n, build);
    const exact = (_: unknown, k: number): number =>
      2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1));
    expectClose(values, Array.from({ length: n }, exact), 1e-14);
  });

  test('gives a Gram matrix of few rows as many zeros as it lacks', async () => {
    const n = 48;
    const values = await expectDecomposition(randomGram(n, 10, 8), n, build);
    const largest = values[n - 1]!;
    for (const value of values.subarray(0, n - 10)) {
      expect(Math.abs(value)).toBeLessThan(1e-14 * largest);
    }
    expect(values[n - 10]!).toBeGreaterThan(1e-3 * largest);
  });

  test.each([1e-300, 1e-160, 1e150, 1e300])('is as exact at a scale of %d', async (scale) => {
    const n = 20;
    const plain = randomSymmetric(n, 11);
    const scaled = plain.map((x) => x * scale);
    const values = await symmetricEigenvalues(scaled, n, build);
    const expected = await symmetricEigenvalues(plain, n, build);
    expectClose(
      values.map((x) => x / scale),
      expected,
      1e-13 * norm(plain, n),
    );
    const { vectors } = await symmetricEigen(scaled, n, build);
    const reference = await symmetricEigen(plain, n, build);
    expectClose(vectors, reference.vectors, 1e-11);
  });

  test('survives entries from 1e-300 to 1e150 in one matrix', async () => {
    const n = 16;
    const uniform = random(21);
    const graded = fromEntries(n, (i, j) => gaussian(uniform) * 10 ** (150 - 30 * Math.max(i, j)));
    await expectDecomposition(graded, n, build);
    const reversed = fromEntries(n, (i, j) => graded[(n - 1 - i) * n + (n - 1 - j)]!);
    await expectDecomposition(reversed, n, build);
  });

  test('keeps the digits of a tiny block that nothing couples to a large one', async () => {
    const [tiny, large] = [1e-170, 1];
    const matrix = fromEntries(
      6,
      (i, j) => (i < 3 === j < 3 ? 1 + i * j : 0) * (i < 3 ? tiny : large),
    );
    const values = await symmetricEigenvalues(matrix, 6, build);
    const block = await symmetricEigenvalues(
      fromEntries(3, (i, j) => 1 + i * j),
      3,
      build,
    );
    for (const [i, value] of block.entries()) {
      if (i > 0) expect(values.some((v) => Math.abs(v / tiny - value) < 1e-12)).toBe(true);
    }
  });

  test('reads the lower triangle only', async () => {
    const n = 9;
    const lower = randomSymmetric(n, 2);
    const expected = await symmetricEigenvalues(lower, n, build);
    for (let i = 0; i < n; i++) lower.fill(Number.NaN, i * n + i + 1, (i + 1) * n);
    expect(await symmetricEigenvalues(lower, n, build)).toEqual(expected);
  });

  test('gives the same bytes every time, whatever was solved in between', async () => {
    const n = 37;
    const matrix = randomSymmetric(n, 1);
    const first = await symmetricEigen(matrix, n, build);
    await symmetricEigen(randomSymmetric(61, 2), 61, build);
    await symmetricEigenvalues(randomSymmetric(5, 3), 5, build);
    expect(await symmetricEigen(matrix, n, build)).toEqual(first);
  });
});

test('both builds agree to rounding', async () => {
  const n = 90;
  const matrix = randomGram(n, 200, 4);
  const simd = await symmetricEigen(matrix, n, 'simd');
  const scalar = await symmetricEigen(matrix, n, 'scalar');
  expectClose(simd.values, scalar.values, 1e-13 * norm(matrix, n));
  expectClose(simd.vectors, scalar.vectors, 1e-10);
});

test('this runtime has SIMD, so the fast build is the default', () => {
  expect(wasmBuild()).toBe('simd');
});

describe('what is no finite symmetric matrix is refused', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%d, naming the entry', async (bad) => {
    const matrix = randomSymmetric(4, 1);
    matrix[2 * 4 + 1] = bad;
    await expect(symmetricEigenvalues(matrix, 4)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('(2, 1)'),
    });
    await expect(symmetricEigen(matrix, 4)).rejects.toThrow('finite');
  });

  test('a size that does not fit the data, or no computer', async () => {
    await expect(symmetricEigenvalues(new Float64Array(8), 3)).rejects.toMatchObject({
      kind: 'usage',
    });
    await expect(symmetricEigenvalues(new Float64Array(0), -1)).rejects.toThrow('n = -1');
    await expect(symmetricEigen(new Float64Array(1), Number.NaN)).rejects.toThrow('n = NaN');
  });
});

describe('many matrices', () => {
  const matrices = [1, 2, 3, 4].map((seed) => randomGram(24, 30, seed));

  test('give what each gives alone, in order, with progress', async () => {
    const done: (number | null)[] = [];
    const found = await manyEigenvalues(matrices, 24, {
      onProgress: (event) => done.push(event.done, event.total),
    });
    for (const [i, matrix] of matrices.entries()) {
      expect(found[i]).toEqual(await symmetricEigenvalues(matrix, 24));
    }
    expect(done).toEqual([1, 4, 2, 4, 3, 4, 4, 4]);
  });

  test('may come one at a time in the same array', async () => {
    function* reusing(): Generator<Float64Array> {
      const buffer = new Float64Array(24 * 24);
      for (const matrix of matrices) {
        buffer.set(matrix);
        yield buffer;
      }
    }
    expect(await manyEigenvalues(reusing(), 24)).toEqual(await manyEigenvalues(matrices, 24));
  });

  test('stop when the signal fires', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(
      manyEigenvalues(matrices, 24, { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ kind: 'interrupted' });
  });

  test('of none is an empty list', async () => {
    expect(await manyEigenvalues([], 24)).toEqual([]);
    expect(await manyEigenvalues([], 24, { threads: 2 })).toEqual([]);
  });

  test.each(BUILDS)('give the same bytes on any number of threads (%s)', async (build) => {
    const many = Array.from({ length: 19 }, (_, seed) => randomGram(33, 40, seed));
    const alone = await manyEigenvalues(many, 33, { threads: 1, build });
    const done: number[] = [];
    const onProgress = (event: { readonly done: number }): number => done.push(event.done);
    expect(await manyEigenvalues(many, 33, { threads: 2, build, onProgress })).toEqual(alone);
    expect(done).toEqual([8, 16, 19]);
    expect(await manyEigenvalues(many, 33, { threads: 3, build })).toEqual(alone);
    const large = Array.from({ length: 6 }, (_, seed) => randomSymmetric(150, seed));
    const each = await Promise.all(large.map((m) => symmetricEigenvalues(m, 150, build)));
    expect(await manyEigenvalues(large, 150, { threads: 2, build })).toEqual(each);
  });

  test('of which one is broken are refused on several threads too', async () => {
    const broken = [matrices[0]!, matrices[1]!.map((_, i) => (i === 24 ? Number.NaN : 1))];
    await expect(manyEigenvalues(broken, 24, { threads: 2 })).rejects.toThrow('(1, 0)');
  });
});
