/**
 * Wilson's interval (1927) of a share, or of any mean of numbers from 0 to 1, with the number of draws
 * that its error is worth in place of the number of draws. It has a width where all draws are alike, too: a
 * share of 0 among n draws may come from a source that has up to about 4/n. There, where no error can be
 * seen, `draws` says how many independent draws there were; 0 where nobody knows: none or all then has the
 * error alone. Where three or fewer were counted, or left uncounted, the near bound is Poisson's (Brown,
 * Cai & DasGupta 2001): Wilson's own would leave out the rare shares that such a count comes from most often.
 */
export function shareInterval(
  value: number,
  error: number,
  t: number,
  draws: number,
): readonly [number, number] {
  // Rounding may have left it beyond an end.
  const share = Math.max(0, Math.min(1, value));
  const spread = share * (1 - share);
  const worth = spread > 0 && error > 0 ? spread / error ** 2 : draws;
  if (!(worth > 0)) return [Math.max(0, share - t * error), Math.min(1, share + t * error)];
  const pull = t ** 2 / worth;
  const centre = (share + pull / 2) / (1 + pull);
  const half = (t / (1 + pull)) * Math.sqrt(spread / worth + pull / (4 * worth));
  // At either end an error can still be seen where the parts of the whole have other shares than it.
  const seen = spread > 0 ? 0 : t * error;
  const low = Math.min(share - seen, centre - half, rarest(share * worth) / worth);
  const high = Math.max(share + seen, centre + half, 1 - rarest((1 - share) * worth) / worth);
  return [Math.max(0, low), Math.min(1, high)];
}

/** ½χ² with 2, 4, 6 and 8 degrees of freedom at 5 %: the least mean from which one to four are counted that often. */
const POISSON = [0, 0.0513, 0.3554, 0.8177, 1.3663];

/** The lower bound of a small count, in a straight line between whole numbers; none for larger ones. */
function rarest(count: number): number {
  const below = Math.floor(count);
  if (below >= POISSON.length - 1) return Number.POSITIVE_INFINITY;
  return POISSON[below]! + (count - below) * (POISSON[below + 1]! - POISSON[below]!);
}

/** The least mean that a count may come from, by Poisson's law at 2.5 % (Wilson & Hilferty 1931); 0 for small counts. */
export const leastMean = (count: number): number =>
  count <= 0 ? 0 : count * Math.max(0, 1 - 1 / (9 * count) - 1.96 / (3 * Math.sqrt(count))) ** 3;
