/**
 * How much of what a source can give a sample has shown, from the kinds that were seen once and twice
 * (Good 1953; Chao 1984 for single draws, Chao 1987 for kinds counted by the rows they are in). Draws
 * are of one source; kinds made from the same rows, such as found clusters, leave nothing unseen.
 */
export interface Seen {
  /** Different kinds. */
  readonly kinds: number;
  /** Kinds seen exactly once, and exactly twice. */
  readonly once: number;
  readonly twice: number;
  /** Draws. */
  readonly draws: number;
}

export function seenIn(counts: ArrayLike<number>, draws: number): Seen {
  let kinds = 0;
  let once = 0;
  let twice = 0;
  for (let i = 0; i < counts.length; i += 1) {
    if (counts[i]! > 0) kinds += 1;
    if (counts[i] === 1) once += 1;
    if (counts[i] === 2) twice += 1;
  }
  return { kinds, once, twice, draws };
}

/** The share of fresh draws that would be of a kind that was seen: 1 − f₁/n. Needs a draw. */
export const goodTuring = ({ once, draws }: Seen): number => 1 - once / draws;

/**
 * Its standard error, √(f₁ − (f₁ − 2f₂)²/n) ÷ n: that of a count of kinds seen once, as if each of them
 * were rare, which errs on the wide side, less what the fixed number of draws takes off. A jackknife would
 * count every kind that was seen twice as well, since leaving out one of the two leaves it seen once.
 */
export const goodTuringError = ({ once, twice, draws }: Seen): number =>
  Math.sqrt(Math.max(0, once - (once - 2 * twice) ** 2 / draws)) / draws;

/**
 * How many times as much the number of kinds seen once varies as if each of them came by itself: kinds that come in
 * bundles, as the words of a row do, are seen once together. From how many each group of draws has seen alone, beside
 * how much there is of the group; 1 at least.
 */
export function bundling(once: ArrayLike<number>, sizes: ArrayLike<number>): number {
  let [all, draws, groups] = [0, 0, 0];
  for (let g = 0; g < sizes.length; g += 1) {
    all += once[g]!;
    draws += sizes[g]!;
    if (sizes[g]! > 0) groups += 1;
  }
  if (all === 0 || groups < 2) return 1;
  let squares = 0;
  for (let g = 0; g < sizes.length; g += 1) {
    if (sizes[g] === 0) continue;
    const expected = (all * sizes[g]!) / draws;
    squares += (once[g]! - expected) ** 2 / expected;
  }
  return Math.max(1, squares / (groups - 1));
}

/**
 * A lower bound for the number of kinds there are, S + (n − 1)/n · f₁²/2f₂, or with f₁(f₁ − 1)/2 where
 * no kind was seen twice; and its 95 % interval, log-normal in the number of unseen kinds (Chao 1987), its
 * variance times `bundled`. The interval is null where no kind was seen only once: nothing then points to more.
 */
export function chao(
  { kinds, once, twice, draws }: Seen,
  bundled = 1,
): {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
} {
  const a = draws <= 1 ? 0 : (draws - 1) / draws;
  const unseen = twice > 0 ? (a * once * once) / (2 * twice) : (a * once * (once - 1)) / 2;
  const value = kinds + unseen;
  if (unseen <= 0) return { value, interval: null };
  const ratio = twice > 0 ? once / twice : 0;
  const variance =
    twice > 0
      ? twice * ((a / 2) * ratio ** 2 + a * a * ratio ** 3 + ((a * a) / 4) * ratio ** 4)
      : (a * once * (once - 1)) / 2 +
        (a * a * once * (2 * once - 1) ** 2) / 4 -
        (a * a * once ** 4) / (4 * value);
  const spread = Math.exp(
    1.96 * Math.sqrt(Math.log(1 + (bundled * Math.max(0, variance)) / unseen ** 2)),
  );
  return { value, interval: [kinds + unseen / spread, kinds + unseen * spread] };
}
