/**
 * Means of rows of a table, of length one: what a static embedding model does after tokenising.
 *
 * The caller (src/compute/bags.ts) allocates, and keeps apart: the table and the results in
 * float32, `stride` bytes a row (a multiple of 16, zeros behind the last component); for every bag of
 * rows a u32 in `ends`, where its members end in `rows` (i32, numbers of rows of the table) and
 * `weights` (float32).
 */
import { take } from './chunks';
import { float, putFloat } from './floats';

export { restart } from './chunks';
export { allocate, release } from './heap';

/** So many that taking a chunk costs nothing, so few that threads end together. */
const CHUNK_BAGS: i32 = 32;

/**
 * A task for any number of threads. Leaves the sum of weight · row over each bag's members, scaled to
 * length one, at `out`; all zeros for a bag that is empty or whose members cancel out. Sums go over
 * members in order, and over components in the same order on every build.
 */
export function means(
  table: usize,
  stride: usize,
  rows: usize,
  weights: usize,
  ends: usize,
  bags: i32,
  out: usize,
): void {
  const chunks = (bags + CHUNK_BAGS - 1) / CHUNK_BAGS;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    const last = min(bags, (chunk + 1) * CHUNK_BAGS);
    for (let bag = chunk * CHUNK_BAGS; bag < last; bag++) {
      const first: u32 = bag == 0 ? 0 : load<u32>(ends + ((<usize>(bag - 1)) << 2));
      const end = load<u32>(ends + ((<usize>bag) << 2));
      const into = out + <usize>bag * stride;
      memory.fill(into, 0, stride);
      for (let member = first; member < end; member++) {
        const at = (<usize>member) << 2;
        addScaled(
          into,
          stride,
          load<f32>(weights + at),
          table + <usize>load<u32>(rows + at) * stride,
        );
      }
      normalise(into, <i32>(stride >>> 2));
    }
  }
}

/** x += factor · y, in float32, over `stride` bytes. */
function addScaled(x: usize, stride: usize, factor: f32, y: usize): void {
  if (ASC_FEATURE_SIMD) {
    const factors = f32x4.splat(factor);
    for (let p: usize = 0; p < stride; p += 16) {
      v128.store(x + p, f32x4.add(v128.load(x + p), f32x4.mul(factors, v128.load(y + p))));
    }
  } else {
    for (let p: usize = 0; p < stride; p += 4) {
      store<f32>(x + p, load<f32>(x + p) + factor * load<f32>(y + p));
    }
  }
}

function normalise(x: usize, n: i32): void {
  let squares: f64 = 0;
  for (let i = 0; i < n; i++) {
    const value = <f64>float(x, i);
    squares += value * value;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < n; i++) putFloat(x, i, <f32>(<f64>float(x, i) * scale));
}
