/** What the ways to move a vertex share: when an edge is due, what it does, and the random draws. */
import { float } from './floats';

/** No push moves a vertex farther than this in one dimension, before the learning rate. */
export const FARTHEST: f32 = 4;
/** Vertices drawn at random for each due edge. */
export const PUSHES: i32 = 5;
/** 127 · 2^23 less what makes the error of the linear logarithm symmetric. */
export const ONE_BITS: f32 = 1064866805;

/** What one epoch's moves have in common; every thread's instance has its own copy. */
export let positions: usize = 0;
/** Vertices that edges lead to and draws are made from. */
export let count: i32 = 0;
export let columns: usize = 0;
export let weights: usize = 0;
export let a: f32 = 0;
export let b: f32 = 0;
/** How many of its two ends an edge moves when it is due at one of them: 2 in a symmetric graph, else 1. */
export let roles: f32 = 0;
/** The largest part of the way to a neighbour that one due edge may take a vertex. */
export let strongest: f32 = 0;
export let epoch: f32 = 0;
/** The learning rate. */
export let rate: f32 = 0;

export function setGraph(places: usize, n: i32, ends: usize, shares: usize): void {
  positions = places;
  count = n;
  columns = ends;
  weights = shares;
}

export function setForces(curveA: f32, curveB: f32, ends: f32, pull: f32): void {
  a = curveA;
  b = curveB;
  roles = ends;
  strongest = pull;
}

export function setEpoch(number: i32, learning: f32): void {
  epoch = <f32>number;
  rate = learning;
}

/** The random state of a vertex in an epoch: never 0. */
export function mixed(i: u32, turn: u32, seed: u32): u32 {
  let h = i * 0x9e3779b1 + turn * 0x85ebca77 + seed * 0xc2b2ae3d + 0x27d4eb2f;
  h = (h ^ (h >>> 15)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  h ^= h >>> 16;
  return h == 0 ? 1 : h;
}

/** Whether edge e is due: so often in all epochs as its weight is part of the largest. */
export function due(e: i32): bool {
  const weight = float(weights, e);
  return floor<f32>((epoch + 1) * weight) > floor<f32>(epoch * weight);
}

/** The same of the edges e … e + 3 as bits 0 … 3; those from `end` on are not. */
export function dueBits(e: i32, end: i32): i32 {
  const weight = v128.load(weights + ((<usize>e) << 2));
  const before = f32x4.floor(f32x4.mul(weight, f32x4.splat(epoch)));
  const after = f32x4.floor(f32x4.mul(weight, f32x4.splat(epoch + 1)));
  const bits = i32x4.bitmask(f32x4.gt(after, before));
  const left = end - e;
  return left >= 4 ? bits : bits & ((1 << left) - 1);
}

/** The next random state of four lanes. */
export function nextLanes(lanes: v128): v128 {
  lanes = v128.xor(lanes, i32x4.shl(lanes, 13));
  lanes = v128.xor(lanes, i32x4.shr_u(lanes, 17));
  return v128.xor(lanes, i32x4.shl(lanes, 5));
}

/** The random states as vertices: the upper half of state · count. */
export function drawnLanes(lanes: v128): v128 {
  const n = i32x4.splat(count);
  const low = i64x2.extmul_low_i32x4_u(lanes, n);
  const high = i64x2.extmul_high_i32x4_u(lanes, n);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}

/**
 * How far four vertices move this one, as parts of the difference: pushes where `pulling` has no bits,
 * pulls (negative) where it has. Nothing moves what lies at the very same place. d^2b is read off the
 * bits of d².
 */
export function parts(d2: v128, pulling: v128): v128 {
  const bits = f32x4.mul(f32x4.convert_i32x4_s(d2), f32x4.splat(b));
  const power = i32x4.trunc_sat_f32x4_s(f32x4.add(bits, f32x4.splat((1 - b) * ONE_BITS)));
  const ap = f32x4.mul(power, f32x4.splat(a));
  const near = f32x4.add(d2, v128.andnot(f32x4.splat(0.001), pulling));
  const below = f32x4.mul(near, f32x4.add(ap, f32x4.splat(1)));
  const pull = f32x4.mul(ap, f32x4.splat(-2 * roles * rate * b));
  const above = v128.bitselect(pull, f32x4.splat(2 * b), pulling);
  const part = f32x4.pmax(f32x4.div(above, below), f32x4.splat(-strongest));
  return v128.and(part, f32x4.gt(d2, f32x4.splat(0)));
}

/** The moves: pushes clipped and slowed by the learning rate, pulls as they are. */
export function steps(part: v128, difference: v128, pulling: v128): v128 {
  const full = f32x4.mul(part, difference);
  const limit = f32x4.splat(FARTHEST);
  const clipped = f32x4.pmax(f32x4.neg(limit), f32x4.pmin(limit, full));
  return v128.bitselect(full, f32x4.mul(clipped, f32x4.splat(rate)), pulling);
}
