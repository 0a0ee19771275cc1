/**
 * Tiles of products of rows that were rounded to bytes, which cost less than whole ones (bench/kernels). A product of
 * rounded rows says a pair's score only within bounds; where those reach a row's list, the score is made from the
 * rows as they are. So lists get no other pairs than they would from whole products.
 *
 * With x̃ = x − c for any c, −½‖x − y‖² = x̃·ỹ − ½‖x̃‖² − ½‖ỹ‖², and for x̃ = s·q + e with whole numbers q,
 * |x̃·ỹ − s_x·s_y·q_x·q_y| ≤ ‖e_x‖·‖s_y·q_y‖ + ‖x̃‖·‖e_y‖.
 */
import { addProduct, addSquare, float, putFloat, sumLanes } from './floats';
import { at, put } from './integers';
import { leastScores, limits, lowerBoth, offerBoth } from './lists';

/** What is known of a rounded row: its step s, −½‖x̃‖² (NaN where that is none), a bound of ‖e‖ and one of ‖x̃‖; float32 each. */
const STEP: i32 = 0;
const BASE: i32 = 1;
const ERROR: i32 = 2;
const NORM: i32 = 3;
const FIGURES: i32 = 4;

/** What squares too small for float32 to hold all their digits may be wrong by. */
export const UNDERFLOW: f32 = 1e-38;

/** What float32 arithmetic with rows of so many dimensions may be wrong by, as a share of ‖x̃‖². */
let slack: f32 = 0;

/**
 * Rounds rows − centre to whole numbers from −levels to levels, and stores them with levels + 1 added, a byte each. Steps
 * are a row's own, so that a long one does not coarsen the others.
 */
export function round(
  rows: usize,
  n: i32,
  dims: i32,
  centre: usize,
  levels: i32,
  bytes: usize,
  figures: usize,
): void {
  slack = slackOf(dims);
  for (let i = 0; i < n; i++) {
    const row = rows + ((<usize>i * dims) << 2);
    const out = bytes + <usize>i * dims;
    const known = figures + ((<usize>i * FIGURES) << 2);
    let j = 0;
    let most: f32 = 0;
    if (ASC_FEATURE_SIMD) {
      let mosts = f32x4.splat(0);
      for (; j + 4 <= dims; j += 4) {
        const p = (<usize>j) << 2;
        mosts = f32x4.max(mosts, f32x4.abs(f32x4.sub(v128.load(row + p), v128.load(centre + p))));
      }
      most = max(
        max(f32x4.extract_lane(mosts, 0), f32x4.extract_lane(mosts, 1)),
        max(f32x4.extract_lane(mosts, 2), f32x4.extract_lane(mosts, 3)),
      );
    }
    for (; j < dims; j++) most = max(most, abs(float(row, j) - float(centre, j)));
    const step = most / <f32>levels;
    // A step too small to divide by rounds to nothing, and the bound of the error is the row's length.
    const inverse: f32 = step > 1e-30 ? <f32>1 / step : 0;
    const offset = levels + 1;
    j = 0;
    let squares: f32 = 0;
    let errors: f32 = 0;
    if (ASC_FEATURE_SIMD) {
      const steps = f32x4.splat(step);
      const inverses = f32x4.splat(inverse);
      const offsets = i32x4.splat(offset);
      let all = f32x4.splat(0);
      let lost = f32x4.splat(0);
      for (; j + 4 <= dims; j += 4) {
        const p = (<usize>j) << 2;
        const x = f32x4.sub(v128.load(row + p), v128.load(centre + p));
        const whole = f32x4.nearest(f32x4.mul(x, inverses));
        all = addProduct(all, x, x);
        lost = addSquare(lost, x, f32x4.mul(whole, steps));
        const wide = i32x4.add(i32x4.trunc_sat_f32x4_s(whole), offsets);
        const narrow = i16x8.narrow_i32x4_s(wide, wide);
        store<i32>(out + <usize>j, i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0));
      }
      squares = sumLanes(all);
      errors = sumLanes(lost);
    }
    for (; j < dims; j++) {
      const x = float(row, j) - float(centre, j);
      const whole = nearest(x * inverse);
      squares += x * x;
      errors += (x - whole * step) * (x - whole * step);
      store<u8>(out + <usize>j, <u8>(<i32>whole + offset));
    }
    const norm = sqrt(squares) * (<f32>1 + slack);
    // A row whose squares are no number is in no bounds, and must not widen those of others.
    const isNumber = norm < Infinity;
    putFloat(known, STEP, isNumber ? step : 0);
    putFloat(known, BASE, isNumber ? <f32>-0.5 * squares : NaN);
    putFloat(known, ERROR, isNumber ? sqrt(errors) * (<f32>1 + slack) + slack * norm : 0);
    putFloat(known, NORM, isNumber ? norm : 0);
  }
}

