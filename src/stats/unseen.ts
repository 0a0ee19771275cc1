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
  /** Seen three times; absent: nobody counted. */
  readonly thrice?: number;
  /** Draws. */
  readonly draws: number;
}

export function seenIn(counts: ArrayLike<number>, draws: number): Seen {
  let kinds = 0;
  let once = 0;
  let twice = 0;
  let thrice = 0;
  for (let i = 0; i < counts.length; i += 1) {
    if (counts[i]! > 0) kinds += 1;
    if (counts[i] === 1) once += 1;
    if (counts[i] === 2) twice += 1;
    if (counts[i] === 3) thrice += 1;
  }
  return { kinds, once, twice, thrice, draws };
}

/** The share of fresh draws that would be of a kind that was seen: 1 − f₁/n. Needs a draw. */
export const goodTuring = ({ once, draws }: Seen): number => 1 - once / draws;

/**
 * Its standard error, √(f₁ − q − (f₁ − 2f₂)²/n) ÷ n: that of a count of kinds seen once, each of them with a chance of its own, the
 * squares of which add up to q, less what the fixed number of draws takes off. A jackknife would count every kind that was seen twice as
 * well, since leaving out one of the two leaves it seen once.
 */
export const goodTuringError = (seen: Seen): number => {
  const { once, twice, draws } = seen;
  const variance = once - onceSquared(seen) - (once - 2 * twice) ** 2 / draws;
  return Math.sqrt(Math.max(0, variance)) / draws;
};

/**
 * Σ over kinds of the chance that each is seen once, squared: λ²e^−2λ for one that comes λ times on average. About
 * 2f₂e^(−3f₃/f₂), as those seen twice come about 3f₃/f₂ times, and f₁/e at most; none where nobody counted f₃.
 */
const onceSquared = ({ once, twice, thrice }: Pick<Seen, 'once' | 'twice' | 'thrice'>): number =>
  twice === 0 || thrice === undefined
    ? 0
    : Math.min(once / Math.E, 2 * twice * Math.exp((-3 * thrice) / twice));

/**
 * The variance of how many kinds are seen once, from a jackknife's that leaves out rows. A kind that comes λ times on average is
 * seen once with the chance λe^−λ and varies by that less its square; leaving out one row at a time sees λe^−λ + λ²e^−λ. What
 * kinds have in common, as words of a row do, either counts alike. `jackknife` is the variance found, `kinds` what of it each kind by
 * itself brings, `ones` what of that those seen once bring.
 */
export function onceVariance(
  seen: Pick<Seen, 'once' | 'twice' | 'thrice'>,
  { jackknife, kinds, ones }: Readonly<Record<'jackknife' | 'kinds' | 'ones', number>>,
): number {
  const own = seen.once === 0 ? 0 : ones * (1 - onceSquared(seen) / seen.once);
  return Math.min(jackknife, own + Math.max(0, jackknife - kinds));
}

/** By how much one more kind seen once, and one more seen twice, changes what `chao` says. */
export function chaoSlopes({ once, twice }: Seen): {
  readonly once: number;
  readonly twice: number;
} {
  if (twice === 0) return { once: once - 0.5, twice: 0 };
  const ratio = once / twice;
  return { once: ratio, twice: -(ratio ** 2) / 2 };
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
  const { value, unseen, variance } = chaoParts({ kinds, once, twice, draws });
  if (unseen <= 0) return { value, interval: null };
  const spread = Math.exp(1.96 * Math.sqrt(Math.log(1 + (bundled * variance) / unseen ** 2)));
  return { value, interval: [kinds + unseen / spread, kinds + unseen * spread] };
}

/** What Chao's estimate is made of, and its variance where kinds come by themselves. */
export function chaoParts({ kinds, once, twice, draws }: Seen): {
  readonly value: number;
  readonly unseen: number;
  readonly variance: number;
} {
  const a = draws <= 1 ? 0 : (draws - 1) / draws;
  const unseen = twice > 0 ? (a * once * once) / (2 * twice) : (a * once * (once - 1)) / 2;
  const value = kinds + unseen;
  const ratio = twice > 0 ? once / twice : 0;
  const variance =
    twice > 0
      ? twice * ((a / 2) * ratio ** 2 + a * a * ratio ** 3 + ((a * a) / 4) * ratio ** 4)
      : unseen <= 0
        ? 0
        : (a * once * (once - 1)) / 2 +
          (a * a * once * (2 * once - 1) ** 2) / 4 -
          (a * a * once ** 4) / (4 * value);
  return { value, unseen, variance: Math.max(0, variance) };
}
