/**
 * The two things that reduce a symmetric matrix: its product with a vector, and its update by pairs of
 * vectors. Only the lower triangle is read; both are divided into parts of about equal work.
 */
import { twoByEight } from './products';
import { MULTIPLY, UPDATE } from './tasks';
import { give, given, runParts } from './team';
import { at, put, splat, total } from './vector';

/** Parts of a product: as many threads can help, and as many partial sums are added up at the end. */
export const PARTS: i32 = 4;
/** Below this many rows a part is over before a helper hears of it. */
const WORTH_PARTS: i32 = 96;
/** Rows of a part of an update. */
const STRIP: i32 = 32;

/** y = A x for the leading n×n triangle of `a`; `partial` has PARTS rows. */
export function multiply(
  a: usize,
  rowBytes: usize,
  n: i32,
  x: usize,
  y: usize,
  partial: usize,
): void {
  if (n < WORTH_PARTS) {
    memory.fill(y, 0, (<usize>n) << 3);
    multiplyRows(a, rowBytes, 0, n, x, y);
    return;
  }
  give(0, a);
  give(1, rowBytes);
  give(2, n);
  give(3, x);
  give(4, partial);
  runParts(MULTIPLY, PARTS);
  memory.copy(y, partial + <usize>(PARTS - 1) * rowBytes, (<usize>n) << 3);
  for (let part = 0; part < PARTS - 1; part++) {
    addTo(y, partial + <usize>part * rowBytes, partEnd(n, part));
  }
}

export function multiplyPart(part: i32): void {
  const n = <i32>given(2);
  const y = given(4) + <usize>part * given(1);
  const end = partEnd(n, part);
  memory.fill(y, 0, (<usize>end) << 3);
  multiplyRows(given(0), given(1), part == 0 ? 0 : partEnd(n, part - 1), end, given(3), y);
}

/** Rows before which a part ends: of a triangle, so that all parts have about as many entries. */
function partEnd(n: i32, part: i32): i32 {
  return part == PARTS - 1 ? n : <i32>(<f64>n * sqrt<f64>(<f64>(part + 1) / PARTS)) & ~3;
}

function addTo(y: usize, x: usize, n: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 2 <= n; i += 2) {
      const p = (<usize>i) << 3;
      v128.store(y + p, f64x2.add(v128.load(y + p), v128.load(x + p)));
    }
  }
  for (; i < n; i++) put(y, i, at(y, i) + at(x, i));
}

/** What rows from…to−1 of the triangle add to y; `from` is a multiple of 4. */
function multiplyRows(a: usize, rowBytes: usize, from: i32, to: i32, x: usize, y: usize): void {
  let r = from;
  if (ASC_FEATURE_SIMD) {
    for (; r + 4 <= to; r += 4) {
      const rows = a + <usize>r * rowBytes;
      multiplyFourRows(rows, rowBytes, r, x, y);
      for (let k = 0; k < 4; k++) multiplyRow(rows + <usize>k * rowBytes, r + k, r, x, y);
    }
  }
  for (; r < to; r++) multiplyRow(a + <usize>r * rowBytes, r, 0, x, y);
}

/** Columns `from`…r of row r. */
function multiplyRow(row: usize, r: i32, from: i32, x: usize, y: usize): void {
  const xr = at(x, r);
  let sum = at(row, r) * xr;
  for (let j = from; j < r; j++) {
    const value = at(row, j);
    sum += value * at(x, j);
    put(y, j, at(y, j) + value * xr);
  }
  put(y, r, at(y, r) + sum);
}

/** Columns 0…r−1 of rows r…r+3, r a multiple of 4. */
function multiplyFourRows(row0: usize, rowBytes: usize, r: i32, x: usize, y: usize): void {
  const x0 = splat(x, r);
  const x1 = splat(x, r + 1);
  const x2 = splat(x, r + 2);
  const x3 = splat(x, r + 3);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const row1 = row0 + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const bytes = (<usize>r) << 3;
  for (let j: usize = 0; j < bytes; j += 16) {
    const xj = v128.load(x + j);
    const a0 = v128.load(row0 + j);
    const a1 = v128.load(row1 + j);
    const a2 = v128.load(row2 + j);
    const a3 = v128.load(row3 + j);
    s0 = f64x2.add(s0, f64x2.mul(a0, xj));
    s1 = f64x2.add(s1, f64x2.mul(a1, xj));
    s2 = f64x2.add(s2, f64x2.mul(a2, xj));
    s3 = f64x2.add(s3, f64x2.mul(a3, xj));
    const upper = f64x2.add(f64x2.mul(a0, x0), f64x2.mul(a1, x1));
    const lower = f64x2.add(f64x2.mul(a2, x2), f64x2.mul(a3, x3));
    v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.add(upper, lower)));
  }
  put(y, r, at(y, r) + total(s0));
  put(y, r + 1, at(y, r + 1) + total(s1));
  put(y, r + 2, at(y, r + 2) + total(s2));
  put(y, r + 3, at(y, r + 3) + total(s3));
}

/**
 * The leading n×n triangle minus Σ v wᵀ + w vᵀ: of `depth` rows of `pairs`, those of even number are
 * the v and each next one its w. `turned` has n rows of `turnedBytes`, room for `depth` numbers each.
 * What lies above the diagonal is overwritten too.
 */
export function update(
  a: usize,
  rowBytes: usize,
  n: i32,
  pairs: usize,
  depth: i32,
  turned: usize,
  turnedBytes: usize,
): void {
  give(0, a);
  give(1, rowBytes);
  give(2, n);
  give(3, pairs);
  give(4, depth);
  give(5, turned);
  give(6, turnedBytes);
  if (n < WORTH_PARTS) updateRows(0, n);
  else runParts(UPDATE, (n + STRIP - 1) / STRIP);
}

export function updatePart(part: i32): void {
  const first = part * STRIP;
  updateRows(first, min(<i32>given(2), first + STRIP));
}

function updateRows(first: i32, end: i32): void {
  const a = given(0);
  const rowBytes = given(1);
  const pairs = given(3);
  const depth = <i32>given(4);
  const turned = given(5);
  const turnedBytes = given(6);
  for (let r = first; r < end; r++) {
    const coefficients = turned + <usize>r * turnedBytes;
    for (let k = 0; k < depth; k++) put(coefficients, k, -at(pairs + <usize>(k ^ 1) * rowBytes, r));
  }
  for (let j = 0; j < end; j += 8) {
    const column = (<usize>j) << 3;
    for (let r = max(first, j); r < end; r += 2) {
      const next = r + 1 < end ? r + 1 : r;
      twoByEight(
        a + <usize>r * rowBytes + column,
        a + <usize>next * rowBytes + column,
        turned + <usize>r * turnedBytes,
        turned + <usize>next * turnedBytes,
        pairs + column,
        rowBytes,
        depth,
      );
    }
  }
}
