/**
 * Plane rotations of the rows of a matrix, kept in a log and applied many sweeps at a time, one strip
 * of columns after the other: a strip stays in the first-level cache, where rotating whole rows as
 * they come would stream the matrix once a sweep. Van Zee, van de Geijn and Quintana-Ortí,
 * "Restructuring the tridiagonal and bidiagonal QR algorithms for performance", 2014.
 *
 * A sweep in the log is 16 bytes (first row, step to the next: ±1; number of rotations) and then 16 a
 * rotation (c, s). Rotation k mixes row f = first + k·step with row g = f + step:
 * f ← s·g + c·f, g ← c·g − s·f. Row g is the next rotation's f and need not be written in between.
 */
import { at, put } from './vector';

const HEADER: usize = 16;
const ROTATION: usize = 16;

let rows: usize = 0;
let rowBytes: usize = 0;
let width: usize = 0;
let start: usize = 0;
let limit: usize = 0;
let head: usize = 0;
let tail: usize = 0;

/**
 * Begins an empty log in [from, to) of rotations of the rows at `matrix`, `bytes` apart, in their first
 * `columns` bytes, up to the next multiple of 64.
 */
export function openLog(from: usize, to: usize, matrix: usize, bytes: usize, columns: usize): void {
  rows = matrix;
  rowBytes = bytes;
  width = columns;
  start = from;
  limit = to;
  tail = from;
}

/** Begins a sweep of at most `most` rotations. The log must hold more than that many when empty. */
export function beginSweep(first: i32, step: i32, most: i32): void {
  if (tail + HEADER + <usize>most * ROTATION > limit) applyLog();
  store<i32>(tail, first);
  store<i32>(tail, step, 4);
  head = tail;
  tail += HEADER;
}

export function rotate(c: f64, s: f64): void {
  store<f64>(tail, c);
  store<f64>(tail, s, 8);
  tail += ROTATION;
}

export function endSweep(): void {
  store<i32>(head, <i32>((tail - head - HEADER) / ROTATION), 8);
}

/** Applies what the log holds and empties it. */
export function applyLog(): void {
  for (let strip: usize = 0; strip < width; strip += 64) {
    let p = start;
    while (p < tail) {
      const step = load<i32>(p, 4);
      const count = load<i32>(p, 8);
      const f = rows + <usize>load<i32>(p) * rowBytes + strip;
      const next = p + HEADER + <usize>count * ROTATION;
      if (ASC_FEATURE_SIMD) {
        sweepStrip(p + HEADER, next, f, step > 0 ? rowBytes : 0 - rowBytes);
      } else {
        sweepFourColumns(p + HEADER, next, f, step > 0 ? rowBytes : 0 - rowBytes);
        sweepFourColumns(p + HEADER, next, f + 32, step > 0 ? rowBytes : 0 - rowBytes);
      }
      p = next;
    }
  }
  tail = start;
}

/** One sweep on eight columns. The rotations lie in [p, end); `step` is the way from row to row, modulo 2³². */
function sweepStrip(p: usize, end: usize, f: usize, step: usize): void {
  let f0 = v128.load(f);
  let f1 = v128.load(f, 16);
  let f2 = v128.load(f, 32);
  let f3 = v128.load(f, 48);
  for (; p < end; p += ROTATION) {
    const c = v128.load64_splat(p);
    const s = v128.load64_splat(p, 8);
    const g = f + step;
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const g2 = v128.load(g, 32);
    const g3 = v128.load(g, 48);
    v128.store(f, f64x2.add(f64x2.mul(s, g0), f64x2.mul(c, f0)));
    v128.store(f, f64x2.add(f64x2.mul(s, g1), f64x2.mul(c, f1)), 16);
    v128.store(f, f64x2.add(f64x2.mul(s, g2), f64x2.mul(c, f2)), 32);
    v128.store(f, f64x2.add(f64x2.mul(s, g3), f64x2.mul(c, f3)), 48);
    f0 = f64x2.sub(f64x2.mul(c, g0), f64x2.mul(s, f0));
    f1 = f64x2.sub(f64x2.mul(c, g1), f64x2.mul(s, f1));
    f2 = f64x2.sub(f64x2.mul(c, g2), f64x2.mul(s, f2));
    f3 = f64x2.sub(f64x2.mul(c, g3), f64x2.mul(s, f3));
    f = g;
  }
  v128.store(f, f0);
  v128.store(f, f1, 16);
  v128.store(f, f2, 32);
  v128.store(f, f3, 48);
}

/** One sweep on four columns, without SIMD. */
function sweepFourColumns(p: usize, end: usize, f: usize, step: usize): void {
  let f0 = at(f, 0);
  let f1 = at(f, 1);
  let f2 = at(f, 2);
  let f3 = at(f, 3);
  for (; p < end; p += ROTATION) {
    const c = at(p, 0);
    const s = at(p, 1);
    const g = f + step;
    const g0 = at(g, 0);
    const g1 = at(g, 1);
    const g2 = at(g, 2);
    const g3 = at(g, 3);
    put(f, 0, s * g0 + c * f0);
    put(f, 1, s * g1 + c * f1);
    put(f, 2, s * g2 + c * f2);
    put(f, 3, s * g3 + c * f3);
    f0 = c * g0 - s * f0;
    f1 = c * g1 - s * f1;
    f2 = c * g2 - s * f2;
    f3 = c * g3 - s * f3;
    f = g;
  }
  put(f, 0, f0);
  put(f, 1, f1);
  put(f, 2, f2);
  put(f, 3, f3);
}
