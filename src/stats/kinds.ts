/**
 * How many kinds fewer or more rows would show, from how often each kind occurs.
 */

/** Kinds expected among `m` of the rows, drawn without replacement (Hurlbert 1971). */
export function expectedKinds(counts: ArrayLike<number>, m: number): number {
  let n = 0;
  for (let c = 0; c < counts.length; c += 1) n += counts[c]!;
  let kinds = 0;
  for (let c = 0; c < counts.length; c += 1) kinds += 1 - absence(n, counts[c]!, Math.min(m, n));
  return kinds;
}

/** The chance that none of `count` among n rows is among m of them: C(n − count, m) / C(n, m). */
function absence(n: number, count: number, m: number): number {
  if (m > n - count) return 0;
  let log = 0;
  // The same ratio has a factor for each of the count rows, or for each of the m: whichever are fewer.
  const [few, other] = count < m ? [count, m] : [m, count];
  for (let i = 0; i < few; i += 1) log += Math.log1p(-other / (n - i));
  return Math.exp(log);
}

/**
 * Kinds expected among m ≥ n rows of the same source (Chao et al. 2014, equation 9): those seen, and of
 * the unseen ones, as many as Chao1 estimates, those that m − n more rows would show.
 */
export function extrapolatedKinds(counts: ArrayLike<number>, m: number): number {
  let n = 0;
  let seen = 0;
  let once = 0;
  let twice = 0;
  for (let c = 0; c < counts.length; c += 1) {
    n += counts[c]!;
    if (counts[c]! > 0) seen += 1;
    if (counts[c] === 1) once += 1;
    if (counts[c] === 2) twice += 1;
  }
  if (once === 0) return seen;
  const factor = (n - 1) / n;
  const unseen = twice > 0 ? (factor * once ** 2) / (2 * twice) : (factor * once * (once - 1)) / 2;
  if (unseen === 0) return seen;
  return seen + unseen * (1 - (1 - once / (n * unseen + once)) ** (m - n));
}
