import { inputError, messageOf, runtimeError, usageError } from '../base/errors.ts';
import { openPool, type Pool, type PooledExports } from './pool.ts';
import type { WasmBuild } from './wasm.ts';

/** One n×n matrix must fit in the 4 GiB that WebAssembly can address, and three for vectors. */
const LARGEST_N = 15_000;
export const LARGEST_WITH_VECTORS = 13_000;
/** See native/eigen.ts. */
const NOT_FINITE = 1;

/** What native/eigen.ts exports; the contract is written there. Addresses are signed on this side. */
export interface Solver extends PooledExports {
  reserve(n: number, withVectors: boolean): number;
  matrix(): number;
  stride(): number;
  values(): number;
  vectors(): number;
  valuesOfVectors(): number;
  openTeam(): void;
  breakTeam(): void;
  solve(withVectors: boolean): number;
  help(): void;
}

/** WebAssembly's memory never shrinks, so one that grew beyond this is not used again. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;
/** From this n on a second thread saves more than the tenth of a millisecond that waking it takes. */
const WORTH_HELP = 160;
/** A product of matrix and vector has as many parts. */
const MOST_HELPFUL = 4;

const kept = new Map<string, Promise<Pool<Solver>>>();
/** Of which a thread trapped. */
const failed = new WeakSet<Pool<Solver>>();

/** A solver for one n×n matrix at a time, which may be the one that was given out before. Its threads sleep until then. */
export async function solverFor(
  n: number,
  build: WasmBuild,
  threads: number,
): Promise<Pool<Solver>> {
  const count = n < WORTH_HELP ? 1 : Math.min(threads, MOST_HELPFUL);
  const key = `${build}/${count}`;
  const held = kept.get(key);
  const before = await held;
  if (before && !spent(before)) return before;
  if (kept.get(key) !== held) return solverFor(n, build, threads);
  const fresh = openPool<Solver>('eigen', { threads: count, build });
  kept.set(key, fresh);
  fresh.catch(() => kept.delete(key));
  // Later: whoever was given it a moment ago has solved by then.
  if (before) setImmediate(() => void before.close());
  return fresh;
}

const spent = (pool: Pool<Solver>): boolean =>
  failed.has(pool) || pool.exports.memory.buffer.byteLength > MOST_KEPT_BYTES;

/** Refuses what is no square of n×n numbers. */
export function checkShape(matrix: Float64Array, n: number, largest = LARGEST_N): void {
  if (!Number.isInteger(n) || n < 0 || matrix.length !== n * n) {
    throw usageError(
      `A symmetric matrix of n = ${n} has n² entries, but ${matrix.length} were given.`,
    );
  }
  if (n <= largest) return;
  throw usageError(`An eigenproblem of n = ${n} does not fit; n can be at most ${largest}.`);
}

/** The eigenvalues, ascending, of a matrix that has the right shape. Runs to its end without yielding. */
export function solve(
  pool: Pool<Solver>,
  matrix: Float64Array,
  n: number,
  withVectors: boolean,
): Float64Array {
  const { exports: solver, threads, wake } = pool;
  if (!solver.reserve(n, withVectors)) {
    throw runtimeError(`Not enough memory for the eigenvalues of a ${n}×${n} matrix.`);
  }
  const start = solver.matrix() >>> 0;
  writeTriangle(solver, start, matrix, n);
  if (threads > 1) {
    solver.openTeam();
    wake('help');
  }
  const outcome = runSolver(pool, n, withVectors);
  if (outcome !== 0) throw failure(solver, start, n, outcome);
  return new Float64Array(solver.memory.buffer, solver.values() >>> 0, n).slice().sort();
}

/** A trap, here or in a thread that helps, ends the threads: they would wait for steps that never come. */
function runSolver(pool: Pool<Solver>, n: number, withVectors: boolean): number {
  try {
    return pool.exports.solve(withVectors);
  } catch (error) {
    failed.add(pool);
    void pool.close();
    throw runtimeError(
      `A thread failed at the eigenvalues of a ${n}×${n} matrix: ${messageOf(error)}. Run it again.`,
      { cause: error },
    );
  }
}

/** The lower triangle, to where the solver expects a matrix. */
export function writeTriangle(
  solver: Pick<Solver, 'memory' | 'stride'>,
  start: number,
  matrix: Float64Array,
  n: number,
): void {
  const stride = solver.stride() / 8;
  const memory = new Float64Array(solver.memory.buffer, start, n * stride);
  for (let i = 0; i < n; i++) memory.set(matrix.subarray(i * n, i * n + i + 1), i * stride);
}

/** What the solver's word for a failure means, of the problem whose matrix lies at `start`. */
export function failure(
  solver: Pick<Solver, 'memory' | 'stride'>,
  start: number,
  n: number,
  outcome: number,
): Error {
  if (outcome === NOT_FINITE) {
    // Found before anything was changed.
    const stride = solver.stride() / 8;
    const memory = new Float64Array(solver.memory.buffer, start, n * stride);
    for (let i = 0; i < n; i++) {
      const j = memory
        .subarray(i * stride, i * stride + i + 1)
        .findIndex((x) => !Number.isFinite(x));
      if (j < 0) continue;
      return inputError(
        `Entry (${i}, ${j}) of the ${n}×${n} matrix is ${memory[i * stride + j]}; all must be finite numbers.`,
      );
    }
  }
  return runtimeError(`The eigenvalues of a ${n}×${n} matrix did not converge.`);
}
