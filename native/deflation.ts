/**
 * What a merge need not do: a vector that the coupling hardly touches stays as it is, and of two with
 * nearly the same eigenvalue one can be turned so that it is not touched. In spectra that cluster, most.
 * Rutter, "A serial implementation of Cuppen's divide and conquer algorithm", 1994; LAPACK's dlaed2.
 */
import * as shared from './blocks';
import { at as integer, put as putInteger } from './integers';
import { at, put } from './vector';

const EPSILON: f64 = 1.1102230246251565e-16;
/** Columns in which a vector is not zero. */
const UPPER: i32 = 1;
const LOWER: i32 = 2;

/**
 * Sets a block's merge up: poles, z and slots of the vectors to be combined, ascending, and which half
 * each has something in. Returns how many they are; the others are done.
 */
export function deflate(first: i32, middle: i32, end: i32): i32 {
  const coupling = at(shared.couplings(), middle - 1);
  const strength = 2 * abs(coupling);
  shared.startRecord(first, middle, end, 1 / strength);
  const d = shared.values() + ((<usize>first) << 3);
  const z = shared.numbers(shared.Z_OF_ROWS, first);
  const kinds = shared.integers(shared.KINDS, first);
  const count = end - first;
  let largest: f64 = 0;
  for (let r = 0; r < count; r++) {
    const upper = first + r < middle;
    const vector = shared.vectorRow(first + r);
    const entry = upper ? at(vector, middle - 1) : copysign<f64>(1, coupling) * at(vector, middle);
    put(z, r, entry * Math.SQRT1_2);
    putInteger(kinds, r, upper ? UPPER : LOWER);
    largest = max(largest, max(abs(at(d, r)), abs(at(z, r))));
  }
  const order = shared.integers(shared.ORDER, first);
  sortByValue(order, d, count);
  const kept = thinOut(first, count, strength, 8 * EPSILON * largest);
  listHalves(first, kept);
  return kept;
}

/** Leaves the slots, poles and z of what is to be combined, and returns how many. */
function thinOut(first: i32, count: i32, strength: f64, tolerance: f64): i32 {
  const d = shared.values() + ((<usize>first) << 3);
  const z = shared.numbers(shared.Z_OF_ROWS, first);
  const order = shared.integers(shared.ORDER, first);
  let kept = 0;
  let waiting = -1;
  for (let place = 0; place < count; place++) {
    const row = integer(order, place);
    if (strength * abs(at(z, row)) <= tolerance) continue;
    if (waiting >= 0 && !turnAway(first, waiting, row, d, z, tolerance)) {
      keep(first, waiting, kept++, d, z);
    }
    waiting = row;
  }
  if (waiting >= 0) keep(first, waiting, kept++, d, z);
  return kept;
}

function keep(first: i32, row: i32, place: i32, d: usize, z: usize): void {
  putInteger(shared.integers(shared.SLOTS, first), place, first + row);
  put(shared.numbers(shared.POLES, first), place, at(d, row));
  put(shared.numbers(shared.Z, first), place, at(z, row));
}

/** Turns vectors a and b so that a's z is 0, if their eigenvalues are near enough for that. */
function turnAway(first: i32, a: i32, b: i32, d: usize, z: usize, tolerance: f64): bool {
  const length = hypotenuse(at(z, a), at(z, b));
  const c = at(z, b) / length;
  const s = -at(z, a) / length;
  if (abs((at(d, b) - at(d, a)) * c * s) > tolerance) return false;
  put(z, b, length);
  put(z, a, 0);
  const kinds = shared.integers(shared.KINDS, first);
  const both = integer(kinds, a) | integer(kinds, b);
  putInteger(kinds, a, both);
  putInteger(kinds, b, both);
  const start = (<usize>first) << 3;
  const x = shared.vectorRow(first + a) + start;
  const y = shared.vectorRow(first + b) + start;
  for (let i = 0; i < shared.endOf(first) - first; i++) {
    const xi = at(x, i);
    const yi = at(y, i);
    put(x, i, c * xi + s * yi);
    put(y, i, c * yi - s * xi);
  }
  const da = at(d, a);
  const db = at(d, b);
  put(d, a, da * c * c + db * s * s);
  put(d, b, da * s * s + db * c * c);
  return true;
}

/** √(x² + y²) of numbers between −1 and 1 that are not tiny beside rounding. */
function hypotenuse(x: f64, y: f64): f64 {
  const larger = max(abs(x), abs(y));
  const ratio = min(abs(x), abs(y)) / larger;
  return larger * sqrt<f64>(1 + ratio * ratio);
}

function listHalves(first: i32, kept: i32): void {
  const slots = shared.integers(shared.SLOTS, first);
  const kinds = shared.integers(shared.KINDS, first);
  let uppers = 0;
  let lowers = 0;
  for (let i = 0; i < kept; i++) {
    const kind = integer(kinds, integer(slots, i) - first);
    if (kind & UPPER) putInteger(shared.integers(shared.UPPER_LIST, first), uppers++, i);
    if (kind & LOWER) putInteger(shared.integers(shared.LOWER_LIST, first), lowers++, i);
  }
  shared.countKept(first, kept, uppers, lowers);
}

/** Numbers 0…n−1 by ascending d, equal ones by number: a heap that is taken apart. */
function sortByValue(order: usize, d: usize, n: i32): void {
  for (let i = 0; i < n; i++) putInteger(order, i, i);
  for (let i = (n >> 1) - 1; i >= 0; i--) sink(order, d, i, n);
  for (let last = n - 1; last > 0; last--) {
    const top = integer(order, 0);
    putInteger(order, 0, integer(order, last));
    putInteger(order, last, top);
    sink(order, d, 0, last);
  }
}

function sink(order: usize, d: usize, from: i32, n: i32): void {
  const moved = integer(order, from);
  let place = from;
  for (let child = 2 * place + 1; child < n; child = 2 * place + 1) {
    if (child + 1 < n && less(d, integer(order, child), integer(order, child + 1))) child++;
    const larger = integer(order, child);
    if (!less(d, moved, larger)) break;
    putInteger(order, place, larger);
    place = child;
  }
  putInteger(order, place, moved);
}

function less(d: usize, a: i32, b: i32): bool {
  return at(d, a) < at(d, b) || (at(d, a) == at(d, b) && a < b);
}
