/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method. Bowdler, Martin, Reinsch
 * and Wilkinson, "The QR and QL algorithms for symmetric matrices", 1968.
 */
import { beginSweep, endSweep, rotate } from './rotations';
import { at, put } from './vector';

/** Two diagonal entries are decoupled once the entry beside them is below this share of them. */
const EPSILON: f64 = 1.1102230246251565e-16;
/** Couplings below this are zero, whatever is beside them: the matrix has been scaled to about 1. */
const NOTHING: f64 = 1e-290;
/** QL takes fewer than two sweeps an eigenvalue. */
const MOST_SWEEPS: i32 = 60;

/**
 * Turns the diagonal `d` into the eigenvalues, unordered; `e` (n−1 entries, with a place before and
 * after them that is written to) is used up. With `logged`, every rotation goes to the open log.
 * False when MOST_SWEEPS an eigenvalue were not enough.
 */
export function diagonalise(n: i32, d: usize, e: usize, logged: bool): bool {
  let first = 0;
  while (first < n) {
    let last = first;
    while (last < n - 1 && !decoupled(d, e, last)) last++;
    // QL finds the eigenvalues at its near end first: start at the end with the smaller entries.
    const forward = abs(at(d, first)) <= abs(at(d, last));
    if (forward) {
      if (!diagonaliseBlock(d, e, first, last, 1, logged)) return false;
    } else {
      if (!diagonaliseBlock(d, e, last, first, -1, logged)) return false;
    }
    first = last + 1;
  }
  return true;
}

/** Whether e[i], between d[i] and d[i+1], is as good as zero. */
function decoupled(d: usize, e: usize, i: i32): bool {
  const coupling = abs(at(e, i));
  return coupling <= EPSILON * (abs(at(d, i)) + abs(at(d, i + 1))) || coupling < NOTHING;
}

/** Works from `near` to `far`, both included, in steps of 1 or −1 (the block turned end for end). */
function diagonaliseBlock(d: usize, e: usize, near: i32, far: i32, step: i32, logged: bool): bool {
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
    sweep(d, e, m, k, step, side, logged);
  }
  return true;
}

/** One QL step with Wilkinson's shift: chases the bulge from m to k. */
function sweep(d: usize, e: usize, m: i32, k: i32, step: i32, side: i32, logged: bool): void {
  const coupling = at(e, k + side);
  let g = (at(d, k + step) - at(d, k)) / (2 * coupling);
  g = at(d, m) - at(d, k) + coupling / (g + copysign<f64>(hypotenuse(g, 1), g));
  let s: f64 = 1;
  let c: f64 = 1;
  let p: f64 = 0;
  if (logged) beginSweep(m, -step, abs(m - k));
  for (let i = m - step; ; i -= step) {
    const beside = at(e, i + side);
    const f = s * beside;
    const b = c * beside;
    const r = hypotenuse(f, g);
    put(e, i + step + side, r);
    if (r == 0) {
      // The bulge vanished: the matrix splits here, and the rest of the sweep has nothing to chase.
      put(d, i + step, at(d, i + step) - p);
      break;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + step) - p;
    const t = (at(d, i) - g) * s + 2 * c * b;
    p = s * t;
    put(d, i + step, g + p);
    g = c * t - b;
    if (logged) rotate(c, s);
    if (i == k) {
      put(d, k, at(d, k) - p);
      put(e, k + side, g);
      break;
    }
  }
  put(e, m + side, 0);
  if (logged) endSweep();
}

/** √(x² + y²), also where the squares underflow. Entries are at most about 1, or one of them is. */
function hypotenuse(x: f64, y: f64): f64 {
  const square = x * x + y * y;
  if (square > 1e-280) return sqrt<f64>(square);
  const larger = max(abs(x), abs(y));
  if (larger == 0) return 0;
  const ratio = min(abs(x), abs(y)) / larger;
  return larger * sqrt<f64>(1 + ratio * ratio);
}
