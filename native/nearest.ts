/**
 * The best targets of many rows, kept while tiles of their scores pass by. A tile serves both sides:
 * a score of row i and row j is offered to the lists of both.
 *
 * One instance, with a memory of its own, belongs to one thread. The caller (src/neighbours/threads/best.ts)
 * opens the lists once, allocates the tile and its names, and keeps them apart. Scores order targets, larger is
 * nearer; equal scores by the smaller row number. A list keeps the largest score that it was offered of
 * a target, so what it ends as depends neither on the order of tiles nor on how often a pair came.
 * A NaN is offered to nobody.
 */
import { float, putFloat } from './floats';
import { allocate as room } from './heap';
import { at, put } from './integers';

export { allocate } from './heap';

/** The target of a place that nothing was offered for. */
const NOBODY: i32 = i32.MAX_VALUE;

let width: i32 = 0;
let scores: usize = 0;
let targets: usize = 0;
/** The score to beat: the last of each row's list. */
let limits: usize = 0;
/** The smallest score of each row and its target; 0 where extremes are not asked for. */
let leastScores: usize = 0;
let leastTargets: usize = 0;

/** Makes an empty list of `places` for each of n rows; false when there is not enough memory. */
export function open(n: i32, places: i32, extremes: bool): bool {
  const each = (<usize>n) << 2;
  width = places;
  scores = room(each * places);
  targets = room(each * places);
  limits = room(each);
  if (extremes) {
    leastScores = room(each);
    leastTargets = room(each);
  }
  if (!scores || !targets || !limits || (extremes && (!leastScores || !leastTargets))) return false;
  for (let i = 0; i < n * places; i++) {
    putFloat(scores, i, -Infinity);
    put(targets, i, NOBODY);
  }
  for (let i = 0; i < n; i++) putFloat(limits, i, -Infinity);
  for (let i = 0; extremes && i < n; i++) {
    putFloat(leastScores, i, Infinity);
    put(leastTargets, i, NOBODY);
  }
  return true;
}

/** Where n × places scores, descending in each row, lie; their targets; each row's smallest; its target. */
export function scoresAt(): usize {
  return scores;
}

export function targetsAt(): usize {
  return targets;
}

export function leastScoresAt(): usize {
  return leastScores;
}

export function leastTargetsAt(): usize {
  return leastTargets;
}

/** After lists were written from outside: the scores to beat are theirs. */
export function refreshLimits(n: i32): void {
  for (let i = 0; i < n; i++) putFloat(limits, i, float(scores, i * width + width - 1));
}

/** Adds an offset of either side to the products: with −½‖x‖² of every row a score is −½‖x − y‖². */
export function shift(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  offsets: usize,
): void {
  for (let i = 0; i < rows; i++) {
    const line = tile + ((<usize>i * columns) << 2);
    const own = float(offsets, at(rowNames, i));
    for (let j = 0; j < columns; j++) {
      putFloat(line, j, float(line, j) + own + float(offsets, at(columnNames, j)));
    }
  }
}

/**
 * Offers every score of a tile to both of its rows, whose numbers are at the two names; `beaten` is room
 * for a float32 a column. Where the tile's rows are among its columns, from column `own` on, a pair
 * counts once; else `own` is −1. No row is offered to itself.
 */
export function scan(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
): void {
  for (let j = 0; j < columns; j++) putFloat(beaten, j, float(limits, at(columnNames, j)));
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const line = tile + ((<usize>i * columns) << 2);
    let j = own < 0 ? 0 : own + i + 1;
    if (ASC_FEATURE_SIMD) {
      let limit = f32x4.splat(float(limits, row));
      // Sixteen at a time, since what is found is rare, and looking costs as much as comparing.
      for (; j + 16 <= columns; j += 16) {
        const p = (<usize>j) << 2;
        const first = f32x4.ge(v128.load(line + p), f32x4.pmin(v128.load(beaten + p), limit));
        const second = f32x4.ge(
          v128.load(line + p, 16),
          f32x4.pmin(v128.load(beaten + p, 16), limit),
        );
        const third = f32x4.ge(
          v128.load(line + p, 32),
          f32x4.pmin(v128.load(beaten + p, 32), limit),
        );
        const fourth = f32x4.ge(
          v128.load(line + p, 48),
          f32x4.pmin(v128.load(beaten + p, 48), limit),
        );
        if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue;
        for (let some = bitsOf(first, second, third, fourth); some != 0; some &= some - 1) {
          offerBoth(row, line, j + ctz(some), columnNames, beaten);
        }
        limit = f32x4.splat(float(limits, row));
      }
      for (; j + 4 <= columns; j += 4) {
        const p = (<usize>j) << 2;
        let some = i32x4.bitmask(
          f32x4.ge(v128.load(line + p), f32x4.pmin(v128.load(beaten + p), limit)),
        );
        if (some == 0) continue;
        for (; some != 0; some &= some - 1) {
          offerBoth(row, line, j + ctz(some), columnNames, beaten);
        }
        limit = f32x4.splat(float(limits, row));
      }
    }
    for (; j < columns; j++) offerBoth(row, line, j, columnNames, beaten);
  }
}

