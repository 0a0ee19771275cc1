/**
 * Eigenvalues alone of a symmetric tridiagonal matrix: QL with the squares of what is beside the
 * diagonal, and no square roots. Pal, Walker and Kahan's variant; Parlett, "The symmetric eigenvalue
 * problem", 1980, section 8.15. A step waits for one division, so its two are arranged side by side.
 */
import { at, put } from './vector';

/** Two diagonal entries are decoupled once the entry beside them is below this share of them. */
const EPSILON: f64 = 1.1102230246251565e-16;
/** Squares below this are zero, whatever is beside them. */
const NOTHING: f64 = 1e-300;
/** QL takes fewer than two sweeps an eigenvalue. */
const MOST_SWEEPS: i32 = 60;
/** A block of smaller entries is scaled up in steps of 2^50, so that squares keep their digits. */
const SMALL: f64 = 1e-15;
const UP: f64 = 1125899906842624;

/**
 * Turns the diagonal `d` into the eigenvalues, unordered; `e` (n−1 entries, with a place before and
 * after them that is written to) is used up. Entries are at most about 1 in size. False when
 * MOST_SWEEPS an eigenvalue were not enough.
 */
export function eigenvalues(n: i32, d: usize, e: usize): bool {
  let first = 0;
  while (first < n) {
    let last = first;
    while (last < n - 1 && !apart(d, e, last)) last++;
    if (last > first && !solveBlock(d, e, first, last)) return false;
    first = last + 1;
  }
  return true;
}

/** Whether e[i], between d[i] and d[i+1], is as good as zero. */
function apart(d: usize, e: usize, i: i32): bool {
  const beside = abs(at(e, i));
  return beside <= EPSILON * (abs(at(d, i)) + abs(at(d, i + 1))) || beside < 1e-290;
}

function solveBlock(d: usize, e: usize, first: i32, last: i32): bool {
  let largest = abs(at(d, last));
  for (let i = first; i < last; i++) largest = max(largest, max(abs(at(d, i)), abs(at(e, i))));
  let factor: f64 = 1;
  while (largest * factor < SMALL) factor *= UP;
  for (let i = first; i < last; i++) {
    put(d, i, at(d, i) * factor);
    const beside = at(e, i) * factor;
    put(e, i, beside * beside);
  }
  put(d, last, at(d, last) * factor);
  // QL finds the eigenvalues at its near end first: start at the end with the smaller entries.
  const forward = abs(at(d, first)) <= abs(at(d, last));
  const solved = forward ? chase(d, e, first, last, 1) : chase(d, e, last, first, -1);
  for (let i = first; i <= last; i++) put(d, i, at(d, i) / factor);
  return solved;
}

/** Whether the square e[i] is as good as zero. */
function decoupled(d: usize, e: usize, i: i32): bool {
  const sum = EPSILON * (abs(at(d, i)) + abs(at(d, i + 1)));
  const square = at(e, i);
  return square <= sum * sum || square < NOTHING;
}

/** Works from `near` to `far`, both included, in steps of 1 or −1 (the block turned end for end). */
function chase(d: usize, e: usize, near: i32, far: i32, step: i32): bool {
  const side = step > 0 ? 0 : -1; // e[i + side] lies between d[i] and d[i + step]
  let sweeps = MOST_SWEEPS * (abs(far - near) + 1);
  let k = near;
  while (k != far) {
    let m = k;
    while (m != far && !decoupled(d, e, m + side)) m += step;
    if (m == k) {
      k += step;
      continue;
    }
    if (sweeps-- == 0) return false;
    sweep(d, e, m, k, step, side);
  }
  return true;
}

/** One step with Wilkinson's shift, from m to k. */
function sweep(d: usize, e: usize, m: i32, k: i32, step: i32, side: i32): void {
  const coupling = sqrt<f64>(at(e, k + side));
  const corner = at(d, k);
  let shift = (at(d, k + step) - corner) / (2 * coupling);
  shift = corner - coupling / (shift + copysign<f64>(sqrt<f64>(shift * shift + 1), shift));
  let cosine: f64 = 1; // squares of the rotation's
  let sine: f64 = 0;
  let gamma = at(d, m) - shift;
  let p = gamma * gamma;
  const bytes = (<isize>step) << 3;
  let diagonal = d + ((<usize>m) << 3);
  let beside = e + ((<usize>(m + side)) << 3);
  const end = d + ((<usize>k) << 3);
  while (diagonal != end) {
    const before = diagonal - bytes;
    const square = load<f64>(beside - bytes);
    const r = p + square;
    store<f64>(beside, sine * r);
    const alpha = load<f64>(before);
    const moved = p * (alpha - shift) - square * gamma;
    const both = r * p;
    const old = gamma;
    if (both > 1e-250) {
      // gamma²/cosine from one division, which is what a step waits for.
      const inverse = 1 / both;
      const reciprocal = inverse * p; // of r
      cosine = p * reciprocal;
      sine = square * reciprocal;
      gamma = moved * reciprocal;
      p = moved * moved * inverse;
    } else {
      const oldCosine = cosine;
      cosine = p / r;
      sine = square / r;
      gamma = moved / r;
      p = cosine != 0 ? (gamma * gamma) / cosine : oldCosine * square;
    }
    store<f64>(diagonal, old + (alpha - gamma));
    diagonal = before;
    beside -= bytes;
  }
  store<f64>(beside, sine * p);
  put(d, k, shift + gamma);
}