/** Sums of so many terms, in four lanes where there are any, each of which may be off by half a unit in the last place; and a few more. */
export function slackOf(dims: i32): f32 {
  const terms = ASC_FEATURE_SIMD ? dims >> 2 : dims;
  return <f32>(terms + 32) * <f32>1.2e-7;
}

/**
 * The columns of a product from the bytes of n rows: one dimension after the other, what was added taken off. To `sums` goes
 * what each column's products have too much for the rows' sake.
 */
export function turn(
  bytes: usize,
  n: i32,
  dims: i32,
  levels: i32,
  columns: usize,
  sums: usize,
): void {
  const offset = levels + 1;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < dims; j++) {
      const whole = <i32>load<u8>(bytes + <usize>(i * dims + j)) - offset;
      sum += whole;
      store<i8>(columns + <usize>(j * n + i), <i8>whole);
    }
    put(sums, i, sum * offset);
  }
}

let columnErrors: f32 = 0;
let columnNorms: f32 = 0;

/** Before the tiles of so many columns: the largest of their lengths and errors, and their steps side by side. */
export function prepare(figures: usize, columns: i32, dims: i32, steps: usize): void {
  slack = slackOf(dims);
  columnErrors = 0;
  columnNorms = 0;
  for (let j = 0; j < columns; j++) {
    const known = figures + ((<usize>j * FIGURES) << 2);
    putFloat(steps, j, float(known, STEP));
    columnErrors = max(columnErrors, float(known, ERROR));
    columnNorms = max(columnNorms, float(known, NORM));
  }
}

/** What a bound adds to s_x·s_y·q_x·q_y for a row's part: of a score's upper bound, or with sign −1 of its lower. */
function rowPart(known: usize, sign: f32): f32 {
  const norm = float(known, NORM);
  const off = float(known, ERROR) * (columnNorms + columnErrors) + slack * norm * norm + UNDERFLOW;
  return float(known, BASE) + sign * off;
}

/** The same of every column, for rows up to this long. */
function columnParts(figures: usize, columns: i32, longest: f32, sign: f32, parts: usize): void {
  for (let j = 0; j < columns; j++) {
    const known = figures + ((<usize>j * FIGURES) << 2);
    const norm = float(known, NORM);
    const off = float(known, ERROR) * longest + slack * norm * norm;
    putFloat(parts, j, float(known, BASE) + sign * off);
  }
}

function longestOf(figures: usize, rows: i32): f32 {
  let longest: f32 = 0;
  for (let i = 0; i < rows; i++) {
    longest = max(longest, float(figures + ((<usize>i * FIGURES) << 2), NORM));
  }
  return longest;
}

/** −½‖x − y‖² */
export function scoreOf(x: usize, y: usize, dims: i32): f32 {
  let sum: f32 = 0;
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (; j + 16 <= dims; j += 16) {
      const p = (<usize>j) << 2;
      a = addSquare(a, v128.load(x + p), v128.load(y + p));
      b = addSquare(b, v128.load(x + p, 16), v128.load(y + p, 16));
      c = addSquare(c, v128.load(x + p, 32), v128.load(y + p, 32));
      d = addSquare(d, v128.load(x + p, 48), v128.load(y + p, 48));
    }
    sum = sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  for (; j < dims; j++) {
    const difference = float(x, j) - float(y, j);
    sum += difference * difference;
  }
  return <f32>-0.5 * sum;
}

/**
 * Offers every pair of a tile that may belong to one of its rows' lists to both. `tile` has the products of the bytes,
 * `x` and `y` are the rows and columns as they are; `beaten` and `parts` are room for a float32 a column.
 * Returns how many scores were made. See scan in nearest.ts for the others.
 */
