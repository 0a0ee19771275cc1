/**
 * A = Q T Qᵀ with T tridiagonal, by Householder reflectors, from the last row up: row i is reduced
 * against the leading i×i matrix, so that every vector starts at column 0 of a row.
 *
 * The rank-2 update that a reflector asks for is left pending and applied in the sweep that forms the
 * next reflector's matrix-vector product: the triangle goes through the cache once a reflector.
 */
import { addScaled, at, dot, put, scale, splat, total } from './vector';

/** Below this a squared norm has lost digits to underflow, and the row is scaled up by 2^500 first. */
const TINY: f64 = 1e-180;
const UP: f64 = 3.2733906078961419e150;
const DOWN: f64 = 1 / UP;

/**
 * Reduces the lower triangle of the n×n matrix `a`. Afterwards `d` holds T's diagonal, `e` the n−1
 * entries beside it, and row i of `a` the reflector I − tau[i] v vᵀ that acts on columns 0…i−1, with
 * a zero after it. `work` is three rows of zeros.
 */
export function tridiagonalise(
  a: usize,
  rowBytes: usize,
  n: i32,
  d: usize,
  e: usize,
  tau: usize,
  work: usize,
): void {
  let v = work; // the pending update subtracts v wᵀ + w vᵀ
  let w = work + rowBytes;
  let y = work + 2 * rowBytes;
  for (let i = n - 1; i >= 0; i--) {
    const x = a + <usize>i * rowBytes;
    addScaled(x, i + 1, -at(v, i), w);
    addScaled(x, i + 1, -at(w, i), v);
    put(d, i, at(x, i));
    put(x, i, 0);
    if (i == 0) break;
    const t = makeReflector(x, i, e + ((<usize>(i - 1)) << 3));
    put(tau, i, t);
    multiply(a, rowBytes, i, v, w, x, y);
    scale(y, i, t);
    addScaled(y, i, -0.5 * t * dot(x, y, i), x);
    v = x;
    const old = w;
    w = y;
    y = old;
  }
}

/**
 * Turns x[0…n) into v (with v[n−1] = 1) such that (I − tau v vᵀ) x = beta · (0, …, 0, 1); stores beta.
 * Returns tau, which is 0 (and v too) where x has that form already.
 */
function makeReflector(x: usize, n: i32, beta: usize): f64 {
  let down: f64 = 1;
  let head = dot(x, x, n - 1);
  let alpha = at(x, n - 1);
  if (head + alpha * alpha < TINY) {
    down = DOWN;
    scale(x, n, UP);
    head = dot(x, x, n - 1);
    alpha = at(x, n - 1);
  }
  if (head == 0) {
    store<f64>(beta, alpha * down);
    memory.fill(x, 0, (<usize>n) << 3);
    return 0;
  }
  const norm = -copysign<f64>(sqrt<f64>(head + alpha * alpha), alpha);
  store<f64>(beta, norm * down);
  scale(x, n - 1, 1 / (alpha - norm));
  put(x, n - 1, 1);
  return (norm - alpha) / norm;
}

/** Applies the pending update to the leading n×n triangle and sets y = A x, in one sweep. */
function multiply(a: usize, rowBytes: usize, n: i32, v: usize, w: usize, x: usize, y: usize): void {
  memory.fill(y, 0, (<usize>n) << 3);
  let r = 0;
  if (ASC_FEATURE_SIMD) {
    for (; r + 4 <= n; r += 4) {
      const rows = a + <usize>r * rowBytes;
      sweepFourRows(rows, rowBytes, r, v, w, x, y);
      for (let k = 0; k < 4; k++) sweepRow(rows + <usize>k * rowBytes, r + k, r, v, w, x, y);
    }
  }
  for (; r < n; r++) sweepRow(a + <usize>r * rowBytes, r, 0, v, w, x, y);
}

