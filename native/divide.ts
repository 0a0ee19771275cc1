/**
 * Eigenvectors of a symmetric tridiagonal matrix by divide and conquer: it is torn into blocks that QL
 * solves, and these are merged in pairs (merge.ts). The smaller merges are done a subtree a thread, the
 * larger ones by all threads together.
 */
import * as shared from './blocks';
import { AREA_ROWS, merge } from './merge';
import { diagonalise } from './ql';
import { eigenvalues } from './rootfree';
import { applyLog, openLog } from './rotations';
import { SUBTREES } from './tasks';
import { give, given, runParts } from './team';
import { at, put } from './vector';

/** Blocks of up to so many rows are solved by QL. */
const LEAF: i32 = 32;
/** A subtree has at least so many rows, so that there are no more of them than scratch areas. */
const SUBTREE: i32 = 64;

export function divideRoom(rowBytes: usize): usize {
  return shared.blocksRoom(rowBytes, AREA_ROWS) + rowBytes;
}

/**
 * Leaves the eigenvectors as rows of `q` and their values in `d`, row by row, unordered; `e` is used
 * up. In `values` and `beside`, copies of both, meanwhile the values are found alone, as they would be
 * without vectors. `packed` has the size of `q`, `work` divideRoom() bytes. False when QL did not converge.
 */
export function divideAndConquer(
  q: usize,
  rowBytes: usize,
  n: i32,
  d: usize,
  e: usize,
  values: usize,
  beside: usize,
  work: usize,
  packed: usize,
): bool {
  const couplings = work + shared.blocksRoom(rowBytes, AREA_ROWS);
  shared.describe(q, rowBytes, d, couplings, work, packed);
  memory.copy(couplings, e, (<usize>(n - 1)) << 3);
  tear(0, n, d, couplings);
  memory.fill(q, 0, <usize>n * rowBytes);
  give(0, <usize>n);
  give(1, e);
  give(2, 0); // becomes 1 where something did not converge
  give(3, values);
  give(4, beside);
  const limit = subtreeRows(n);
  runParts(SUBTREES, subtrees(0, n, limit) + 1);
  if (given(2) != 0) return false;
  mergeAbove(0, n, limit);
  return true;
}

/** Rows of a subtree at most: an eighth of all and a little, since halves are rounded. */
function subtreeRows(n: i32): i32 {
  return max(SUBTREE, n / 8 + 16);
}

/** Where the second half of a block begins. */
function middleOf(first: i32, end: i32): i32 {
  return first + (((end - first) / 2 + 7) & ~7);
}

/** Takes every coupling between two blocks out of T, as a matrix of rank 1. */
function tear(first: i32, end: i32, d: usize, couplings: usize): void {
  if (end - first <= LEAF) return;
  const middle = middleOf(first, end);
  const strength = abs(at(couplings, middle - 1));
  put(d, middle - 1, at(d, middle - 1) - strength);
  put(d, middle, at(d, middle) - strength);
  tear(first, middle, d, couplings);
  tear(middle, end, d, couplings);
}

function subtrees(first: i32, end: i32, limit: i32): i32 {
  if (end - first <= limit) return 1;
  const middle = middleOf(first, end);
  return subtrees(first, middle, limit) + subtrees(middle, end, limit);
}

export function subtreePart(part: i32): void {
  const n = <i32>given(0);
  const limit = subtreeRows(n);
  if (part == subtrees(0, n, limit)) {
    if (!eigenvalues(n, given(3), given(4))) give(2, 1);
    return;
  }
  let first = 0;
  let end = n;
  let before = part;
  while (end - first > limit) {
    const middle = middleOf(first, end);
    const left = subtrees(first, middle, limit);
    if (before < left) {
      end = middle;
    } else {
      before -= left;
      first = middle;
    }
  }
  if (!solveBlock(first, end, given(1), part)) give(2, 1);
}

function solveBlock(first: i32, end: i32, e: usize, area: i32): bool {
  if (end - first <= LEAF) return solveLeaf(first, end, e, area);
  const middle = middleOf(first, end);
  if (!solveBlock(first, middle, e, area) || !solveBlock(middle, end, e, area)) return false;
  merge(first, middle, end, area);
  return true;
}

function solveLeaf(first: i32, end: i32, e: usize, area: i32): bool {
  const start = (<usize>first) << 3;
  const rows = shared.vectorRow(first) + start;
  const n = end - first;
  for (let i = 0; i < n; i++) put(rows + <usize>i * shared.bytesOfRow(), i, 1);
  const log = shared.areaOf(area, AREA_ROWS);
  const limit = shared.areaOf(area + 1, AREA_ROWS);
  openLog(log, limit, rows, shared.bytesOfRow(), (<usize>n) << 3);
  const converged = diagonalise(n, shared.values() + start, e + start, true);
  applyLog();
  return converged;
}

function mergeAbove(first: i32, end: i32, limit: i32): void {
  if (end - first <= limit) return;
  const middle = middleOf(first, end);
  mergeAbove(first, middle, limit);
  mergeAbove(middle, end, limit);
  merge(first, middle, end, -1);
}
