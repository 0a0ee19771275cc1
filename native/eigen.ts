/**
 * The symmetric eigenproblem in float64: Householder tridiagonalisation, then implicit QL.
 *
 * The caller (src/compute/eigen.ts) calls `reserve`, writes the lower triangle at `matrix()` with
 * `stride()` bytes from row to row, scaled so that the largest entry is near 1 and free of NaN and
 * infinities, and calls `solve` once: the matrix is destroyed. `reserve` may grow the memory, after
 * which JavaScript's views of it must be made anew; addresses hold until the next `reserve`.
 */
import { diagonalise } from './ql';
import { applyLog, openLog } from './rotations';
import { formTransposedQ, tridiagonalise } from './tridiagonal';

const LINE: usize = 64;
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
  size = n;
  // An odd number of cache lines, so that a column's entries do not all compete for the same cache set.
  rowBytes = (((<usize>n * 8 + LINE - 1) / LINE) | 1) * LINE;
  a = (__heap_base + LINE - 1) & ~(LINE - 1);
  d = a + <usize>n * rowBytes;
  e = d + rowBytes + LINE; // diagonalise() writes to e[−1]
  tau = e + rowBytes;
  work = tau + rowBytes;
  q = work + 3 * rowBytes;
  log = withVectors ? q + <usize>n * rowBytes : q;
  end = withVectors ? log + SWEEPS * 2 * rowBytes : q;
  const missing = <i32>((end + 0xffff) >>> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
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
export { restart } from './chunks';
