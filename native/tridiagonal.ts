/**
 * A = Q T Qᵀ with T tridiagonal, by Householder reflectors, from the last row up: row i is reduced
 * against the leading i×i matrix, so that every vector starts at column 0 of a row.
 *
 * The rank-2 updates that reflectors ask for wait until PANEL rows are reduced, and are then applied
 * together, as a product: half of the work. Until then each row and each product with a vector is
 * corrected for those that wait. Dongarra, Hammarling & Sorensen, "Block reduction of matrices to
 * condensed forms for eigenvalue computations", 1989.
 */
import { addCombination, dots } from './products';
import { multiply, PARTS, update } from './symmetric';
import { addScaled, at, dot, put, scale } from './vector';

/** Below this a squared norm has lost digits to underflow, and the row is scaled up by 2^500 first. */
const TINY: f64 = 1e-180;
const UP: f64 = 3.2733906078961419e150;
const DOWN: f64 = 1 / UP;

/** Rows that are reduced between two updates. */
const PANEL: i32 = 16;
/** An odd number of cache lines with room for two numbers a row of a panel. */
const TURNED: usize = 2 * PANEL * 8 + 64;

/** Bytes that `tridiagonalise` needs beside the matrix. */
export function tridiagonaliseRoom(n: i32, rowBytes: usize): usize {
  return (2 * PANEL + PARTS) * rowBytes + <usize>n * TURNED + 4 * PANEL * 8;
}

/**
 * Reduces the lower triangle of the n×n matrix `a`. Afterwards `d` holds T's diagonal, `e` the n−1
 * entries beside it, and row i of `a` the reflector I − tau[i] v vᵀ that acts on columns 0…i−1.
 * Rows have room up to the next multiple of 8 columns; what is above the diagonal is lost.
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
  const pairs = work; // v and w of every row of the panel in turn: the updates −v wᵀ − w vᵀ wait
  const partial = pairs + 2 * PANEL * rowBytes;
  const turned = partial + PARTS * rowBytes;
  const coefficients = turned + <usize>n * TURNED;
  let i = n - 1;
  while (i >= 0) {
    const last = max(i - PANEL, -1);
    for (let depth = 0; i > last; i--, depth += 2) {
      const x = a + <usize>i * rowBytes;
      for (let k = 0; k < depth; k++) {
        put(coefficients, k, -at(pairs + <usize>(k ^ 1) * rowBytes, i));
      }
      addCombination(x, i + 1, coefficients, pairs, rowBytes, depth);
      put(d, i, at(x, i));
      if (i == 0) return;
      const t = makeReflector(x, i, e + ((<usize>(i - 1)) << 3));
      put(tau, i, t);
      const v = pairs + <usize>depth * rowBytes;
      const w = v + rowBytes;
      memory.copy(v, x, (<usize>i) << 3);
      multiply(a, rowBytes, i, v, w, partial);
      dots(coefficients, v, i, pairs, rowBytes, depth);
      turnPairs(coefficients, depth);
      addCombination(w, i, coefficients, pairs, rowBytes, depth);
      scale(w, i, t);
      addScaled(w, i, -0.5 * t * dot(v, w, i), v);
    }
    update(a, rowBytes, i + 1, pairs, 2 * PANEL, turned, TURNED);
  }
}

/** Exchanges the two numbers of every pair, and turns their signs. */
function turnPairs(x: usize, n: i32): void {
  for (let k = 0; k < n; k += 2) {
    const first = at(x, k);
    put(x, k, -at(x, k + 1));
    put(x, k + 1, -first);
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
