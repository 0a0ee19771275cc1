/**
 * UMAP's layout: the forces of one epoch on some vertices (McInnes, Healy & Melville 2018, arXiv
 * 1802.03426, section 3.2), arranged so that threads never see each other's writes.
 *
 * Every vertex gathers its own forces from positions that nobody changes meanwhile and writes only its
 * own new place, so the result does not depend on which thread takes which chunk. An edge is due in
 * epoch e when ⌊(e+1)w⌋ > ⌊e·w⌋, w its weight as a share of the largest: the schedule of umap-learn
 * without its per-edge state. A due edge pulls twice, as head and as tail, since the graph is
 * symmetric, and brings five vertices drawn at random that push. Draws come from (vertex, epoch, seed),
 * never from a thread. d^2b is read off the bits of d²: near enough for forces that are drawn at random.
 *
 * Two due edges and their ten pushing vertices are twelve lanes, three vectors of four.
 *
 * The caller (src/project/layout.ts) allocates, and keeps apart: `positions` and `next`, `stride`
 * float32 a vertex (2, or 4 for three dimensions), finite; `offsets`, `columns` (int32) and `weights`
 * (float32 in 0…1) of a symmetric graph in compressed rows; all columns below n, n below 2^24.
 */
import { take } from './chunks';
import { float, putFloat, sumLanes } from './floats';

export { restart } from './chunks';
export { allocate } from './heap';

/** Vertices that a thread takes at a time. */
const CHUNK: i32 = 64;
/** No force moves a vertex farther than this in one dimension, before the learning rate. */
const FARTHEST: f32 = 4;
/** Vertices drawn at random for each due edge. */
const PUSHES: i32 = 5;
/** 127 · 2^23 less what makes the error of the linear logarithm symmetric. */
const ONE_BITS: f32 = 1064866805;

/** A task for any number of threads: moves the vertices first, first + step, … below n by one epoch. */
export function move(
  positions: usize,
  next: usize,
  offsets: usize,
  columns: usize,
  weights: usize,
  n: i32,
  flat: i32,
  a: f32,
  b: f32,
  first: i32,
  step: i32,
  epoch: i32,
  rate: f32,
  strongest: f32,
  seed: i32,
): void {
  const count = (n - first + step - 1) / step;
  const chunks = (count + CHUNK - 1) / CHUNK;
  for (let chunk = take(); chunk < chunks; chunk = take()) {
    const to = first + min(count, (chunk + 1) * CHUNK) * step;
    for (let i = first + chunk * CHUNK * step; i < to; i += step) {
      const begin = offsets + ((<usize>i) << 2);
      const from = load<i32>(begin);
      const end = load<i32>(begin + 4);
      const start = mixed(<u32>i, <u32>epoch, <u32>seed);
      if (ASC_FEATURE_SIMD && flat != 0) {
        pairs(positions, columns, weights, n, a, b, i, from, end, epoch, rate, strongest, start);
      } else {
        edges(
          positions,
          columns,
          weights,
          n,
          flat,
          a,
          b,
          i,
          from,
          end,
          epoch,
          rate,
          strongest,
          start,
        );
      }
      if (flat != 0) {
        putFloat(next, i * 2, x);
        putFloat(next, i * 2 + 1, y);
      } else {
        putFloat(next, i * 4, x);
        putFloat(next, i * 4 + 1, y);
        putFloat(next, i * 4 + 2, z);
      }
    }
  }
}

/** Where the vertex that is being moved has got to. Every thread's instance has its own. */
let x: f32 = 0;
let y: f32 = 0;
let z: f32 = 0;
/** The state of its random numbers. */
let random: u32 = 1;

function mixed(i: u32, epoch: u32, seed: u32): u32 {
  let h = i * 0x9e3779b1 + epoch * 0x85ebca77 + seed * 0xc2b2ae3d + 0x27d4eb2f;
  h = (h ^ (h >>> 15)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  h ^= h >>> 16;
  return h == 0 ? 1 : h;
}

function due(weight: f32, epoch: f32): bool {
  return floor<f32>((epoch + 1) * weight) > floor<f32>(epoch * weight);
}

/** Moves vertex i by its due edges, one after the other. */
function edges(
  positions: usize,
  columns: usize,
  weights: usize,
  n: i32,
  flat: i32,
  a: f32,
  b: f32,
  i: i32,
  from: i32,
  end: i32,
  epoch: i32,
  rate: f32,
  strongest: f32,
  start: u32,
): void {
  const stride = flat != 0 ? 2 : 4;
  x = float(positions, i * stride);
  y = float(positions, i * stride + 1);
  z = flat != 0 ? 0 : float(positions, i * stride + 2);
  random = start;
  for (let e = from; e < end; e++) {
    if (!due(float(weights, e), <f32>epoch)) continue;
    edge(positions, n, flat, a, b, load<i32>(columns + ((<usize>e) << 2)), rate, strongest);
  }
}

/** One due edge: a pull, and five pushes. */
function edge(
  positions: usize,
  n: i32,
  flat: i32,
  a: f32,
  b: f32,
  other: i32,
  rate: f32,
  strongest: f32,
): void {
  const stride = flat != 0 ? 2 : 4;
  for (let p = 0; p <= PUSHES; p++) {
    if (p > 0) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      other = <i32>((<u64>random * <u64>n) >>> 32);
    }
    const at = other * stride;
    const dx = x - float(positions, at);
    const dy = y - float(positions, at + 1);
    const dz = flat != 0 ? <f32>0 : z - float(positions, at + 2);
    const d2 = dx * dx + dy * dy + dz * dz;
    // Nothing pushes or pulls what lies at the very same place.
    if (d2 <= 0) continue;
    const ap = a * reinterpret<f32>(<i32>(<f32>reinterpret<i32>(d2) * b + (1 - b) * ONE_BITS));
    if (p == 0) {
      const pull: f32 = min(strongest, (<f32>4 * rate * b * ap) / (d2 * (<f32>1 + ap)));
      x -= pull * dx;
      y -= pull * dy;
      z -= pull * dz;
    } else {
      const push: f32 = (<f32>2 * b) / ((<f32>0.001 + d2) * (<f32>1 + ap));
      x += rate * max(-FARTHEST, min(FARTHEST, push * dx));
      y += rate * max(-FARTHEST, min(FARTHEST, push * dy));
      z += rate * max(-FARTHEST, min(FARTHEST, push * dz));
    }
  }
}

