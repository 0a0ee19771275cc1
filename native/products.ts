/** Matrix products of float64 in registers: what is cubic in an eigenproblem comes down to these. */
import { at, put, splat, total } from './vector';

/**
 * Rows of `out` += rows of `s` times the matrix `p`, in columns from…to−1 (`from` a multiple of 8;
 * columns up to the next multiple of 8 after `to` are written too): `depth` entries of `s` a row,
 * as many rows of `p`. Two rows at a time by eight columns, whose part of `p` stays in the nearest cache.
 */
export function addProducts(
  out: usize,
  outBytes: usize,
  rows: i32,
  s: usize,
  sBytes: usize,
  p: usize,
  pBytes: usize,
  depth: i32,
  from: i32,
  to: i32,
): void {
  for (let j = from; j < to; j += 8) {
    const column = (<usize>j) << 3;
    for (let i = 0; i < rows; i += 2) {
      // An odd last row is its own partner: both write the same.
      const next = i + 1 < rows ? i + 1 : i;
      twoByEight(
        out + <usize>i * outBytes + column,
        out + <usize>next * outBytes + column,
        s + <usize>i * sBytes,
        s + <usize>next * sBytes,
        p + column,
        pBytes,
        depth,
      );
    }
  }
}

export function twoByEight(
  out0: usize,
  out1: usize,
  s0: usize,
  s1: usize,
  p: usize,
  pBytes: usize,
  depth: i32,
): void {
  if (ASC_FEATURE_SIMD) {
    let a0 = v128.load(out0);
    let a1 = v128.load(out0, 16);
    let a2 = v128.load(out0, 32);
    let a3 = v128.load(out0, 48);
    let b0 = v128.load(out1);
    let b1 = v128.load(out1, 16);
    let b2 = v128.load(out1, 32);
    let b3 = v128.load(out1, 48);
    const end = s0 + ((<usize>depth) << 3);
    while (s0 < end) {
      const p0 = v128.load(p);
      const p1 = v128.load(p, 16);
      const p2 = v128.load(p, 32);
      const p3 = v128.load(p, 48);
      const a = v128.load64_splat(s0);
      a0 = f64x2.add(a0, f64x2.mul(a, p0));
      a1 = f64x2.add(a1, f64x2.mul(a, p1));
      a2 = f64x2.add(a2, f64x2.mul(a, p2));
      a3 = f64x2.add(a3, f64x2.mul(a, p3));
      const b = v128.load64_splat(s1);
      b0 = f64x2.add(b0, f64x2.mul(b, p0));
      b1 = f64x2.add(b1, f64x2.mul(b, p1));
      b2 = f64x2.add(b2, f64x2.mul(b, p2));
      b3 = f64x2.add(b3, f64x2.mul(b, p3));
      s0 += 8;
      s1 += 8;
      p += pBytes;
    }
    v128.store(out0, a0);
    v128.store(out0, a1, 16);
    v128.store(out0, a2, 32);
    v128.store(out0, a3, 48);
    v128.store(out1, b0);
    v128.store(out1, b1, 16);
    v128.store(out1, b2, 32);
    v128.store(out1, b3, 48);
  } else {
    for (let j = 0; j < 8; j++) {
      let a = at(out0, j);
      let b = at(out1, j);
      let entry = p;
      for (let k = 0; k < depth; k++) {
        a += at(s0, k) * at(entry, j);
        b += at(s1, k) * at(entry, j);
        entry += pBytes;
      }
      put(out0, j, a);
      put(out1, j, b);
    }
  }
}

/** x[0…n) += the sum of `depth` rows of `p`, each times its coefficient; up to the next multiple of 8 is written. */
export function addCombination(
  x: usize,
  n: i32,
  coefficients: usize,
  p: usize,
  pBytes: usize,
  depth: i32,
): void {
  for (let j = 0; j < n; j += 8) {
    const column = (<usize>j) << 3;
    if (ASC_FEATURE_SIMD) {
      let x0 = v128.load(x + column);
      let x1 = v128.load(x + column, 16);
      let x2 = v128.load(x + column, 32);
      let x3 = v128.load(x + column, 48);
      let row = p + column;
      for (let k = 0; k < depth; k++) {
        const c = splat(coefficients, k);
        x0 = f64x2.add(x0, f64x2.mul(c, v128.load(row)));
        x1 = f64x2.add(x1, f64x2.mul(c, v128.load(row, 16)));
        x2 = f64x2.add(x2, f64x2.mul(c, v128.load(row, 32)));
        x3 = f64x2.add(x3, f64x2.mul(c, v128.load(row, 48)));
        row += pBytes;
      }
      v128.store(x + column, x0);
      v128.store(x + column, x1, 16);
      v128.store(x + column, x2, 32);
      v128.store(x + column, x3, 48);
    } else {
      for (let i = j; i < j + 8; i++) {
        let sum = at(x, i);
        for (let k = 0; k < depth; k++) sum += at(coefficients, k) * at(p + <usize>k * pBytes, i);
        put(x, i, sum);
      }
    }
  }
}

/** The inner products of x[0…n) with `depth` rows of `p`, an even number of them. */
export function dots(out: usize, x: usize, n: i32, p: usize, pBytes: usize, depth: i32): void {
  for (let k = 0; k < depth; k += 2) {
    const p0 = p + <usize>k * pBytes;
    const p1 = p0 + pBytes;
    let first: f64 = 0;
    let second: f64 = 0;
    let i = 0;
    if (ASC_FEATURE_SIMD) {
      let s0 = f64x2.splat(0);
      let s1 = s0;
      let t0 = s0;
      let t1 = s0;
      for (; i + 4 <= n; i += 4) {
        const byte = (<usize>i) << 3;
        const x0 = v128.load(x + byte);
        const x1 = v128.load(x + byte, 16);
        s0 = f64x2.add(s0, f64x2.mul(x0, v128.load(p0 + byte)));
        s1 = f64x2.add(s1, f64x2.mul(x1, v128.load(p0 + byte, 16)));
        t0 = f64x2.add(t0, f64x2.mul(x0, v128.load(p1 + byte)));
        t1 = f64x2.add(t1, f64x2.mul(x1, v128.load(p1 + byte, 16)));
      }
      first = total(f64x2.add(s0, s1));
      second = total(f64x2.add(t0, t1));
    }
    for (; i < n; i++) {
      first += at(x, i) * at(p0, i);
      second += at(x, i) * at(p1, i);
    }
    put(out, k, first);
    put(out, k + 1, second);
  }
}
