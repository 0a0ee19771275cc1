/**
 * Prim's minimum spanning tree of all pairs of points: every distance is measured once, in tiles, then
 * one thread grows the tree. forest.ts has the contract that these share with the rest.
 */
import { take } from './chunks';
import { addSquare, float, putFloat, sumLanes } from './floats';
import { put } from './integers';

/** Two tiles of this many points of 512 dimensions stay in a core's second-level cache. */
const TILE: i32 = 64;

/** Tiles of the lower triangle of the n×n distances. */
export function tiles(n: i32): i32 {
  const across = (n + TILE - 1) / TILE;
  return (across * (across + 1)) / 2;
}

/**
 * A task for any number of threads: the squared Euclidean distances, in float32, of the pairs in tiles
 * first…last−1, to both places of the n×n matrix `out` (`outStride` bytes a row). Points are float32,
 * `stride` bytes each (a multiple of 16, zeros behind the last component); after the last comes room
 * for three more, whose content does not matter. Differences are squared, not products subtracted, so
 * equal points are at 0, near ones at their true distance, and the matrix is symmetric to the bit.
 */
export function measure(
  points: usize,
  stride: usize,
  n: i32,
  out: usize,
  outStride: usize,
  first: i32,
  last: i32,
): void {
  for (let tile = first + take(); tile < last; tile = first + take()) {
    let row = 0;
    while (((row + 1) * (row + 2)) / 2 <= tile) row++;
    const column = tile - (row * (row + 1)) / 2;
    measureTile(points, stride, n, out, outStride, row * TILE, column * TILE);
  }
}

function measureTile(
  points: usize,
  stride: usize,
  n: i32,
  out: usize,
  outStride: usize,
  top: i32,
  left: i32,
): void {
  const bottom = min(n, top + TILE);
  const right = min(n, left + TILE);
  for (let i = top; i < bottom; i += 2) {
    const x = points + <usize>i * stride;
    for (let j = left; j < right; j += 4) {
      const to = out + <usize>i * outStride + ((<usize>j) << 2);
      twoToFour(x, points + <usize>j * stride, stride, to, outStride);
    }
  }
  for (let j = left; j < right; j++) {
    for (let i = top; i < bottom; i++) {
      putFloat(out + <usize>j * outStride, i, float(out + <usize>i * outStride, j));
    }
  }
}

/** Points x and the next to y and the next three. */
function twoToFour(x: usize, y: usize, stride: usize, to: usize, outStride: usize): void {
  const below = to + outStride;
  if (ASC_FEATURE_SIMD) {
    const x1 = x + stride;
    const y1 = y + stride;
    const y2 = y1 + stride;
    const y3 = y2 + stride;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let j: usize = 0; j < stride; j += 16) {
      const a = v128.load(x + j);
      const b = v128.load(x1 + j);
      let c = v128.load(y + j);
      a0 = addSquare(a0, a, c);
      b0 = addSquare(b0, b, c);
      c = v128.load(y1 + j);
      a1 = addSquare(a1, a, c);
      b1 = addSquare(b1, b, c);
      c = v128.load(y2 + j);
      a2 = addSquare(a2, a, c);
      b2 = addSquare(b2, b, c);
      c = v128.load(y3 + j);
      a3 = addSquare(a3, a, c);
      b3 = addSquare(b3, b, c);
    }
    putFour(to, sumLanes(a0), sumLanes(a1), sumLanes(a2), sumLanes(a3));
    putFour(below, sumLanes(b0), sumLanes(b1), sumLanes(b2), sumLanes(b3));
  } else {
    for (let j = 0; j < 4; j++) {
      const point = y + <usize>j * stride;
      putFloat(to, j, squared(x, point, stride));
      putFloat(below, j, squared(x + stride, point, stride));
    }
  }
}

function putFour(to: usize, a: f32, b: f32, c: f32, d: f32): void {
  putFloat(to, 0, a);
  putFloat(to, 1, b);
  putFloat(to, 2, c);
  putFloat(to, 3, d);
}

