/**
 * One step of greedy k-means++ on unit rows: how far every row is from each of a few candidates, and
 * what the distances to the nearest centre would add up to if a candidate became one.
 *
 * The caller (src/compute/seeding.ts) allocates, and keeps apart: unit rows and candidates in float32,
 * `stride` bytes each (a multiple of 16, zeros behind the last component); `far`, one float32 for
 * each candidate and row; `distances`, one float32 a row, never negative; `sums`, one float64 for each
 * chunk and candidate. The number of rows is even and the number of candidates a multiple of 4; rows
 * and candidates beyond those that exist are zeros. NaN in a row spreads to its distances and to sums.
 */
import { take } from './chunks';
import { addProduct, float, putFloat, sumLanes } from './floats';

export { restart } from './chunks';
export { allocate } from './heap';

/** Even, so that rows go in pairs. Fixed, so that sums come out the same on any number of threads. */
const CHUNK_ROWS: i32 = 256;

export function chunkRows(): i32 {
  return CHUNK_ROWS;
}

/**
 * A task for any number of threads. Leaves max(0, 1 − row·candidate) at far[candidate × rows + row],
 * and at sums[chunk × candidates + candidate] the chunk's sum of min(that, distances[row]) over the
 * first `counted` rows.
 */
export function measure(
  rows: usize,
  stride: usize,
  n: i32,
  counted: i32,
  candidates: usize,
  trials: i32,
  far: usize,
  distances: usize,
  sums: usize,
): void {
  const chunks = (n + CHUNK_ROWS - 1) / CHUNK_ROWS;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    const first = chunk * CHUNK_ROWS;
    const last = min(n, first + CHUNK_ROWS);
    for (let row = first; row < last; row += 2) {
      const x = rows + <usize>row * stride;
      for (let t = 0; t < trials; t += 4) {
        const out = far + ((<usize>t * n + row) << 2);
        fourOfTwoRows(x, candidates + <usize>t * stride, stride, out, (<usize>n) << 2);
      }
    }
    const into = sums + ((<usize>chunk * trials) << 3);
    for (let t = 0; t < trials; t++) {
      const column = far + ((<usize>t * n) << 2);
      let sum: f64 = 0;
      for (let row = first; row < min(last, counted); row++) {
        sum += <f64>min(float(column, row), float(distances, row));
      }
      store<f64>(into + ((<usize>t) << 3), sum);
    }
  }
}

/** Distances of rows x and x + stride to four candidates from c on; a candidate's lie `step` bytes apart. */
function fourOfTwoRows(x: usize, c: usize, stride: usize, out: usize, step: usize): void {
  if (ASC_FEATURE_SIMD) {
    const y = x + stride;
    const c1 = c + stride;
    const c2 = c1 + stride;
    const c3 = c2 + stride;
    let x0 = f32x4.splat(0);
    let x1 = x0;
    let x2 = x0;
    let x3 = x0;
    let y0 = x0;
    let y1 = x0;
    let y2 = x0;
    let y3 = x0;
    for (let j: usize = 0; j < stride; j += 16) {
      const xj = v128.load(x + j);
      const yj = v128.load(y + j);
      let cj = v128.load(c + j);
      x0 = addProduct(x0, xj, cj);
      y0 = addProduct(y0, yj, cj);
      cj = v128.load(c1 + j);
      x1 = addProduct(x1, xj, cj);
      y1 = addProduct(y1, yj, cj);
      cj = v128.load(c2 + j);
      x2 = addProduct(x2, xj, cj);
      y2 = addProduct(y2, yj, cj);
      cj = v128.load(c3 + j);
      x3 = addProduct(x3, xj, cj);
      y3 = addProduct(y3, yj, cj);
    }
    putPair(out, sumLanes(x0), sumLanes(y0));
    putPair(out + step, sumLanes(x1), sumLanes(y1));
    putPair(out + 2 * step, sumLanes(x2), sumLanes(y2));
    putPair(out + 3 * step, sumLanes(x3), sumLanes(y3));
  } else {
    const dims = <i32>(stride >>> 2);
    for (let t: usize = 0; t < 4; t++) {
      const candidate = c + t * stride;
      putPair(out + t * step, product(x, candidate, dims), product(x + stride, candidate, dims));
    }
  }
}

function product(x: usize, y: usize, dims: i32): f32 {
  let even: f32 = 0;
  let odd: f32 = 0;
  for (let j = 0; j < dims; j += 2) {
    even += float(x, j) * float(y, j);
    odd += float(x, j + 1) * float(y, j + 1);
  }
  return even + odd;
}

function putPair(out: usize, x: f32, y: f32): void {
  putFloat(out, 0, max<f32>(0, 1 - x));
  putFloat(out, 1, max<f32>(0, 1 - y));
}
