/**
 * Moves one vertex by its due edges on four lanes: edges in pairs, each pair from where the one before
 * it led. Two due edges and their ten pushing vertices are three vectors of four lanes; one that is
 * left over and its five are one and a half.
 */
import { putFloat, sumLanes } from './floats';
import { columns, drawnLanes, dueBits, nextLanes, parts, positions, steps } from './umap-forces';

/** In the plane: x and y of a vertex side by side. */
export function moveInPlane(own: usize, to: usize, from: i32, end: i32, start: u32): void {
  let x = load<f32>(own);
  let y = load<f32>(own, 4);
  let lanes = i32x4(start, start ^ 0x6c8e9cf5, start ^ 0x1b873593, start ^ 0x52dce729);
  let e = from - 4;
  let bits = 0;
  while (true) {
    let one = -1;
    let two = -1;
    while (true) {
      if (bits == 0) {
        e += 4;
        if (e >= end) break;
        bits = dueBits(e, end);
        continue;
      }
      const other = load<i32>(columns + ((<usize>(e + ctz(bits))) << 2));
      bits &= bits - 1;
      if (one < 0) {
        one = other;
      } else {
        two = other;
        break;
      }
    }
    if (one < 0) break;
    const xs = f32x4.splat(x);
    const ys = f32x4.splat(y);
    let moveX = f32x4.splat(0);
    let moveY = moveX;
    let pulling = i32x4(-1, two < 0 ? 0 : -1, 0, 0);
    const groups = two < 0 ? 2 : 3;
    for (let group = 0; group < groups; group++) {
      lanes = nextLanes(lanes);
      let others = drawnLanes(lanes);
      if (group == 0) {
        others = i32x4.replace_lane(others, 0, one);
        if (two >= 0) others = i32x4.replace_lane(others, 1, two);
      }
      const low = pairAt(i32x4.extract_lane(others, 0), i32x4.extract_lane(others, 1));
      const high = pairAt(i32x4.extract_lane(others, 2), i32x4.extract_lane(others, 3));
      const dx = f32x4.sub(xs, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
      const dy = f32x4.sub(ys, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
      let part = parts(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), pulling);
      // Of the second vector of a single edge two lanes are one push too many.
      if (group == 1 && two < 0) part = v128.and(part, i32x4(-1, -1, 0, 0));
      moveX = f32x4.add(moveX, steps(part, dx, pulling));
      moveY = f32x4.add(moveY, steps(part, dy, pulling));
      pulling = i32x4.splat(0);
    }
    x += sumLanes(moveX);
    y += sumLanes(moveY);
  }
  putFloat(to, 0, x);
  putFloat(to, 1, y);
}

/** x and y of two vertices. */
function pairAt(one: i32, two: i32): v128 {
  const pair = v128.load64_zero(positions + ((<usize>one) << 3));
  return v128.load64_lane(positions + ((<usize>two) << 3), pair, 1);
}

/** In space: x, y, z and an unused number side by side. */
export function moveInSpace(own: usize, to: usize, from: i32, end: i32, start: u32): void {
  let at = v128.load(own);
  let lanes = i32x4(start, start ^ 0x6c8e9cf5, start ^ 0x1b873593, start ^ 0x52dce729);
  let e = from - 4;
  let bits = 0;
  while (true) {
    let one = -1;
    let two = -1;
    while (true) {
      if (bits == 0) {
        e += 4;
        if (e >= end) break;
        bits = dueBits(e, end);
        continue;
      }
      const other = load<i32>(columns + ((<usize>(e + ctz(bits))) << 2));
      bits &= bits - 1;
      if (one < 0) {
        one = other;
      } else {
        two = other;
        break;
      }
    }
    if (one < 0) break;
    let moveX = f32x4.splat(0);
    let moveY = moveX;
    let moveZ = moveX;
    let pulling = i32x4(-1, two < 0 ? 0 : -1, 0, 0);
    const groups = two < 0 ? 2 : 3;
    for (let group = 0; group < groups; group++) {
      lanes = nextLanes(lanes);
      let others = drawnLanes(lanes);
      if (group == 0) {
        others = i32x4.replace_lane(others, 0, one);
        if (two >= 0) others = i32x4.replace_lane(others, 1, two);
      }
      const d0 = f32x4.sub(at, placeAt(i32x4.extract_lane(others, 0)));
      const d1 = f32x4.sub(at, placeAt(i32x4.extract_lane(others, 1)));
      const d2 = f32x4.sub(at, placeAt(i32x4.extract_lane(others, 2)));
      const d3 = f32x4.sub(at, placeAt(i32x4.extract_lane(others, 3)));
      const xy01 = v128.shuffle<f32>(d0, d1, 0, 4, 1, 5);
      const xy23 = v128.shuffle<f32>(d2, d3, 0, 4, 1, 5);
      const dx = v128.shuffle<f32>(xy01, xy23, 0, 1, 4, 5);
      const dy = v128.shuffle<f32>(xy01, xy23, 2, 3, 6, 7);
      const dz = v128.shuffle<f32>(
        v128.shuffle<f32>(d0, d1, 2, 6, 2, 6),
        v128.shuffle<f32>(d2, d3, 2, 6, 2, 6),
        0,
        1,
        4,
        5,
      );
      const plane = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
      let part = parts(f32x4.add(plane, f32x4.mul(dz, dz)), pulling);
      if (group == 1 && two < 0) part = v128.and(part, i32x4(-1, -1, 0, 0));
      moveX = f32x4.add(moveX, steps(part, dx, pulling));
      moveY = f32x4.add(moveY, steps(part, dy, pulling));
      moveZ = f32x4.add(moveZ, steps(part, dz, pulling));
      pulling = i32x4.splat(0);
    }
    at = f32x4.add(at, f32x4(sumLanes(moveX), sumLanes(moveY), sumLanes(moveZ), 0));
  }
  v128.store(to, at);
}

function placeAt(vertex: i32): v128 {
  return v128.load(positions + ((<usize>vertex) << 4));
}
