/**
 * One step of divide and conquer: the eigenvectors of a tridiagonal block from those of its two
 * halves, which one coupling joins. Cuppen 1981; Gu & Eisenstat, "A divide-and-conquer algorithm for
 * the symmetric tridiagonal eigenproblem", 1995, whose new z makes the vectors orthogonal to rounding
 * however near two eigenvalues are.
 *
 * Row r of `q` is the eigenvector of d[r]; of a half's vectors only the half's columns are not zero.
 * Arrays have an entry a row of the whole problem, and a block uses those of its own rows, so several
 * blocks can be merged at once. A block's first row and that of its second half are multiples of 8.
 */
import * as shared from './blocks';
import { deflate } from './deflation';
import { at as integer } from './integers';
import { twoByEight } from './products';
import { solveRoot } from './secular';
import { COMBINE, ROOTS, WEIGHTS } from './tasks';
import { give, given, runParts } from './team';
import { at, dot, put } from './vector';

/** New vectors that are made together: their coefficients stay in the nearest cache. */
const STRIP: i32 = 16;
/** Roots, or entries of z, of a part. */
const ENTRIES: i32 = 16;
/** Parts of what is cubic. */
export const PARTS: i32 = 8;

/** Rows of scratch space that a thread needs. */
export const AREA_ROWS: i32 = 2 * STRIP + 1;

/** Merges the halves first…middle−1 and middle…end−1, alone in a scratch area or, with −1, as a team. */
export function merge(first: i32, middle: i32, end: i32, area: i32): void {
  const k = deflate(first, middle, end);
  if (k == 0) return;
  pack(first, middle, end);
  if (area >= 0) {
    findRoots(first, 0, k);
    findWeights(first, 0, k);
    combine(first, 0, k, area);
    return;
  }
  give(0, <usize>first);
  runParts(ROOTS, (k + ENTRIES - 1) / ENTRIES);
  runParts(WEIGHTS, (k + ENTRIES - 1) / ENTRIES);
  runParts(COMBINE, PARTS);
}

export function rootsPart(part: i32): void {
  const first = <i32>given(0);
  findRoots(first, part * ENTRIES, min(shared.keptOf(first), (part + 1) * ENTRIES));
}

export function weightsPart(part: i32): void {
  const first = <i32>given(0);
  findWeights(first, part * ENTRIES, min(shared.keptOf(first), (part + 1) * ENTRIES));
}

export function combinePart(part: i32): void {
  const first = <i32>given(0);
  const k = shared.keptOf(first);
  const strips = (k + STRIP - 1) / STRIP;
  const from = ((strips * part) / PARTS) * STRIP;
  const to = min(k, ((strips * (part + 1)) / PARTS) * STRIP);
  if (from < to) combine(first, from, to, part);
}

/** Copies the vectors that are combined, since the new ones take their places. */
function pack(first: i32, middle: i32, end: i32): void {
  const slots = shared.integers(shared.SLOTS, first);
  const upper = shared.integers(shared.UPPER_LIST, first);
  const lower = shared.integers(shared.LOWER_LIST, first);
  const uppers = shared.uppersOf(first);
  for (let u = 0; u < uppers; u++) {
    const row = integer(slots, integer(upper, u));
    const to = shared.packedRow(first + u);
    copyColumns(to, shared.vectorRow(row), first, middle);
  }
  const lowers = shared.lowersOf(first);
  for (let l = 0; l < lowers; l++) {
    const row = integer(slots, integer(lower, l));
    copyColumns(shared.packedRow(first + l), shared.vectorRow(row), middle, end);
  }
}

function copyColumns(to: usize, from: usize, first: i32, end: i32): void {
  const start = (<usize>first) << 3;
  memory.copy(to + start, from + start, (<usize>(end - first)) << 3);
}

function findRoots(first: i32, from: i32, to: i32): void {
  const d = shared.numbers(shared.POLES, first);
  const z = shared.numbers(shared.Z, first);
  const origins = shared.integers(shared.ORIGINS, first);
  const distances = shared.numbers(shared.DISTANCES, first);
  const bases = shared.numbers(shared.BASES, first);
  const slots = shared.integers(shared.SLOTS, first);
  const k = shared.keptOf(first);
  const inverse = shared.inverseOf(first);
  for (let i = from; i < to; i++) {
    solveRoot(d, z, k, i, inverse, origins, distances);
    put(bases, i, at(d, integer(origins, i)));
    put(shared.values(), integer(slots, i), at(bases, i) + at(distances, i));
  }
}

/**
 * The z whose secular equation has exactly the roots that were found, up to a common factor:
 * z_j² = Π_i (λ_i − d_j) / Π_{i≠j} (d_i − d_j).
 */
function findWeights(first: i32, from: i32, to: i32): void {
  const d = shared.numbers(shared.POLES, first);
  const z = shared.numbers(shared.Z, first);
  const distances = shared.numbers(shared.DISTANCES, first);
  const bases = shared.numbers(shared.BASES, first);
  const weights = shared.numbers(shared.WEIGHTS, first);
  const k = shared.keptOf(first);
  for (let j = from; j < to; j++) {
    const pole = at(d, j);
    const lowerPart = ratios(bases, distances, d, pole, 0, j);
    const upperPart = ratios(bases, distances, d + 8, pole, j, k - 1);
    const last = at(bases, k - 1) - pole + at(distances, k - 1);
    const square = abs(lowerPart * upperPart * last);
    put(weights, j, copysign<f64>(sqrt<f64>(square), at(z, j)));
  }
}

