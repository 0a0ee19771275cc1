/**
 * The symmetric eigenproblem in float64: Householder tridiagonalisation, then implicit QL.
 *
 * The caller (src/compute/eigen.ts) calls `reserve`, writes the lower triangle at `matrix()` with
 * `stride()` bytes from row to row, scaled so that the largest entry is near 1 and free of NaN and
 * infinities, and calls `solve` once: the matrix is destroyed. `reserve` may grow the memory, after
 * which JavaScript's views of it must be made anew; addresses hold until the next `reserve`.
 *
 * For the values of many matrices on several threads it calls `reserveMany`, writes matrix i at
 * `matrix()` + i · `workspace(n)` bytes in the same way, and runs the task `solveEach`.
 */
import { HEAP, LINE, take } from './chunks';
import { diagonalise } from './ql';
import { applyLog, openLog } from './rotations';
import { formTransposedQ, tridiagonalise } from './tridiagonal';

export { restart } from './chunks';

/** The log of rotations has room for this many full sweeps, so that visiting a strip pays. */
const SWEEPS: usize = 32;

let size: i32 = 0;
let rowBytes: usize = 0;
let a: usize = 0;
let d: usize = 0;
let e: usize = 0;
let tau: usize = 0;
let work: usize = 0;
let q: usize = 0;
let log: usize = 0;
let end: usize = 0;

/** Makes room for an n×n problem. False when the memory cannot grow that far. */
export function reserve(n: i32, withVectors: bool): bool {
  layOut(n, withVectors, HEAP);
  return growTo(end);
}

/** Makes room for the values of `count` n×n problems. False when the memory cannot grow that far. */
export function reserveMany(n: i32, count: i32): bool {
  layOut(n, false, HEAP);
  const last = <u64>HEAP + <u64>count * workspace(n);
  return last <= 0xffff0000 && growTo(<usize>last);
}

function growTo(address: usize): bool {
  const missing = <i32>((address + 0xffff) >>> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

/** Divides the memory from `start` on among what an n×n problem needs. */
function layOut(n: i32, withVectors: bool, start: usize): void {
  size = n;
  // An odd number of cache lines, so that a column's entries do not all compete for the same cache set.
  rowBytes = (((<usize>n * 8 + LINE - 1) / LINE) | 1) * LINE;
  a = start;
  d = a + <usize>n * rowBytes;
  e = d + rowBytes + LINE; // diagonalise() writes to e[−1]
  tau = e + rowBytes;
  work = tau + rowBytes;
  q = work + 3 * rowBytes;
  log = withVectors ? q + <usize>n * rowBytes : q;
  end = withVectors ? log + SWEEPS * 2 * rowBytes : q;
}

/** Bytes from one problem to the next after `reserveMany`. */
export function workspace(n: i32): usize {
  layOut(n, false, HEAP);
  return end - a;
}

export function matrix(): usize {
  return a;
}

/** Bytes from one row to the next, of the matrix and of the eigenvectors. */
export function stride(): usize {
  return rowBytes;
}

/** Where `solve` leaves the n eigenvalues, in no particular order. */
export function values(): usize {
  return d;
}

/** Where `solve(true)` leaves the eigenvectors: row i belongs to value i. */
export function vectors(): usize {
  return q;
}

/** False when the iteration did not converge, which no finite matrix is known to cause. */
export function solve(withVectors: bool): bool {
  memory.fill(d, 0, q - d);
  tridiagonalise(a, rowBytes, size, d, e, tau, work);
  if (!withVectors) return diagonalise(size, d, e, false);
  formTransposedQ(a, rowBytes, size, tau, q);
  openLog(log, end, q, rowBytes);
  const converged = diagonalise(size, d, e, true);
  applyLog();
  return converged;
}

/**
 * A task for any number of threads: leaves the values of each problem where `values()` says they are
 * for the first, so many bytes on; NaN instead of those that did not converge. On other threads than
 * the caller's, this is what lays out their memory.
 */
export function solveEach(n: i32, count: i32): void {
  const bytes = workspace(n);
  for (let i = take(); i < count; i = take()) {
    layOut(n, false, HEAP + <usize>i * bytes);
    if (!solve(false)) store<f64>(d, NaN);
  }
  layOut(n, false, HEAP);
}
