/** Powers of two that bring a matrix's largest entry near 1, so that no square over- or underflows. */
import { at, put, scale } from './vector';

/** Beyond 2^±1000 the factor would overflow itself; what remains is near enough to 1. */
const MOST: i32 = 1000;

/** The factor for the lower triangle of an n×n matrix: 1 for zeros, and 0 if an entry is not finite. */
export function factorFor(a: usize, rowBytes: usize, n: i32): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = largestOf(a + <usize>i * rowBytes, i + 1);
    if (!(row < Infinity)) return 0;
    largest = max(largest, row);
  }
  if (largest == 0) return 1;
  const exponent = <i32>(reinterpret<u64>(largest) >>> 52) - 1023;
  return powerOfTwo(max(-MOST, min(MOST, -exponent)));
}

function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>((<u64>(exponent + 1023)) << 52);
}

/** The largest size among x[0…n), or something that is no finite number. */
function largestOf(x: usize, n: i32): f64 {
  let largest: f64 = 0;
  let poison: f64 = 0; // times 0, what is not finite is NaN
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const zero = f64x2.splat(0);
    let sizes = zero;
    let poisons = zero;
    for (; i + 2 <= n; i += 2) {
      const pair = v128.load(x + ((<usize>i) << 3));
      sizes = f64x2.pmax(sizes, f64x2.abs(pair));
      poisons = f64x2.add(poisons, f64x2.mul(pair, zero));
    }
    largest = max(f64x2.extract_lane(sizes, 0), f64x2.extract_lane(sizes, 1));
    poison = f64x2.extract_lane(poisons, 0) + f64x2.extract_lane(poisons, 1);
  }
  for (; i < n; i++) {
    largest = max(largest, abs(at(x, i)));
    poison += at(x, i) * 0;
  }
  return largest + poison;
}

export function scaleTriangle(a: usize, rowBytes: usize, n: i32, factor: f64): void {
  if (factor == 1) return;
  for (let i = 0; i < n; i++) scale(a + <usize>i * rowBytes, i + 1, factor);
}

/** x ÷ factor. */
export function scaleBack(x: usize, n: i32, factor: f64): void {
  for (let i = 0; i < n; i++) put(x, i, at(x, i) / factor);
}
