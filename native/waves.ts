/**
 * Cosines and sines of a tile of angles, for random features.
 *
 * The caller (src/compute/waves.ts) allocates, and keeps apart: the angles (float32, rows × count) and the
 * results (float32, rows × 2·count).
 */
import { float, putFloat } from './floats';

export { allocate } from './heap';

/**
 * sin(πf/2) = f·S(f²) and cos(πf/2) = 1 + f²·C(f²) for |f| ≤ ½, fitted to the least largest error by
 * Lawson's iteration: 3e-9 relative for the sine, 5e-11 for the cosine, below what float32 resolves.
 */
const S0: f32 = 1.5707963217081553;
const S1: f32 = -0.6459634602259682;
const S2: f32 = 0.07968003270028803;
const S3: f32 = -0.004601657707510892;
const C0: f32 = -1.2337005433534545;
const C1: f32 = 0.2536692440290811;
const C2: f32 = -0.020860288501296988;
const C3: f32 = 0.000904021654368245;

/**
 * For each row first the cosines of its angles, then the sines, all times `scale`. Angles count in
 * quarter turns. The same to the bit wherever an angle stands and on every build.
 */
export function waves(angles: usize, out: usize, rows: i32, count: i32, scale: f32): void {
  const bytes = (<usize>count) << 2;
  for (let row = 0; row < rows; row++) {
    wavesOfRow(angles, out, count, scale);
    angles += bytes;
    out += bytes << 1;
  }
}

function wavesOfRow(angles: usize, out: usize, count: i32, scale: f32): void {
  const sines = out + ((<usize>count) << 2);
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    const scales = f32x4.splat(scale);
    const one = f32x4.splat(1);
    const single = i32x4.splat(1);
    const second = i32x4.splat(2);
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      const angle = v128.load(angles + at);
      const nearest = f32x4.nearest(angle);
      const f = f32x4.sub(angle, nearest);
      const u = f32x4.mul(f, f);
      let s = f32x4.add(f32x4.splat(S2), f32x4.mul(u, f32x4.splat(S3)));
      s = f32x4.add(f32x4.splat(S1), f32x4.mul(u, s));
      s = f32x4.add(f32x4.splat(S0), f32x4.mul(u, s));
      s = f32x4.mul(scales, f32x4.mul(f, s));
      let c = f32x4.add(f32x4.splat(C2), f32x4.mul(u, f32x4.splat(C3)));
      c = f32x4.add(f32x4.splat(C1), f32x4.mul(u, c));
      c = f32x4.add(f32x4.splat(C0), f32x4.mul(u, c));
      c = f32x4.mul(scales, f32x4.add(one, f32x4.mul(u, c)));
      const quarter = i32x4.trunc_sat_f32x4_s(nearest);
      const odd = i32x4.eq(v128.and(quarter, single), single);
      const below = i32x4.shl(v128.and(i32x4.add(quarter, single), second), 30);
      const beyond = i32x4.shl(v128.and(quarter, second), 30);
      v128.store(out + at, v128.xor(v128.bitselect(s, c, odd), below));
      v128.store(sines + at, v128.xor(v128.bitselect(c, s, odd), beyond));
    }
  }
  for (; j < count; j++) {
    const angle = float(angles, j);
    const whole = nearest<f32>(angle);
    const f = angle - whole;
    const u = f * f;
    const s = scale * (f * (S0 + u * (S1 + u * (S2 + u * S3))));
    const c = scale * (<f32>1 + u * (C0 + u * (C1 + u * (C2 + u * C3))));
    const quarter = <i32>whole;
    const odd = (quarter & 1) != 0;
    const cosine = odd ? s : c;
    const sine = odd ? c : s;
    putFloat(out, j, ((quarter + 1) & 2) != 0 ? -cosine : cosine);
    putFloat(sines, j, (quarter & 2) != 0 ? -sine : sine);
  }
}
