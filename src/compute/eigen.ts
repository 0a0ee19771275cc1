import { runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { checkedScale, type Solver, solve, solverFor, writeTriangle } from './eigen-solver.ts';
import {
  defaultThreads,
  openPool,
  type Pool,
  type PooledExports,
  type PoolOptions,
} from './pool.ts';
import { type WasmBuild, wasmBuild } from './wasm.ts';

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /**
   * Row-major: row i is the unit eigenvector of `values[i]`, its largest component (the first of them,
   * if several tie) positive. Equal eigenvalues share a space, of which the rows are one basis.
   */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues, ascending, of a symmetric n×n matrix given row-major; only the lower triangle is read
 * and the matrix is left as it is. Errors are about 1e-15 of the largest eigenvalue's size; smaller
 * eigenvalues are no more exact than that. The same matrix gives the same bytes on one build, and the
 * same values as `symmetricEigen`. Entries must be finite; n is at most 15,000. Runs on this thread:
 * 0.02 s at n = 512, growing with n³.
 */
export async function symmetricEigenvalues(
  matrix: Float64Array,
  n: number,
  build: WasmBuild = wasmBuild(),
): Promise<Float64Array> {
  const scale = checkedScale(matrix, n);
  const solver = await solverFor(build);
  return solve(solver, matrix, n, scale, false).sort();
}

/** The same with eigenvectors; about five times the work. */
export async function symmetricEigen(
  matrix: Float64Array,
  n: number,
  build: WasmBuild = wasmBuild(),
): Promise<SymmetricEigen> {
  const scale = checkedScale(matrix, n);
  const solver = await solverFor(build);
  const unordered = solve(solver, matrix, n, scale, true);
  const order = Array.from(unordered.keys()).sort((i, j) => unordered[i]! - unordered[j]! || i - j);
  const vectors = new Float64Array(n * n);
  const stride = solver.stride();
  const start = solver.vectors() >>> 0;
  for (const [row, from] of order.entries()) {
    const vector = vectors.subarray(row * n, (row + 1) * n);
    vector.set(new Float64Array(solver.memory.buffer, start + from * stride, n));
    makeLargestPositive(vector);
  }
  return { values: unordered.sort(), vectors };
}

function makeLargestPositive(vector: Float64Array): void {
  let largest = 0;
  for (const component of vector) {
    if (Math.abs(component) > Math.abs(largest)) largest = component;
  }
  if (largest >= 0) return;
  for (let i = 0; i < vector.length; i++) vector[i] = -vector[i]!;
}

/** Matrices one after the other: a list, or made as they are asked for. */
export type Matrices = Iterable<Float64Array> | AsyncIterable<Float64Array>;

/**
 * Eigenvalues, each list ascending, of many matrices of one size, such as the Gram matrices that are
 * left when one group of rows after the other is taken out: the same bytes as `symmetricEigenvalues`
 * gives, on any number of threads. A matrix may be overwritten once the iterator is asked for the
 * next. Each thread holds MATRICES_A_THREAD of them, of 8·n² bytes. Lets timers run, and looks at the
 * signal, between batches.
 */
export async function manyEigenvalues(
  matrices: Matrices,
  n: number,
  options: RunOptions & PoolOptions = {},
): Promise<Float64Array[]> {
  const total = Array.isArray(matrices) ? matrices.length : null;
  const found: Float64Array[] = [];
  const threads = options.threads ?? (n < WORTH_THREADS ? 1 : defaultThreads());
  const solveBatches =
    threads === 1
      ? oneByOne(matrices, n, options)
      : onThreads(matrices, n, { ...options, threads });
  for await (const values of solveBatches) {
    found.push(...values);
    options.onProgress?.({ stage: 'eigenvalues', done: found.length, total, unit: 'matrices' });
    await breathe();
    throwIfAborted(options.signal);
  }
  throwIfAborted(options.signal);
  return found;
}

/** From this n on a few dozen matrices take 1.5 times as long on one thread as on two, started for them. */
const WORTH_THREADS = 384;
/** Enough that threads which finish early find more to do. */
const MATRICES_A_THREAD = 4;

async function* oneByOne(
  matrices: Matrices,
  n: number,
  { build, signal }: RunOptions & PoolOptions,
): AsyncGenerator<Float64Array[]> {
  for await (const matrix of matrices) {
    throwIfAborted(signal);
    yield [await symmetricEigenvalues(matrix, n, build)];
  }
}

interface ManySolver extends Solver, PooledExports {
  reserveMany(n: number, count: number): number;
  workspace(n: number): number;
  solveEach(n: number, count: number): void;
}

async function* onThreads(
  matrices: Matrices,
  n: number,
  { threads, build, signal }: RunOptions & PoolOptions,
): AsyncGenerator<Float64Array[]> {
  const pool = await openPool<ManySolver>('eigen', { threads, build });
  try {
    const solver = pool.exports;
    const most = pool.threads * MATRICES_A_THREAD;
    let scales: number[] = [];
    for await (const matrix of matrices) {
      throwIfAborted(signal);
      const scale = checkedScale(matrix, n);
      if (!solver.reserveMany(n, scales.length + 1)) {
        throw runtimeError(
          `Not enough memory for the eigenvalues of ${scales.length + 1} ${n}×${n} matrices at a time.`,
        );
      }
      const start = (solver.matrix() >>> 0) + scales.length * solver.workspace(n);
      writeTriangle(solver, start, matrix, n, scale);
      scales.push(scale);
      if (scales.length < most) continue;
      yield await solveAll(pool, n, scales);
      scales = [];
    }
    if (scales.length > 0) yield await solveAll(pool, n, scales);
  } finally {
    await pool.close();
  }
}

async function solveAll(
  pool: Pool<ManySolver>,
  n: number,
  scales: readonly number[],
): Promise<Float64Array[]> {
  await pool.run('solveEach', n, scales.length);
  const solver = pool.exports;
  return scales.map((scale, i) => {
    const start = (solver.values() >>> 0) + i * solver.workspace(n);
    const values = new Float64Array(solver.memory.buffer, start, n);
    if (Number.isNaN(values[0])) {
      throw runtimeError(`The eigenvalues of a ${n}×${n} matrix did not converge.`);
    }
    return values.map((value) => value / scale).sort();
  });
}
