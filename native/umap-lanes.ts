/**
 * Moves one vertex by its due edges on four lanes: edges in pairs, each pair from where the one before
 * it led. Two due edges and their ten pushing vertices are three vectors of four lanes; one that is
 * left over and its five are one and a half. Vertices that push come in runs of two or four that lie side
 * by side: since the vertices are in a drawn order, a run is as good as so many single draws, and reading
 * it costs one cache line in place of four.
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
    lanes = nextLanes(lanes);
    let drawn = drawnLanes(lanes);
    const groups = two < 0 ? 2 : 3;
    for (let group = 0; group < groups; group++) {
      const run = positions + ((<usize>i32x4.extract_lane(drawn, 0)) << 3);
      drawn = v128.shuffle<i32>(drawn, drawn, 1, 2, 3, 0);
      let low = v128.load(run);
      let high = v128.load(run, 16);
      if (group == 0) {
        const second = two < 0 ? run + 16 : positions + ((<usize>two) << 3);
        high = low;
        low = v128.load64_zero(positions + ((<usize>one) << 3));
        low = v128.load64_lane(second, low, 1);
      }
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
    lanes = nextLanes(lanes);
    let drawn = drawnLanes(lanes);
    const groups = two < 0 ? 2 : 3;
    for (let group = 0; group < groups; group++) {
      const run = positions + ((<usize>i32x4.extract_lane(drawn, 0)) << 4);
      drawn = v128.shuffle<i32>(drawn, drawn, 1, 2, 3, 0);
      let first = run;
      let second = run + 16;
      if (group == 0) {
        first = positions + ((<usize>one) << 4);
        second = two < 0 ? run : positions + ((<usize>two) << 4);
      }
      const d0 = f32x4.sub(at, v128.load(first));
      const d1 = f32x4.sub(at, v128.load(second));
      const d2 = f32x4.sub(at, v128.load(run, 32));
      const d3 = f32x4.sub(at, v128.load(run, 48));
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