/** A bit for each of sixteen comparisons, in order. */
function bitsOf(first: v128, second: v128, third: v128, fourth: v128): i32 {
  const low = i32x4.bitmask(first) | (i32x4.bitmask(second) << 4);
  return low | (i32x4.bitmask(third) << 8) | (i32x4.bitmask(fourth) << 12);
}

function offerBoth(row: i32, line: usize, j: i32, names: usize, beaten: usize): void {
  const score = float(line, j);
  const other = at(names, j);
  if (other == row) return;
  if (score >= float(limits, row)) offer(row, score, other);
  if (score >= float(beaten, j)) {
    offer(other, score, row);
    putFloat(beaten, j, float(limits, other));
  }
}

/** Whether a score with its target comes before another one in a list. */
function precedes(score: f32, target: i32, otherScore: f32, other: i32): bool {
  return score > otherScore || (score == otherScore && target < other);
}

function offer(row: i32, score: f32, target: i32): void {
  const start = row * width;
  const last = start + width - 1;
  if (!precedes(score, target, float(scores, last), at(targets, last))) return;
  let place = start;
  while (place < last && at(targets, place) != target) place++;
  if (at(targets, place) == target && score <= float(scores, place)) return;
  for (; place > start; place--) {
    const better = float(scores, place - 1);
    const before = at(targets, place - 1);
    if (!precedes(score, target, better, before)) break;
    putFloat(scores, place, better);
    put(targets, place, before);
  }
  putFloat(scores, place, score);
  put(targets, place, target);
  putFloat(limits, row, float(scores, last));
}

/** The same for the smallest score of each row; of equal ones the smaller row number. */
export function scanLeast(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
): void {
  for (let j = 0; j < columns; j++) putFloat(beaten, j, float(leastScores, at(columnNames, j)));
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const line = tile + ((<usize>i * columns) << 2);
    // A row meets itself here: where all rows are equal it is as far as any.
    let j = own < 0 ? 0 : own + i;
    if (ASC_FEATURE_SIMD) {
      let limit = f32x4.splat(float(leastScores, row));
      for (; j + 16 <= columns; j += 16) {
        const p = (<usize>j) << 2;
        const first = f32x4.le(v128.load(line + p), f32x4.pmax(v128.load(beaten + p), limit));
        const second = f32x4.le(
          v128.load(line + p, 16),
          f32x4.pmax(v128.load(beaten + p, 16), limit),
        );
        const third = f32x4.le(
          v128.load(line + p, 32),
          f32x4.pmax(v128.load(beaten + p, 32), limit),
        );
        const fourth = f32x4.le(
          v128.load(line + p, 48),
          f32x4.pmax(v128.load(beaten + p, 48), limit),
        );
        if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue;
        for (let some = bitsOf(first, second, third, fourth); some != 0; some &= some - 1) {
          lowerBoth(row, line, j + ctz(some), columnNames, beaten);
        }
        limit = f32x4.splat(float(leastScores, row));
      }
    }
    for (; j < columns; j++) lowerBoth(row, line, j, columnNames, beaten);
  }
}

function lowerBoth(row: i32, line: usize, j: i32, names: usize, beaten: usize): void {
  const score = float(line, j);
  const other = at(names, j);
  lower(row, score, other);
  lower(other, score, row);
  putFloat(beaten, j, float(leastScores, other));
}

function lower(row: i32, score: f32, target: i32): void {
  const least = float(leastScores, row);
  if (score > least || (score == least && target >= at(leastTargets, row))) return;
  if (score != score) return;
  putFloat(leastScores, row, score);
  put(leastTargets, row, target);
}
