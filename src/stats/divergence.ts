/** Σ p ln(p/q) in nats, of shares where q > 0 wherever p > 0. */
function kullbackLeibler(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) if (p[i]! > 0) sum += p[i]! * Math.log(p[i]! / q[i]!);
  return sum;
}

/** Mixtures on the curve, and how near the first and last are to the ends. */
const POINTS = 25;
const END = 1e-6;
/** How steeply divergences become scores: the c of the paper. */
const SCALE = 5;

/**
 * MAUVE of two histograms (Pillutla et al. 2021): the area under the curve of
 * (exp(−5 KL(q‖r)), exp(−5 KL(p‖r))) over mixtures r = λp + (1 − λ)q, ended at (1, 0) and (0, 1), as the
 * mean of both axes' trapezoids. 1 for equal histograms, near 0 for disjoint ones. The curve is followed
 * in the order of λ: sorted by a coordinate, as elsewhere, ties of equal histograms come out in any order.
 */
export function mauveOf(p: Float64Array, q: Float64Array): number {
  let [x, y] = [1, 0];
  let area = 0;
  const to = (nextX: number, nextY: number): void => {
    area += ((x - nextX) * (y + nextY) + (nextY - y) * (x + nextX)) / 4;
    [x, y] = [nextX, nextY];
  };
  for (let i = 0; i < POINTS; i += 1) {
    const weight = END + ((1 - 2 * END) * i) / (POINTS - 1);
    const r = p.map((share, bucket) => weight * share + (1 - weight) * q[bucket]!);
    to(Math.exp(-SCALE * kullbackLeibler(q, r)), Math.exp(-SCALE * kullbackLeibler(p, r)));
  }
  to(0, 1);
  return area;
}

/** Shares of counts; with `smoothing` added to each of them first (½ is Krichevsky–Trofimov). */
export function sharesOf(counts: ArrayLike<number>, smoothing = 0): Float64Array {
  let total = 0;
  for (let i = 0; i < counts.length; i += 1) total += counts[i]! + smoothing;
  return Float64Array.from(counts, (count) => (count + smoothing) / total);
}