/** The same in the plane on four lanes: edges in pairs, each pair from where the one before it led. */
function pairs(
  positions: usize,
  columns: usize,
  weights: usize,
  n: i32,
  a: f32,
  b: f32,
  i: i32,
  from: i32,
  end: i32,
  epoch: i32,
  rate: f32,
  strongest: f32,
  start: u32,
): void {
  x = float(positions, i * 2);
  y = float(positions, i * 2 + 1);
  let lanes = i32x4(start, start ^ 0x6c8e9cf5, start ^ 0x1b873593, start ^ 0x52dce729);
  let first = -1;
  for (let e = from; e < end; e++) {
    if (!due(float(weights, e), <f32>epoch)) continue;
    const other = load<i32>(columns + ((<usize>e) << 2));
    if (first < 0) {
      first = other;
      continue;
    }
    const xs = f32x4.splat(x);
    const ys = f32x4.splat(y);
    let moveX = f32x4.splat(0);
    let moveY = moveX;
    for (let group = 0; group < 3; group++) {
      lanes = v128.xor(lanes, i32x4.shl(lanes, 13));
      lanes = v128.xor(lanes, i32x4.shr_u(lanes, 17));
      lanes = v128.xor(lanes, i32x4.shl(lanes, 5));
      let others = drawnLanes(lanes, n);
      if (group == 0) {
        others = i32x4.replace_lane(i32x4.replace_lane(others, 0, first), 1, other);
      }
      const low = places(positions, i32x4.extract_lane(others, 0), i32x4.extract_lane(others, 1));
      const high = places(positions, i32x4.extract_lane(others, 2), i32x4.extract_lane(others, 3));
      const dx = f32x4.sub(xs, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
      const dy = f32x4.sub(ys, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
      const d2 = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
      const ap = f32x4.mul(powerLanes(d2, b), f32x4.splat(a));
      const below = f32x4.add(ap, f32x4.splat(1));
      const apart = f32x4.gt(d2, f32x4.splat(0));
      const near = f32x4.add(d2, f32x4.splat(0.001));
      const push = v128.and(f32x4.div(f32x4.splat(2 * b), f32x4.mul(near, below)), apart);
      let stepX = clippedLanes(f32x4.mul(push, dx), rate);
      let stepY = clippedLanes(f32x4.mul(push, dy), rate);
      if (group == 0) {
        // Lanes 0 and 1 are the edges' own vertices, which pull.
        const safe = f32x4.max(d2, f32x4.splat(1e-30));
        const full = f32x4.div(f32x4.mul(ap, f32x4.splat(4 * rate * b)), f32x4.mul(safe, below));
        const pull = v128.and(f32x4.neg(f32x4.min(full, f32x4.splat(strongest))), apart);
        const pulling = i32x4(-1, -1, 0, 0);
        stepX = v128.bitselect(f32x4.mul(pull, dx), stepX, pulling);
        stepY = v128.bitselect(f32x4.mul(pull, dy), stepY, pulling);
      }
      moveX = f32x4.add(moveX, stepX);
      moveY = f32x4.add(moveY, stepY);
    }
    x += sumLanes(moveX);
    y += sumLanes(moveY);
    first = -1;
  }
  if (first >= 0) {
    random = <u32>i32x4.extract_lane(lanes, 0) | 1;
    edge(positions, n, 1, a, b, first, rate, strongest);
  }
}

/** 24 random bits of every lane as a vertex. */
function drawnLanes(lanes: v128, n: i32): v128 {
  const share = f32x4.convert_i32x4_s(i32x4.shr_u(lanes, 8));
  const scale = f32x4.splat(<f32>n / 16777216);
  return i32x4.min_s(i32x4.trunc_sat_f32x4_s(f32x4.mul(share, scale)), i32x4.splat(n - 1));
}

/** x and y of two vertices. */
function places(positions: usize, one: i32, two: i32): v128 {
  const pair = v128.load64_zero(positions + ((<usize>one) << 3));
  return v128.load64_lane(positions + ((<usize>two) << 3), pair, 1);
}

/** d^2b from d²: its bits are nearly its logarithm. */
function powerLanes(d2: v128, b: f32): v128 {
  const bits = f32x4.mul(f32x4.convert_i32x4_s(d2), f32x4.splat(b));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(bits, f32x4.splat((1 - b) * ONE_BITS)));
}

/** Forces clipped to the farthest move, times the learning rate. */
function clippedLanes(force: v128, rate: f32): v128 {
  const limit = f32x4.splat(FARTHEST);
  const kept = f32x4.max(f32x4.neg(limit), f32x4.min(limit, force));
  return f32x4.mul(kept, f32x4.splat(rate));
}
