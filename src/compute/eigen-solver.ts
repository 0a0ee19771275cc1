import { inputError, runtimeError, usageError } from '../base/errors.ts';
import { loadWasm, type WasmBuild, type WasmMemory } from './wasm.ts';

/** Two n×n matrices must fit in the 4 GiB that WebAssembly can address. */
const LARGEST_N = 15_000;

/** What native/eigen.ts exports; the contract is written there. Addresses are signed on this side. */
export interface Solver {
  readonly memory: WasmMemory;
  reserve(n: number, withVectors: boolean): number;
  matrix(): number;
  stride(): number;
  values(): number;
  vectors(): number;
  solve(withVectors: boolean): number;
}

/** WebAssembly's memory never shrinks, so an instance that grew beyond this is not used again. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

const solvers = new Map<WasmBuild, Promise<Solver>>();

/** A solver for one matrix at a time, which may be the one that was given out before. */
export async function solverFor(build: WasmBuild): Promise<Solver> {
  const kept = await solvers.get(build);
  if (kept && kept.memory.buffer.byteLength <= MOST_KEPT_BYTES) return kept;
  const fresh = loadWasm<Solver>('eigen', build);
  solvers.set(build, fresh);
  fresh.catch(() => solvers.delete(build));
  return fresh;
}

/** Refuses what has no eigenvalues; else the power of two that brings the largest entry near 1. */
export function checkedScale(matrix: Float64Array, n: number): number {
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
export function solve(
  solver: Solver,
  matrix: Float64Array,
  n: number,
  scale: number,
  withVectors: boolean,
): Float64Array {
  if (!solver.reserve(n, withVectors)) {
    throw runtimeError(`Not enough memory for the eigenvalues of a ${n}×${n} matrix.`);
  }
  writeTriangle(solver, solver.matrix() >>> 0, matrix, n, scale);
  if (!solver.solve(withVectors)) {
    throw runtimeError(`The eigenvalues of a ${n}×${n} matrix did not converge.`);
  }
  const values = new Float64Array(solver.memory.buffer, solver.values() >>> 0, n);
  return values.map((value) => value / scale);
}

/** The lower triangle, scaled, to where the solver expects a matrix. */
export function writeTriangle(
  solver: Pick<Solver, 'memory' | 'stride'>,
  start: number,
  matrix: Float64Array,
  n: number,
  scale: number,
): void {
  const stride = solver.stride();
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(solver.memory.buffer, start + i * stride, i + 1);
    for (let j = 0; j <= i; j++) row[j] = matrix[i * n + j]! * scale;
  }
}
