/**
 * The a and b of UMAP's layout curve 1 / (1 + a·d^(2b)): the least-squares fit to a curve that is 1 up
 * to `minDist` and falls off as exp(−(d − minDist)/spread) beyond, on 300 points up to 3·spread, as in
 * umap-learn (scipy's curve_fit from a = b = 1).
 */
export function layoutCurve(minDist: number, spread: number): { a: number; b: number } {
  const points = Array.from({ length: POINTS }, (_, i) => (3 * spread * i) / (POINTS - 1));
  const wanted = points.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
  let a = 1;
  let b = 1;
  let damping = 1e-3;
  let error = squaredError(points, wanted, a, b);
  for (let step = 0; step < STEPS; step += 1) {
    const { aa, ab, bb, ga, gb } = normalEquations(points, wanted, a, b);
    const [daa, dbb] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = daa * dbb - ab * ab;
    const nextA = a + (dbb * ga - ab * gb) / determinant;
    const nextB = b + (daa * gb - ab * ga) / determinant;
    const next = nextA > 0 ? squaredError(points, wanted, nextA, nextB) : Number.POSITIVE_INFINITY;
    if (next < error) {
      const settled = error - next < 1e-15 * error;
      [a, b, error] = [nextA, nextB, next];
      damping /= 10;
      if (settled) break;
    } else {
      damping *= 10;
      if (damping > 1e12) break;
    }
  }
  return { a, b };
}

const POINTS = 300;
const STEPS = 200;

const curve = (d: number, a: number, b: number): number => 1 / (1 + a * d ** (2 * b));

const squaredError = (
  points: readonly number[],
  wanted: readonly number[],
  a: number,
  b: number,
): number => points.reduce((sum, d, i) => sum + (wanted[i]! - curve(d, a, b)) ** 2, 0);

/** Jᵀ J and Jᵀ r of the curve at (a, b). */
function normalEquations(
  points: readonly number[],
  wanted: readonly number[],
  a: number,
  b: number,
): { aa: number; ab: number; bb: number; ga: number; gb: number } {
  let [aa, ab, bb, ga, gb] = [0, 0, 0, 0, 0];
  for (const [i, d] of points.entries()) {
    const power = d ** (2 * b);
    const value = curve(d, a, b);
    const byA = -power * value * value;
    const byB = d > 0 ? -a * 2 * Math.log(d) * power * value * value : 0;
    const rest = wanted[i]! - value;
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ga += byA * rest;
    gb += byB * rest;
  }
  return { aa, ab, bb, ga, gb };
}