function squared(x: usize, y: usize, stride: usize): f32 {
  const dims = <i32>(stride >>> 2);
  let sum: f32 = 0;
  for (let j = 0; j < dims; j++) {
    const difference = float(x, j) - float(y, j);
    sum += difference * difference;
  }
  return sum;
}

/** The mark of a point that is in the tree already: no distance is smaller. */
const INSIDE: f32 = -1;

/**
 * Prim's algorithm from point 0 over the distances that `measure` left: at `parents`, an i32 a point,
 * the point that each hangs from (−1 for point 0). `nearest` is a float32 a point; both have room for
 * three entries more. Of equally near points the first comes next. Distances must be finite.
 */
export function grow(
  n: i32,
  distances: usize,
  stride: usize,
  nearest: usize,
  parents: usize,
): void {
  const wide = (n + 3) & ~3;
  for (let i = 0; i < wide; i++) {
    putFloat(nearest, i, i < n ? f32.MAX_VALUE : INSIDE);
    put(parents, i, -1);
  }
  let point = 0;
  for (let step = 1; step < n; step++) {
    putFloat(nearest, point, INSIDE);
    point = visit(point, wide, distances + <usize>point * stride, nearest, parents);
  }
}

/** Hangs what is nearer to `point` than to the tree from it, and returns the nearest of all outside. */
function visit(point: i32, n: i32, row: usize, nearest: usize, parents: usize): i32 {
  if (ASC_FEATURE_SIMD) return visitFour(point, n, row, nearest, parents);
  let least: f32 = Infinity;
  let next = 0;
  for (let i = 0; i < n; i++) {
    const distance = float(row, i);
    let reached = float(nearest, i);
    if (distance < reached) {
      reached = distance;
      putFloat(nearest, i, distance);
      put(parents, i, point);
    }
    if (reached >= 0 && reached < least) {
      least = reached;
      next = i;
    }
  }
  return next;
}

function visitFour(point: i32, n: i32, row: usize, nearest: usize, parents: usize): i32 {
  const points = i32x4.splat(point);
  const infinity = f32x4.splat(Infinity);
  const zero = f32x4.splat(0);
  const four = i32x4.splat(4);
  let lanes = i32x4(0, 1, 2, 3);
  let least = infinity;
  let next = i32x4.splat(0);
  const bytes = (<usize>n) << 2;
  for (let p: usize = 0; p < bytes; p += 16) {
    const distance = v128.load(row + p);
    const reached = v128.load(nearest + p);
    const nearer = f32x4.lt(distance, reached);
    const now = v128.bitselect(distance, reached, nearer);
    v128.store(nearest + p, now);
    v128.store(parents + p, v128.bitselect(points, v128.load(parents + p), nearer));
    const outside = v128.bitselect(infinity, now, f32x4.lt(now, zero));
    const better = f32x4.lt(outside, least);
    least = v128.bitselect(outside, least, better);
    next = v128.bitselect(lanes, next, better);
    lanes = i32x4.add(lanes, four);
  }
  return firstOfLeast(least, next);
}

/** The number that goes with the least lane, the smallest of them if several tie. */
function firstOfLeast(least: v128, numbers: v128): i32 {
  let best = f32x4.extract_lane(least, 0);
  let number = i32x4.extract_lane(numbers, 0);
  for (let lane = 1; lane < 4; lane++) {
    const value = laneOf(least, lane);
    const other = intLaneOf(numbers, lane);
    if (value < best || (value == best && other < number)) {
      best = value;
      number = other;
    }
  }
  return number;
}

function laneOf(x: v128, lane: i32): f32 {
  if (lane == 1) return f32x4.extract_lane(x, 1);
  return lane == 2 ? f32x4.extract_lane(x, 2) : f32x4.extract_lane(x, 3);
}

function intLaneOf(x: v128, lane: i32): i32 {
  if (lane == 1) return i32x4.extract_lane(x, 1);
  return lane == 2 ? i32x4.extract_lane(x, 2) : i32x4.extract_lane(x, 3);
}