/** Π (λ_i − pole) / (d_i − pole) over from ≤ i < to. */
function ratios(bases: usize, distances: usize, d: usize, pole: f64, from: i32, to: i32): f64 {
  let product: f64 = 1;
  let i = from;
  if (ASC_FEATURE_SIMD) {
    const poles = f64x2.splat(pole);
    let pair = f64x2.splat(1);
    for (; i + 2 <= to; i += 2) {
      const p = (<usize>i) << 3;
      const root = f64x2.add(f64x2.sub(v128.load(bases + p), poles), v128.load(distances + p));
      pair = f64x2.mul(pair, f64x2.div(root, f64x2.sub(v128.load(d + p), poles)));
    }
    product = f64x2.extract_lane(pair, 0) * f64x2.extract_lane(pair, 1);
  }
  for (; i < to; i++) product *= (at(bases, i) - pole + at(distances, i)) / (at(d, i) - pole);
  return product;
}

/** The vectors of roots from…to−1, as combinations of those that were packed. */
function combine(first: i32, from: i32, to: i32, area: i32): void {
  const rowBytes = shared.bytesOfRow();
  const scratch = shared.areaOf(area, AREA_ROWS);
  const vector = scratch + <usize>(2 * STRIP) * rowBytes;
  const slots = shared.integers(shared.SLOTS, first);
  for (let strip = from; strip < to; strip += STRIP) {
    const end = min(to, strip + STRIP);
    for (let i = strip; i < end; i++) {
      makeCoefficients(first, i, vector, scratch + <usize>(2 * (i - strip)) * rowBytes, rowBytes);
    }
    const packed = shared.packedRow(first);
    const middle = shared.middleOf(first);
    const uppers = shared.uppersOf(first);
    multiplyStrip(
      slots + ((<usize>strip) << 2),
      end - strip,
      scratch,
      packed,
      uppers,
      first,
      middle,
    );
    const last = shared.endOf(first);
    const lowers = shared.lowersOf(first);
    multiplyStrip(
      slots + ((<usize>strip) << 2),
      end - strip,
      scratch + rowBytes,
      packed,
      lowers,
      middle,
      last,
    );
  }
}

/** Unit coefficients of vector i: at `out` of the packed vectors above, a row further of those below. */
function makeCoefficients(first: i32, i: i32, vector: usize, out: usize, rowBytes: usize): void {
  const d = shared.numbers(shared.POLES, first);
  const weights = shared.numbers(shared.WEIGHTS, first);
  const base = at(shared.numbers(shared.BASES, first), i);
  const distance = at(shared.numbers(shared.DISTANCES, first), i);
  const k = shared.keptOf(first);
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const bases = f64x2.splat(base);
    const distances = f64x2.splat(distance);
    for (; j + 2 <= k; j += 2) {
      const p = (<usize>j) << 3;
      const gap = f64x2.sub(f64x2.sub(v128.load(d + p), bases), distances);
      v128.store(vector + p, f64x2.div(v128.load(weights + p), gap));
    }
  }
  for (; j < k; j++) put(vector, j, at(weights, j) / (at(d, j) - base - distance));
  const factor = 1 / sqrt<f64>(dot(vector, vector, k));
  gather(out, vector, shared.integers(shared.UPPER_LIST, first), shared.uppersOf(first), factor);
  const below = out + rowBytes;
  gather(below, vector, shared.integers(shared.LOWER_LIST, first), shared.lowersOf(first), factor);
}

function gather(out: usize, vector: usize, places: usize, count: i32, factor: f64): void {
  for (let i = 0; i < count; i++) put(out, i, at(vector, integer(places, i)) * factor);
}

/** Columns from…to−1 of the vectors in `slots`: coefficients, two rows apart, times packed rows. */
function multiplyStrip(
  slots: usize,
  rows: i32,
  coefficients: usize,
  packed: usize,
  depth: i32,
  from: i32,
  to: i32,
): void {
  const rowBytes = shared.bytesOfRow();
  const start = (<usize>from) << 3;
  const bytes = ((<usize>(to - from) + 7) & ~7) << 3;
  for (let i = 0; i < rows; i++) {
    memory.fill(shared.vectorRow(integer(slots, i)) + start, 0, bytes);
  }
  for (let column = start; column < start + bytes; column += 64) {
    for (let i = 0; i < rows; i += 2) {
      const next = i + 1 < rows ? i + 1 : i;
      twoByEight(
        shared.vectorRow(integer(slots, i)) + column,
        shared.vectorRow(integer(slots, next)) + column,
        coefficients + <usize>(2 * i) * rowBytes,
        coefficients + <usize>(2 * next) * rowBytes,
        packed + column,
        rowBytes,
        depth,
      );
    }
  }
}
