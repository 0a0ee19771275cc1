/**
 * The steps of a Lanczos iteration on D^-½ A D^-½, the normalised adjacency of a symmetric graph: tasks
 * whose chunks are rows, so that sums are made in the same order by any number of threads.
 *
 * The caller (src/project/spectral.ts) allocates: the graph in compressed rows (`offsets`, `columns`
 * int32, `weights` float32 and already scaled by both ends); `basis`, float64 vectors of `stride` bytes; `sums`, one float64 for every chunk and vector.
 */
import { take } from './chunks';
import { addScaled, at, dot, put } from './vector';

export { restart } from './chunks';
export { allocate } from './heap';

/** Rows of a chunk: their part of a few dozen vectors stays in a processor's cache. */
const CHUNK: i32 = 1024;

export function chunkRows(): i32 {
  return CHUNK;
}

/** A task: y = A x. */
export function multiply(
  offsets: usize,
  columns: usize,
  weights: usize,
  x: usize,
  y: usize,
  n: i32,
): void {
  const chunks = (n + CHUNK - 1) / CHUNK;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    for (let i = chunk * CHUNK; i < min(n, (chunk + 1) * CHUNK); i++) {
      const from = load<i32>(offsets + ((<usize>i) << 2));
      const end = load<i32>(offsets + ((<usize>i) << 2), 4);
      let sum: f64 = 0;
      for (let e = from; e < end; e++) {
        const column = load<i32>(columns + ((<usize>e) << 2));
        sum += <f64>load<f32>(weights + ((<usize>e) << 2)) * at(x, column);
      }
      put(y, i, sum);
    }
  }
}

/**
 * A task: subtracts Σ coefficients[v] · basis[v] from w, then writes each chunk's part of w · basis[v]
 * and, behind those, of w · w to `sums`: `count` + 1 numbers a chunk.
 */
export function reduce(
  basis: usize,
  stride: usize,
  count: i32,
  coefficients: usize,
  w: usize,
  n: i32,
  sums: usize,
): void {
  const chunks = (n + CHUNK - 1) / CHUNK;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    const from = (<usize>(chunk * CHUNK)) << 3;
    const rows = min(CHUNK, n - chunk * CHUNK);
    for (let v = 0; v < count; v++) {
      const factor = at(coefficients, v);
      if (factor != 0) addScaled(w + from, rows, -factor, basis + <usize>v * stride + from);
    }
    for (let v = 0; v <= count; v++) {
      const other = v < count ? basis + <usize>v * stride : w;
      put(sums, chunk * (count + 1) + v, dot(w + from, other + from, rows));
    }
  }
}

/** A task: target[t] = Σ mix[t · count + v] · basis[v] for `kept` vectors t. */
export function combine(
  basis: usize,
  stride: usize,
  count: i32,
  mix: usize,
  target: usize,
  kept: i32,
  n: i32,
): void {
  const chunks = (n + CHUNK - 1) / CHUNK;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    const from = (<usize>(chunk * CHUNK)) << 3;
    const rows = min(CHUNK, n - chunk * CHUNK);
    for (let t = 0; t < kept; t++) {
      const to = target + <usize>t * stride + from;
      memory.fill(to, 0, (<usize>rows) << 3);
      for (let v = 0; v < count; v++) {
        addScaled(to, rows, at(mix, t * count + v), basis + <usize>v * stride + from);
      }
    }
  }
}
