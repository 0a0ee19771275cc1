import { runtimeError, throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import {
  checkShape,
  failure,
  LARGEST_WITH_VECTORS,
  type Solver,
  solve,
  solverFor,
  writeTriangle,
} from './eigen-solver.ts';
import { defaultThreads, openPool, type Pool, type PoolOptions } from './pool.ts';
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
 * eigenvalues are no more exact than that. The same matrix gives the same bytes on one build, on any
 * number of threads, and the same values as `symmetricEigen`. Entries must be finite; n is at most
 * 15,000. Holds this thread until it is done: milliseconds at n = 512, growing with n³. Threads that
 * help sleep until the next call.
 */
export async function symmetricEigenvalues(
  matrix: Float64Array,
  n: number,
  build: WasmBuild = wasmBuild(),
  threads = defaultThreads(),
): Promise<Float64Array> {
  checkShape(matrix, n);
  return solve(await solverFor(n, build, threads), matrix, n, false);
}

/**
 * The same with eigenvectors, orthogonal to rounding also where values lie close together; two to three
 * times the work. n is at most 13,000.
 */
export async function symmetricEigen(
  matrix: Float64Array,
  n: number,
  build: WasmBuild = wasmBuild(),
  threads = defaultThreads(),
): Promise<SymmetricEigen> {
  checkShape(matrix, n, LARGEST_WITH_VECTORS);
  const solver = await solverFor(n, build, threads);
  const values = solve(solver, matrix, n, true);
  const { memory, ...exports } = solver.exports;
  const own = new Float64Array(memory.buffer, exports.valuesOfVectors() >>> 0, n);
  const order = Array.from(own.keys()).sort((i, j) => own[i]! - own[j]! || i - j);
  const vectors = new Float64Array(n * n);
  const stride = exports.stride();
  const start = exports.vectors() >>> 0;
  for (const [row, from] of order.entries()) {
    const vector = vectors.subarray(row * n, (row + 1) * n);
    vector.set(new Float64Array(memory.buffer, start + from * stride, n));
    makeLargestPositive(vector);
  }
  return { values, vectors };
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
    yield [await symmetricEigenvalues(matrix, n, build, 1)];
  }
}

interface ManySolver extends Solver {
  reserveMany(n: number, count: number): number;
  workspace(n: number): number;
  outcome(): number;
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
    let waiting = 0;
    for await (const matrix of matrices) {
      throwIfAborted(signal);
      checkShape(matrix, n);
      if (!solver.reserveMany(n, waiting + 1)) {
        throw runtimeError(
          `Not enough memory for the eigenvalues of ${waiting + 1} ${n}×${n} matrices at a time.`,
        );
      }
      writeTriangle(solver, (solver.matrix() >>> 0) + waiting * solver.workspace(n), matrix, n);
      waiting += 1;
      if (waiting < most) continue;
      yield await solveAll(pool, n, waiting);
      waiting = 0;
    }
    if (waiting > 0) yield await solveAll(pool, n, waiting);
  } finally {
    await pool.close();
  }
}

async function solveAll(pool: Pool<ManySolver>, n: number, count: number): Promise<Float64Array[]> {
  await pool.run('solveEach', n, count);
  const solver = pool.exports;
  return Array.from({ length: count }, (_, i) => {
    const offset = i * solver.workspace(n);
    const { buffer } = solver.memory;
    const [outcome] = new Int32Array(buffer, (solver.outcome() >>> 0) + offset, 1);
    if (outcome !== 0) throw failure(solver, (solver.matrix() >>> 0) + offset, n, outcome!);
    return new Float64Array(buffer, (solver.values() >>> 0) + offset, n).slice().sort();
  });
}
