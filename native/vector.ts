/** Float64 vectors by address. The loops that finish what SIMD began are the whole of the scalar build. */

export function at(x: usize, i: i32): f64 {
  return load<f64>(x + ((<usize>i) << 3));
}

export function put(x: usize, i: i32, value: f64): void {
  store<f64>(x + ((<usize>i) << 3), value);
}

/** x[i] in both lanes. */
export function splat(x: usize, i: i32): v128 {
  return v128.load64_splat(x + ((<usize>i) << 3));
}

/** The sum of both lanes. */
export function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

export function dot(x: usize, y: usize, n: i32): f64 {
  let sum: f64 = 0;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    let even = f64x2.splat(0);
    let odd = even;
    for (; i + 4 <= n; i += 4) {
      const p = (<usize>i) << 3;
      even = f64x2.add(even, f64x2.mul(v128.load(x + p), v128.load(y + p)));
      odd = f64x2.add(odd, f64x2.mul(v128.load(x + p, 16), v128.load(y + p, 16)));
    }
    sum = total(f64x2.add(even, odd));
  }
  for (; i < n; i++) sum += at(x, i) * at(y, i);
  return sum;
}

export function scale(x: usize, n: i32, factor: f64): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const factors = f64x2.splat(factor);
    for (; i + 2 <= n; i += 2) {
      const p = x + ((<usize>i) << 3);
      v128.store(p, f64x2.mul(v128.load(p), factors));
    }
  }
  for (; i < n; i++) put(x, i, at(x, i) * factor);
}

/** x += factor · y */
export function addScaled(x: usize, n: i32, factor: f64, y: usize): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const factors = f64x2.splat(factor);
    for (; i + 2 <= n; i += 2) {
      const p = (<usize>i) << 3;
      v128.store(x + p, f64x2.add(v128.load(x + p), f64x2.mul(factors, v128.load(y + p))));
    }
  }
  for (; i < n; i++) put(x, i, at(x, i) + factor * at(y, i));
}