export function scanRounded(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
  parts: usize,
  sums: usize,
  steps: usize,
  rowFigures: usize,
  columnFigures: usize,
  x: usize,
  y: usize,
  dims: i32,
): i32 {
  let count = 0;
  for (let j = 0; j < columns; j++) putFloat(beaten, j, float(limits, at(columnNames, j)));
  columnParts(columnFigures, columns, longestOf(rowFigures, rows), 1, parts);
  const line = (<usize>dims) << 2;
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const known = rowFigures + ((<usize>i * FIGURES) << 2);
    const step = float(known, STEP);
    const part = rowPart(known, 1);
    const scores = tile + ((<usize>i * columns) << 2);
    const from = x + <usize>i * line;
    let j = own < 0 ? 0 : own + i + 1;
    if (ASC_FEATURE_SIMD) {
      const stepped = f32x4.splat(step);
      const added = f32x4.splat(part);
      let limit = f32x4.splat(float(limits, row));
      for (; j + 8 <= columns; j += 8) {
        const p = (<usize>j) << 2;
        const wholeA = i32x4.sub(v128.load(scores + p), v128.load(sums + p));
        const wholeB = i32x4.sub(v128.load(scores + p, 16), v128.load(sums + p, 16));
        const stepA = f32x4.mul(stepped, v128.load(steps + p));
        const stepB = f32x4.mul(stepped, v128.load(steps + p, 16));
        const partA = f32x4.add(added, v128.load(parts + p));
        const partB = f32x4.add(added, v128.load(parts + p, 16));
        const boundA = f32x4.add(partA, f32x4.mul(f32x4.convert_i32x4_s(wholeA), stepA));
        const boundB = f32x4.add(partB, f32x4.mul(f32x4.convert_i32x4_s(wholeB), stepB));
        const first = f32x4.ge(boundA, f32x4.pmin(v128.load(beaten + p), limit));
        const second = f32x4.ge(boundB, f32x4.pmin(v128.load(beaten + p, 16), limit));
        if (!v128.any_true(v128.or(first, second))) continue;
        let some = i32x4.bitmask(first) | (i32x4.bitmask(second) << 4);
        for (; some != 0; some &= some - 1) {
          const c = j + ctz(some);
          offerBoth(row, scoreOf(from, y + <usize>c * line, dims), c, columnNames, beaten, 0);
          count++;
        }
        limit = f32x4.splat(float(limits, row));
      }
    }
    for (; j < columns; j++) {
      const bound =
        part + float(parts, j) + <f32>(at(scores, j) - at(sums, j)) * (step * float(steps, j));
      if (!(bound >= min(float(beaten, j), float(limits, row)))) continue;
      offerBoth(row, scoreOf(from, y + <usize>j * line, dims), j, columnNames, beaten, 0);
      count++;
    }
  }
  return count;
}

/** The same for the smallest score of each row. */
export function scanRoundedLeast(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
  parts: usize,
  sums: usize,
  steps: usize,
  rowFigures: usize,
  columnFigures: usize,
  x: usize,
  y: usize,
  dims: i32,
): i32 {
  let count = 0;
  for (let j = 0; j < columns; j++) putFloat(beaten, j, float(leastScores, at(columnNames, j)));
  columnParts(columnFigures, columns, longestOf(rowFigures, rows), -1, parts);
  const line = (<usize>dims) << 2;
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const known = rowFigures + ((<usize>i * FIGURES) << 2);
    const step = float(known, STEP);
    const part = rowPart(known, -1);
    const scores = tile + ((<usize>i * columns) << 2);
    const from = x + <usize>i * line;
    let j = own < 0 ? 0 : own + i;
    if (ASC_FEATURE_SIMD) {
      const stepped = f32x4.splat(step);
      const added = f32x4.splat(part);
      let limit = f32x4.splat(float(leastScores, row));
      for (; j + 4 <= columns; j += 4) {
        const p = (<usize>j) << 2;
        const whole = i32x4.sub(v128.load(scores + p), v128.load(sums + p));
        const both = f32x4.mul(stepped, v128.load(steps + p));
        const bound = f32x4.add(
          f32x4.add(added, v128.load(parts + p)),
          f32x4.mul(f32x4.convert_i32x4_s(whole), both),
        );
        const found = f32x4.le(bound, f32x4.pmax(v128.load(beaten + p), limit));
        if (!v128.any_true(found)) continue;
        for (let some = i32x4.bitmask(found); some != 0; some &= some - 1) {
          const c = j + ctz(some);
          lowerBoth(row, scoreOf(from, y + <usize>c * line, dims), c, columnNames, beaten, 0);
          count++;
        }
        limit = f32x4.splat(float(leastScores, row));
      }
    }
    for (; j < columns; j++) {
      const bound =
        part + float(parts, j) + <f32>(at(scores, j) - at(sums, j)) * (step * float(steps, j));
      if (!(bound <= max(float(beaten, j), float(leastScores, row)))) continue;
      lowerBoth(row, scoreOf(from, y + <usize>j * line, dims), j, columnNames, beaten, 0);
      count++;
    }
  }
  return count;
}