/** Columns `from`…r of row r. */
function sweepRow(row: usize, r: i32, from: i32, v: usize, w: usize, x: usize, y: usize): void {
  const vr = at(v, r);
  const wr = at(w, r);
  const xr = at(x, r);
  let sum: f64 = 0;
  for (let j = from; j < r; j++) {
    const value = at(row, j) - (vr * at(w, j) + wr * at(v, j));
    put(row, j, value);
    sum += value * at(x, j);
    put(y, j, at(y, j) + value * xr);
  }
  const value = at(row, r) - (vr * at(w, r) + wr * at(v, r));
  put(row, r, value);
  put(y, r, at(y, r) + sum + value * xr);
}

function subtractTwo(p: usize, a: v128, x: v128, b: v128, y: v128): void {
  v128.store(p, f64x2.sub(v128.load(p), f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y))));
}

/** Columns 0…r−1 of rows r…r+3; r is a multiple of 4. */
function sweepFourRows(
  row0: usize,
  rowBytes: usize,
  r: i32,
  v: usize,
  w: usize,
  x: usize,
  y: usize,
): void {
  const row1 = row0 + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const bytes = (<usize>r) << 3;
  const v0 = splat(v, r);
  const v1 = splat(v, r + 1);
  const v2 = splat(v, r + 2);
  const v3 = splat(v, r + 3);
  const w0 = splat(w, r);
  const w1 = splat(w, r + 1);
  const w2 = splat(w, r + 2);
  const w3 = splat(w, r + 3);
  for (let j: usize = 0; j < bytes; j += 16) {
    const vj = v128.load(v + j);
    const wj = v128.load(w + j);
    subtractTwo(row0 + j, v0, wj, w0, vj);
    subtractTwo(row1 + j, v1, wj, w1, vj);
    subtractTwo(row2 + j, v2, wj, w2, vj);
    subtractTwo(row3 + j, v3, wj, w3, vj);
  }
  const x0 = splat(x, r);
  const x1 = splat(x, r + 1);
  const x2 = splat(x, r + 2);
  const x3 = splat(x, r + 3);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
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

/** Writes Qᵀ to `q`, from the reflectors that `tridiagonalise` left in `a`: each row of the identity is reflected. */
export function formTransposedQ(a: usize, rowBytes: usize, n: i32, tau: usize, q: usize): void {
  memory.fill(q, 0, <usize>n * rowBytes);
  for (let r = 0; r < n; r++) put(q + <usize>r * rowBytes, r, 1);
  let r = 0;
  if (ASC_FEATURE_SIMD) {
    for (; r + 4 <= n; r += 4) {
      const rows = q + <usize>r * rowBytes;
      for (let i = r + 1; i < n; i++) {
        reflectFourRows(rows, rowBytes, a + <usize>i * rowBytes, i, at(tau, i));
      }
    }
  }
  for (; r < n; r++) {
    const row = q + <usize>r * rowBytes;
    for (let i = r + 1; i < n; i++) {
      const v = a + <usize>i * rowBytes;
      addScaled(row, i, -at(tau, i) * dot(row, v, i), v);
    }
  }
}

function subtract(p: usize, a: v128, x: v128): void {
  v128.store(p, f64x2.sub(v128.load(p), f64x2.mul(a, x)));
}

/** Four rows times I − t v vᵀ, in columns 0…n−1; for odd n also in the next, where v is 0. */
function reflectFourRows(row0: usize, rowBytes: usize, v: usize, n: i32, t: f64): void {
  const row1 = row0 + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const bytes = (<usize>((n + 1) & ~1)) << 3;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let j: usize = 0; j < bytes; j += 16) {
    const vj = v128.load(v + j);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(row0 + j), vj));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(row1 + j), vj));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(row2 + j), vj));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(row3 + j), vj));
  }
  s0 = f64x2.splat(t * total(s0));
  s1 = f64x2.splat(t * total(s1));
  s2 = f64x2.splat(t * total(s2));
  s3 = f64x2.splat(t * total(s3));
  for (let j: usize = 0; j < bytes; j += 16) {
    const vj = v128.load(v + j);
    subtract(row0 + j, s0, vj);
    subtract(row1 + j, s1, vj);
    subtract(row2 + j, s2, vj);
    subtract(row3 + j, s3, vj);
  }
}
