/**
 * Hill number of order q of shares that sum to one: the effective number of kinds. Order 0 counts
 * kinds, 1 is exp of the Shannon entropy, 2 the inverse Simpson index, ∞ one over the largest share.
 * (Hill 1973.) Zero shares count for nothing; 0 when there are no shares.
 */
export function hillNumber(shares: ArrayLike<number>, q: number): number {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < shares.length; i += 1) {
    const p = shares[i]!;
    if (p <= 0) continue;
    largest = Math.max(largest, p);
    sum += q === 1 ? -p * Math.log(p) : p ** q;
  }
  if (largest === 0) return 0;
  if (q === 1) return Math.exp(sum);
  if (q === Infinity) return 1 / largest;
  return sum ** (1 / (1 - q));
}

/** Shannon entropy in nats. */
export function entropy(shares: ArrayLike<number>): number {
  const effective = hillNumber(shares, 1);
  return effective === 0 ? 0 : Math.log(effective);
}
