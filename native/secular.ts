/**
 * The eigenvalues of a diagonal matrix plus one of rank 1: the roots of
 * 1/ρ + Σ z_j² / (d_j − λ) = 0, one in every gap between the ascending d and one above the last.
 * Li, "Solving secular equations stably and efficiently", LAPACK working note 89, 1994.
 *
 * A root is kept as the pole it is nearer to and the distance from there, so that its differences to
 * all poles have full relative precision, however close it comes to one.
 */
import { put as putInteger } from './integers';
import { at, put, total } from './vector';

const EPSILON: f64 = 1.1102230246251565e-16;
/** Every eighth step halves the bracket, so these are more than a root can take. */
const MOST_STEPS: i32 = 800;
/** Where a root lies: nearer to the pole on its left, or on its right, or above all poles. */
const FROM_LEFT: i32 = 0;
const FROM_RIGHT: i32 = 1;
const BEYOND: i32 = 2;

/** Sums over the poles up to a split, and beyond: values of both sides and their derivatives. */
let below: f64 = 0;
let above: f64 = 0;
let belowSlope: f64 = 0;
let aboveSlope: f64 = 0;

/** Adds up both sides at `distance` from pole `origin`; `split` is the last pole below. */
function evaluate(d: usize, z: usize, k: i32, split: i32, origin: f64, distance: f64): void {
  sumTerms(d, z, 0, split + 1, origin, distance);
  const value = above;
  const slope = aboveSlope;
  sumTerms(d, z, split + 1, k, origin, distance);
  below = value;
  belowSlope = slope;
}

/** Σ z²/(d − λ) and Σ z²/(d − λ)² over poles from…to−1, to `above` and `aboveSlope`. */
function sumTerms(d: usize, z: usize, from: i32, to: i32, origin: f64, distance: f64): void {
  let sum: f64 = 0;
  let slope: f64 = 0;
  let j = from;
  if (ASC_FEATURE_SIMD) {
    const origins = f64x2.splat(origin);
    const distances = f64x2.splat(distance);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let t0 = s0;
    let t1 = s0;
    for (; j + 4 <= to; j += 4) {
      const p = (<usize>j) << 3;
      const z0 = v128.load(z + p);
      const z1 = v128.load(z + p, 16);
      const q0 = f64x2.div(z0, f64x2.sub(f64x2.sub(v128.load(d + p), origins), distances));
      const q1 = f64x2.div(z1, f64x2.sub(f64x2.sub(v128.load(d + p, 16), origins), distances));
      s0 = f64x2.add(s0, f64x2.mul(z0, q0));
      s1 = f64x2.add(s1, f64x2.mul(z1, q1));
      t0 = f64x2.add(t0, f64x2.mul(q0, q0));
      t1 = f64x2.add(t1, f64x2.mul(q1, q1));
    }
    sum = total(f64x2.add(s0, s1));
    slope = total(f64x2.add(t0, t1));
  }
  for (; j < to; j++) {
    const quotient = at(z, j) / (at(d, j) - origin - distance);
    sum += at(z, j) * quotient;
    slope += quotient * quotient;
  }
  above = sum;
  aboveSlope = slope;
}

/**
 * Root i of k: leaves the number of its pole at origins[i] (i32) and the distance from it, which is not
 * 0, at distances[i]. The d ascend, all different; no z is 0; `inverse` is 1/ρ > 0.
 */
export function solveRoot(
  d: usize,
  z: usize,
  k: i32,
  i: i32,
  inverse: f64,
  origins: usize,
  distances: usize,
): void {
  putInteger(origins, i, i);
  if (k == 1) {
    put(distances, 0, (at(z, 0) * at(z, 0)) / inverse);
    return;
  }
  if (i == k - 1) {
    put(distances, i, solveLast(d, z, k, inverse));
    return;
  }
  const gap = at(d, i + 1) - at(d, i);
  const left = at(z, i) * at(z, i);
  const right = at(z, i + 1) * at(z, i + 1);
  evaluate(d, z, k, i, at(d, i), gap / 2);
  const middle = inverse + below + above;
  const rest = middle + (left - right) / (gap / 2);
  // Where the function is positive half way, the root has been passed.
  const fromLeft = middle > 0;
  let start: f64;
  if (fromLeft) {
    const a = rest * gap + left + right;
    const b = left * gap;
    const root = sqrt<f64>(abs(a * a - 4 * b * rest));
    start = a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * rest);
  } else {
    const a = rest * gap - left - right;
    const b = right * gap;
    const root = sqrt<f64>(abs(a * a + 4 * b * rest));
    start = a < 0 ? (2 * b) / (a - root) : -(a + root) / (2 * rest);
    putInteger(origins, i, i + 1);
  }
  const origin = fromLeft ? at(d, i) : at(d, i + 1);
  const least = fromLeft ? 0 : -gap / 2;
  put(
    distances,
    i,
    refine(
      d,
      z,
      k,
      i,
      inverse,
      origin,
      start,
      least,
      least + gap / 2,
      fromLeft ? FROM_LEFT : FROM_RIGHT,
    ),
  );
}

