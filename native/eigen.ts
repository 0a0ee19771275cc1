/**
 * The symmetric eigenproblem in float64: Householder tridiagonalisation, then QL for the values and
 * divide and conquer for the vectors.
 *
 * The caller (src/compute/eigen.ts) calls `reserve`, writes the lower triangle at `matrix()` with
 * `stride()` bytes from row to row, and calls `solve` once: the matrix is destroyed.
 * `reserve` may grow the memory, after which JavaScript's views of it must be made anew; addresses hold
 * until the next `reserve`.
 *
 * For the values of many matrices on several threads it calls `reserveMany`, writes matrix i at
 * `matrix()` + i · `workspace(n)` bytes, and runs the task `solveEach`.
 */
import { FREE } from './blocks';
import { LINE, take } from './chunks';
import { divideAndConquer, divideRoom } from './divide';
import { reflectRoom, reflectRows, spareRows } from './reflect';
import { eigenvalues } from './rootfree';
import { factorFor, scaleBack, scaleTriangle } from './scaling';
import { closeTeam, growAlone, STEP_BYTES, workAlone, workTogether } from './team';
import { tridiagonalise, tridiagonaliseRoom } from './tridiagonal';

export { restart } from './chunks';
export { breakTeam, help, openTeam } from './team';

let size: i32 = 0;
let rowBytes: usize = 0;
let a: usize = 0;
let d: usize = 0;
let e: usize = 0;
let tau: usize = 0;
let found: usize = 0;
let beside: usize = 0;
let own: usize = 0;
let work: usize = 0;
let q: usize = 0;
let packed: usize = 0;
let end: u64 = 0;

/** Makes room for an n×n problem. False when the memory cannot grow that far. */
export function reserve(n: i32, withVectors: bool): bool {
  layOut(n, withVectors, FREE);
  return growTo(end);
}

/** Makes room for the values of `count` n×n problems. False when the memory cannot grow that far. */
export function reserveMany(n: i32, count: i32): bool {
  layOut(n, false, FREE);
  return growTo(<u64>FREE + <u64>count * workspace(n));
}

function growTo(address: u64): bool {
  if (address > 0xffff0000) return false;
  const missing = <i32>((address + 0xffff) >>> 16) - memory.size();
  return missing <= 0 || growAlone(missing);
}

/** Divides the memory from `start` on among what an n×n problem needs. */
function layOut(n: i32, withVectors: bool, start: usize): void {
  size = n;
  // An odd number of cache lines, so that a column's entries do not all compete for the same cache set.
  rowBytes = (((<usize>n * 8 + LINE - 1) / LINE) | 1) * LINE;
  const matrixBytes = <u64>n * rowBytes;
  a = start;
  found = a + <usize>matrixBytes;
  beside = found + rowBytes + LINE; // QL writes before and after what lies beside the diagonal
  tau = beside + rowBytes + LINE;
  d = tau + rowBytes;
  e = d + rowBytes + LINE;
  own = e + rowBytes + LINE;
  work = own + STEP_BYTES;
  let room = tridiagonaliseRoom(n, rowBytes);
  if (withVectors) room = max(room, max(divideRoom(rowBytes), reflectRoom(n)));
  room = (room + LINE - 1) & ~(LINE - 1);
  q = work + room;
  packed = q + <usize>matrixBytes;
  const spare = <u64>spareRows(n) * rowBytes;
  end = <u64>start + matrixBytes + (work - found) + room + (withVectors ? matrixBytes + spare : 0);
}

/** Bytes from one problem to the next after `reserveMany`. */
export function workspace(n: i32): usize {
  layOut(n, false, FREE);
  return <usize>end - a;
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
  return found;
}

/** Where `solveEach` leaves the i32 that `solve` returned. */
export function outcome(): usize {
  return d;
}

/** Where `solve(true)` leaves the eigenvectors as rows, and the value of each, which are `values` to rounding. */
export function vectors(): usize {
  return q;
}

export function valuesOfVectors(): usize {
  return d;
}

/** What comes of a problem. */
const SOLVED: i32 = 0;
const NOT_FINITE: i32 = 1;
/** Which no finite matrix is known to cause. */
const NOT_CONVERGED: i32 = 2;

/** After `openTeam`, threads that run the task `help` take part; the result is the same. */
export function solve(withVectors: bool): i32 {
  const factor = factorFor(a, rowBytes, size);
  if (factor == 0) {
    closeTeam();
    return NOT_FINITE;
  }
  scaleTriangle(a, rowBytes, size, factor);
  memory.fill(found, 0, work - found);
  tridiagonalise(a, rowBytes, size, found, beside, tau, work);
  const solved = withVectors ? solveVectors() : eigenvalues(size, found, beside);
  closeTeam();
  scaleBack(found, size, factor);
  return solved ? SOLVED : NOT_CONVERGED;
}

function solveVectors(): bool {
  if (size == 0) return true;
  memory.copy(d, found, rowBytes);
  memory.copy(e, beside, rowBytes);
  if (!divideAndConquer(q, rowBytes, size, d, e, found, beside, work, packed)) return false;
  reflectRows(q, a, rowBytes, size, tau, packed, work);
  return true;
}

/**
 * A task for any number of threads: leaves the values of each problem where `values()` says they are
 * for the first, so many bytes on, and what came of it at `outcome()`. On other threads than the
 * caller's, this is what lays out their memory.
 */
export function solveEach(n: i32, count: i32): void {
  const bytes = workspace(n);
  for (let i = take(); i < count; i = take()) {
    layOut(n, false, FREE + <usize>i * bytes);
    workAlone(own);
    store<i32>(outcome(), solve(false));
  }
  workTogether();
  layOut(n, false, FREE);
}
