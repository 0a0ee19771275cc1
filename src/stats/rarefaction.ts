/**
 * Rarefaction (Hurlbert 1971; for kinds counted by the rows they are in, Colwell et al. 2004): how many
 * kinds m of n rows are expected to show, drawn without replacement. Exact, no simulation.
 */

/** How often each number occurs: the only thing rarefaction needs of the kinds' counts. */
export function tallyOf(counts: ArrayLike<number>): Map<number, number> {
  const tally = new Map<number, number>();
  for (let i = 0; i < counts.length; i += 1) {
    tally.set(counts[i]!, (tally.get(counts[i]!) ?? 0) + 1);
  }
  return tally;
}

/** Σ over kinds of 1 − C(n − f, m) ÷ C(n, m), f the rows (of n) that a kind is in; m from 0 to n. */
export function expectedKinds(tally: ReadonlyMap<number, number>, n: number, m: number): number {
  let sum = 0;
  for (const [f, kinds] of tally) sum += kinds * (1 - absentShare(f, n, m));
  return sum;
}

/**
 * C(n − f, m) ÷ C(n, m): the chance that m of n draws miss all f. The product runs over the smaller of
 * f and m, so that it is exact for few rows and quick for many.
 */
export function absentShare(f: number, n: number, m: number): number {
  if (f + m > n) return 0;
  const [steps, other] = f < m ? [f, m] : [m, f];
  let share = 1;
  for (let i = 0; i < steps && share > 0; i += 1) share *= (n - other - i) / (n - i);
  return share;
}

/**
 * A Hill number of order 2 of n rows at another number m of them, below n or above: the chance that two of m
 * draws are alike is 1/m for a row with itself and, for the rest, that of two different rows (Chao et al. 2014,
 * Ecological Monographs 84, where q = 2). Needs two rows.
 */
export function orderTwoAt(value: number, n: number, m: number): number {
  const alike = Math.max(0, (n / value - 1) / (n - 1));
  return 1 / (1 / m + ((m - 1) / m) * alike);
}
