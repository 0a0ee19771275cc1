import { inputError, runtimeError, throwIfAborted, usageError } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { loadWasm, type WasmBuild, type WasmMemory, wasmBuild } from './wasm.ts';

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

/**
 * Eigenvalues of many matrices of one size, such as the Gram matrices that are left when one group of
 * rows after the other is taken out. A matrix may be overwritten once the iterator is asked for the
 * next. Lets timers run, and looks at the signal, between matrices.
 */
export async function manyEigenvalues(
  matrices: Iterable<Float64Array>,
  n: number,
  options: RunOptions = {},
): Promise<Float64Array[]> {
  const total = Array.isArray(matrices) ? matrices.length : null;
  const found: Float64Array[] = [];
  for (const matrix of matrices) {
    throwIfAborted(options.signal);
    found.push(await symmetricEigenvalues(matrix, n));
    options.onProgress?.({ stage: 'eigenvalues', done: found.length, total, unit: 'matrices' });
    await breathe();
  }
  throwIfAborted(options.signal);
  return found;
}

/** What native/eigen.ts exports; the contract is written there. Addresses are signed on this side. */
interface Solver {
  readonly memory: WasmMemory;
  reserve(n: number, withVectors: boolean): number;
  matrix(): number;
  stride(): number;
  values(): number;
  vectors(): number;
  solve(withVectors: boolean): number;
}

/** Two n×n matrices must fit in the 4 GiB that WebAssembly can address. */
const LARGEST_N = 15_000;
/** WebAssembly's memory never shrinks, so an instance that grew beyond this is not used again. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

const solvers = new Map<WasmBuild, Promise<Solver>>();

async function solverFor(build: WasmBuild): Promise<Solver> {
  const kept = await solvers.get(build);
  if (kept && kept.memory.buffer.byteLength <= MOST_KEPT_BYTES) return kept;
  const fresh = loadWasm<Solver>('eigen', build);
  solvers.set(build, fresh);
  fresh.catch(() => solvers.delete(build));
  return fresh;
}

/** Refuses what has no eigenvalues; else the power of two that brings the largest entry near 1. */
function checkedScale(matrix: Float64Array, n: number): number {
  if (!Number.isInteger(n) || n < 0 || matrix.length !== n * n) {
    throw usageError(
      `A symmetric matrix of n = ${n} has n² entries, but ${matrix.length} were given.`,
    );
  }
  if (n > LARGEST_N) {
    throw usageError(`An eigenproblem of n = ${n} does not fit; n can be at most ${LARGEST_N}.`);
  }
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const size = Math.abs(matrix[i * n + j]!);
      if (size > largest) largest = size;
      if (!(size < Infinity)) {
        throw inputError(
          `Entry (${i}, ${j}) of the ${n}×${n} matrix is ${matrix[i * n + j]}; all must be finite numbers.`,
        );
      }
    }
  }
  if (largest === 0) return 1;
  // Beyond 2^±1000 the scale would overflow itself; what remains is near enough to 1.
  return 2 ** Math.max(-1000, Math.min(1000, -Math.round(Math.log2(largest))));
}

/** The eigenvalues in the order that the solver left them in. Runs to its end without yielding. */
function solve(
  solver: Solver,
  matrix: Float64Array,
  n: number,
  scale: number,
  withVectors: boolean,
): Float64Array {
  if (!solver.reserve(n, withVectors)) {
    throw runtimeError(`Not enough memory for the eigenvalues of a ${n}×${n} matrix.`);
  }
  const { buffer } = solver.memory;
  const start = solver.matrix() >>> 0;
  const stride = solver.stride();
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(buffer, start + i * stride, i + 1);
    for (let j = 0; j <= i; j++) row[j] = matrix[i * n + j]! * scale;
  }
  if (!solver.solve(withVectors)) {
    throw runtimeError(`The eigenvalues of a ${n}×${n} matrix did not converge.`);
  }
  return new Float64Array(buffer, solver.values() >>> 0, n).map((value) => value / scale);
}

function makeLargestPositive(vector: Float64Array): void {
  let largest = 0;
  for (const component of vector) {
    if (Math.abs(component) > Math.abs(largest)) largest = component;
  }
  if (largest >= 0) return;
  for (let i = 0; i < vector.length; i++) vector[i] = -vector[i]!;
}
