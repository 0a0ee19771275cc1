/**
 * Tiles of scores offered to the lists of both sides: a score of row i and row j is offered to both.
 *
 * The caller (src/neighbours/threads/best.ts) opens the lists once, allocates the tile and its names, and keeps them apart.
 */
import { float, putFloat } from './floats';
import { at } from './integers';
import { leastScores, limits, lowerBoth, offerBoth } from './lists';
import { scoreOf, slackOf, UNDERFLOW } from './rounded';

export { allocate } from './heap';
export {
  leastScoresAt,
  leastTargetsAt,
  open,
  refreshLimits,
  scoresAt,
  targetsAt,
} from './lists';
export { prepare, round, scanRounded, scanRoundedLeast, turn } from './rounded';

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
 *
 * Where the rows (x) and columns (y) themselves are given, scores that rounding may have kept out of a list are made anew
 * from them, so that a pair's score is the same whether its tile was of whole or of rounded rows.
 */
export function scan(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
  offsets: usize,
  x: usize,
  y: usize,
  dims: i32,
): void {
  const margin: f32 =
    x == 0
      ? 0
      : marginOf(offsets, rowNames, rows, dims) + marginOf(offsets, columnNames, columns, dims);
  for (let j = 0; j < columns; j++) putFloat(beaten, j, float(limits, at(columnNames, j)) - margin);
  const size = (<usize>dims) << 2;
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const line = tile + ((<usize>i * columns) << 2);
    const from = x == 0 ? 0 : x + <usize>i * size;
    let j = own < 0 ? 0 : own + i + 1;
    if (ASC_FEATURE_SIMD) {
      let limit = f32x4.splat(float(limits, row) - margin);
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
          const c = j + ctz(some);
          const score = from == 0 ? float(line, c) : scoreOf(from, y + <usize>c * size, dims);
          offerBoth(row, score, c, columnNames, beaten, margin);
        }
        limit = f32x4.splat(float(limits, row) - margin);
      }
    }
    for (; j < columns; j++) {
      if (!(float(line, j) >= min(float(beaten, j), float(limits, row) - margin))) continue;
      const score = from == 0 ? float(line, j) : scoreOf(from, y + <usize>j * size, dims);
      offerBoth(row, score, j, columnNames, beaten, margin);
    }
  }
}

/** What rounding may do to scores for the sake of one side, from −½‖x‖² of its longest row. */
function marginOf(offsets: usize, names: usize, n: i32, dims: i32): f32 {
  let least: f32 = 0;
  for (let i = 0; i < n; i++) {
    const offset = float(offsets, at(names, i));
    // Rows that are no numbers are offered to nobody, and must not hide the others.
    if (offset < least) least = offset;
  }
  return <f32>-4 * slackOf(dims) * least + UNDERFLOW;
}

/** A bit for each of sixteen comparisons, in order. */
function bitsOf(first: v128, second: v128, third: v128, fourth: v128): i32 {
  const low = i32x4.bitmask(first) | (i32x4.bitmask(second) << 4);
  return low | (i32x4.bitmask(third) << 8) | (i32x4.bitmask(fourth) << 12);
}

/** The same for the smallest score of each row. */
export function scanLeast(
  tile: usize,
  rows: i32,
  columns: i32,
  rowNames: usize,
  columnNames: usize,
  beaten: usize,
  own: i32,
  offsets: usize,
  x: usize,
  y: usize,
  dims: i32,
): void {
  const margin: f32 =
    x == 0
      ? 0
      : marginOf(offsets, rowNames, rows, dims) + marginOf(offsets, columnNames, columns, dims);
  for (let j = 0; j < columns; j++) {
    putFloat(beaten, j, float(leastScores, at(columnNames, j)) + margin);
  }
  const size = (<usize>dims) << 2;
  for (let i = 0; i < rows; i++) {
    const row = at(rowNames, i);
    const line = tile + ((<usize>i * columns) << 2);
    const from = x == 0 ? 0 : x + <usize>i * size;
    // A row meets itself here: where all rows are equal it is as far as any.
    let j = own < 0 ? 0 : own + i;
    if (ASC_FEATURE_SIMD) {
      let limit = f32x4.splat(float(leastScores, row) + margin);
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
          const c = j + ctz(some);
          const score = from == 0 ? float(line, c) : scoreOf(from, y + <usize>c * size, dims);
          lowerBoth(row, score, c, columnNames, beaten, margin);
        }
        limit = f32x4.splat(float(leastScores, row) + margin);
      }
    }
    for (; j < columns; j++) {
      if (!(float(line, j) <= max(float(beaten, j), float(leastScores, row) + margin))) continue;
      const score = from == 0 ? float(line, j) : scoreOf(from, y + <usize>j * size, dims);
      lowerBoth(row, score, j, columnNames, beaten, margin);
    }
  }
}
