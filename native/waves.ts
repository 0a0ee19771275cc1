/**
 * Cosines and sines of a tile of angles, for random features.
 *
 * The caller (src/compute/waves.ts) allocates, and keeps apart: the angles (float32, rows × count) and the
 * results (float32, rows × 2·count).
 */
import { float, putFloat } from './floats';

export { allocate } from './heap';

/**
 * sin(πf) = f·S(f²) and cos(πf) = C(f²) for |f| ≤ ½, fitted to the least largest error by Lawson's iteration:
 * 6e-7 for the sine, 5e-8 for the cosine. One term more would be paid for with registers that are not there, and
 * features of D frequencies are wrong by 1/√(2D) anyway.
 */
const S0: f32 = 3.14158202;
const S1: f32 = -5.16714279;
const S2: f32 = 2.54189901;
const S3: f32 = -0.55463616;
const C1: f32 = -4.93479552;
const C2: f32 = 4.05845134;
const C3: f32 = -1.33209386;
const C4: f32 = 0.22008064;

/** Added and taken away again, it rounds to a whole number, whose last bit it shows meanwhile; up to 2²². */
const ROUNDER: f32 = 12582912;

/**
 * For each row first the cosines of its angles, then the sines, all times `scale`. Angles count in half
 * turns. The same to the bit wherever an angle stands and on every build.
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
  const s0 = scale * S0;
  const s1 = scale * S1;
  const s2 = scale * S2;
  const s3 = scale * S3;
  const c1 = scale * C1;
  const c2 = scale * C2;
  const c3 = scale * C3;
  const c4 = scale * C4;
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    // What depends on an argument stays in registers; the engine would build constants anew for every use.
    const rounder = f32x4.splat(scale - scale + ROUNDER);
    const v0 = f32x4.splat(s0);
    const v1 = f32x4.splat(s1);
    const v2 = f32x4.splat(s2);
    const v3 = f32x4.splat(s3);
    const w0 = f32x4.splat(scale);
    const w1 = f32x4.splat(c1);
    const w2 = f32x4.splat(c2);
    const w3 = f32x4.splat(c3);
    const w4 = f32x4.splat(c4);
    // V8 writes the inner loop out, and looks for interrupts half as often.
    const cosines = out - angles;
    const sinesAt = sines - angles;
    const end = angles + ((<usize>count & ~7) << 2);
    for (let from = angles; from < end; from += 32) {
      for (let half: usize = 0; half < 32; half += 16) {
        const at = from + half;
        const angle = v128.load(at);
        const rounded = f32x4.add(angle, rounder);
        const f = f32x4.sub(angle, f32x4.sub(rounded, rounder));
        const u = f32x4.mul(f, f);
        let s = f32x4.add(v2, f32x4.mul(u, v3));
        let c = f32x4.add(w3, f32x4.mul(u, w4));
        c = f32x4.add(w2, f32x4.mul(u, c));
        s = f32x4.add(v1, f32x4.mul(u, s));
        c = f32x4.add(w1, f32x4.mul(u, c));
        s = f32x4.mul(f, f32x4.add(v0, f32x4.mul(u, s)));
        c = f32x4.add(w0, f32x4.mul(u, c));
        // Every odd half turn changes the sign of both.
        const sign = i32x4.shl(rounded, 31);
        v128.store(at + cosines, v128.xor(c, sign));
        v128.store(at + sinesAt, v128.xor(s, sign));
      }
    }
    j = count & ~7;
  }
  for (; j < count; j++) {
    const angle = float(angles, j);
    const rounded = angle + ROUNDER;
    const f = angle - (rounded - ROUNDER);
    const u = f * f;
    const s = f * (s0 + u * (s1 + u * (s2 + u * s3)));
    const c = scale + u * (c1 + u * (c2 + u * (c3 + u * c4)));
    const odd = (reinterpret<i32>(rounded) & 1) != 0;
    putFloat(out, j, odd ? -c : c);
    putFloat(sines, j, odd ? -s : s);
  }
}
