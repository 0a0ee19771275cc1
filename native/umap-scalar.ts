/** Moves one vertex by its due edges one after the other: for runtimes without vectors. */
import { float, putFloat } from './floats';
import {
  a,
  b,
  columns,
  count,
  due,
  FARTHEST,
  ONE_BITS,
  PUSHES,
  positions,
  rate,
  roles,
  strongest,
} from './umap-forces';

/** In two or three dimensions, of which the third takes four numbers a vertex. */
export function moveAlone(own: usize, to: usize, from: i32, end: i32, start: u32, dims: i32): void {
  const stride: usize = dims == 2 ? 8 : 16;
  let x = float(own, 0);
  let y = float(own, 1);
  let z: f32 = dims == 2 ? 0 : float(own, 2);
  let random = start;
  for (let e = from; e < end; e++) {
    if (!due(e)) continue;
    let other = load<u32>(columns + ((<usize>e) << 2));
    for (let p = 0; p <= PUSHES; p++) {
      if (p > 0) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        other = <u32>((<u64>random * <u64>count) >>> 32);
      }
      const at = positions + <usize>other * stride;
      const dx = x - float(at, 0);
      const dy = y - float(at, 1);
      const dz: f32 = dims == 2 ? 0 : z - float(at, 2);
      const d2 = dx * dx + dy * dy + dz * dz;
      // Nothing pushes or pulls what lies at the very same place.
      if (d2 <= 0) continue;
      const ap = a * reinterpret<f32>(<i32>(<f32>reinterpret<i32>(d2) * b + (1 - b) * ONE_BITS));
      if (p == 0) {
        const pull: f32 = min(strongest, (<f32>2 * roles * rate * b * ap) / (d2 * (<f32>1 + ap)));
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
  putFloat(to, 0, x);
  putFloat(to, 1, y);
  if (dims != 2) putFloat(to, 2, z);
}