/** The root above all poles, as a distance from the last. */
function solveLast(d: usize, z: usize, k: i32, inverse: f64): f64 {
  const gap = at(d, k - 1) - at(d, k - 2);
  const left = at(z, k - 2) * at(z, k - 2);
  const right = at(z, k - 1) * at(z, k - 1);
  let squares: f64 = 0;
  for (let j = 0; j < k; j++) squares += at(z, j) * at(z, j);
  const most = squares / inverse;
  evaluate(d, z, k, k - 2, at(d, k - 1), most / 2);
  const middle = inverse + below + above;
  const rest = middle + left / (gap + most / 2) + right / (most / 2);
  const a = left + right - rest * gap;
  const b = right * gap;
  const root = sqrt<f64>(abs(a * a + 4 * b * rest));
  const start = a < 0 ? (2 * b) / (root - a) : (a + root) / (2 * rest);
  const least = middle > 0 ? 0 : most / 2;
  const largest = middle > 0 ? most / 2 : most * (1 + 4 * EPSILON);
  return refine(d, z, k, k - 2, inverse, at(d, k - 1), start, least, largest, BEYOND);
}

/**
 * The zero in (least, largest) as a distance from `origin`. Each step replaces both sides by a pole and
 * a constant that agree with them here; one that leaves the bracket, or gains little, halves it instead.
 */
function refine(
  d: usize,
  z: usize,
  k: i32,
  split: i32,
  inverse: f64,
  origin: f64,
  start: f64,
  least: f64,
  largest: f64,
  place: i32,
): f64 {
  let lo = least;
  let hi = largest;
  let distance = start > lo && start < hi ? start : (lo + hi) / 2;
  let before: f64 = Infinity;
  let balanced = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    evaluate(d, z, k, split, origin, distance);
    const slope = belowSlope + aboveSlope;
    const value = inverse + below + above;
    const sizes = inverse + abs(below) + abs(above);
    if (abs(value) <= EPSILON * (8 * sizes + abs(distance) * slope)) break;
    if (value < 0) lo = distance;
    else hi = distance;
    if (step > 0 && abs(value) > abs(before) / 10) balanced = !balanced;
    before = value;
    let next = distance;
    if (step % 8 < 7) {
      next +=
        place == BEYOND
          ? stepLast(d, split, origin, distance, value, slope)
          : stepBetween(d, z, split, origin, distance, value, slope, place == FROM_LEFT, balanced);
    }
    if (!(next > lo && next < hi) || next == distance) next = (lo + hi) / 2;
    if (next == distance || next <= lo || next >= hi) break;
    const small = abs(next - distance) <= EPSILON * abs(next);
    distance = next;
    if (small) break;
  }
  return distance;
}

function stepBetween(
  d: usize,
  z: usize,
  i: i32,
  origin: f64,
  distance: f64,
  value: f64,
  slope: f64,
  fromLeft: bool,
  balanced: bool,
): f64 {
  const left = at(d, i) - origin - distance;
  const right = at(d, i + 1) - origin - distance;
  const gap = at(d, i + 1) - at(d, i);
  let c: f64;
  if (balanced) {
    c = value - left * belowSlope - right * aboveSlope;
  } else if (fromLeft) {
    const quotient = at(z, i) / left;
    c = value - right * slope + gap * quotient * quotient;
  } else {
    const quotient = at(z, i + 1) / right;
    c = value - left * slope - gap * quotient * quotient;
  }
  const a = (left + right) * value - left * right * slope;
  const b = left * right * value;
  const root = sqrt<f64>(abs(a * a - 4 * b * c));
  let step = a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
  if (c == 0) step = b / a;
  return value * step < 0 ? step : -value / slope;
}

function stepLast(d: usize, i: i32, origin: f64, distance: f64, value: f64, slope: f64): f64 {
  const left = at(d, i) - origin - distance;
  const right = at(d, i + 1) - origin - distance;
  const c = abs(value - left * belowSlope - right * aboveSlope);
  const a = (left + right) * value - left * right * slope;
  const b = left * right * value;
  const root = sqrt<f64>(abs(a * a - 4 * b * c));
  const step = a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
  return value * step < 0 ? step : -value / slope;
}
