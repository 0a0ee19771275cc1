import { OVERLAP_WIDTH } from '../../compute/ngram-counts.ts';
import { GROUPS } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import type { Overlaps } from '../texts.ts';
import { estimated, missing, ofSample } from '../value.ts';

/**
 * self-bleu: the mean over rows of their BLEU-4 with all other rows as references (Zhu et al. 2018,
 * Texygen, arXiv 1802.01886; BLEU: Papineni et al. 2002):
 *
 *   BLEU = min(1, exp(1 − r/c)) · (p₁p₂p₃p₄)^¼,   pₙ = Σ min(count here, largest count in a reference) ÷ Σ counts
 *
 * c is the row's length, r the reference length nearest to it (the shorter of two). A pₙ of zero becomes 0.1 ÷ its
 * denominator, which is at least 1 (smoothing method 1 of Chen & Cherry 2014, and NLTK's); without a
 * shared word BLEU is 0. One table of n-grams gives every row's largest counts elsewhere, so the cost is
 * linear, and above 10,000 rows the sampled rows are still held against all rows. It rises with n.
 */
const SMOOTH = 0.1;
const ORDERS = [1, 2, 3, 4] as const;

export const selfBleu = family({
  family: 'self-bleu',
  axis: 'diversity',
  section: 'lexical',
  needs: ['overlaps'],
  at: { one: null, identical: 1, disjoint: 0, duplicated: 1 },
  peers:
    'Two definitions go by the name: ours is sentence BLEU of each row against all others, as NLTK computes it; diversity divides the corpus BLEU by n − 1.',
  measures: {
    'self-bleu': {
      title: 'Self-BLEU',
      reads: 'How much of a row’s wording, runs of up to four words, other rows have too.',
      range: [0, 1],
      more: 'less',
      growsWithN: true,
      cite: 'Zhu et al. 2018, arXiv 1802.01886',
    },
  },
  finish({ overlaps }) {
    const { sample } = overlaps;
    const n = sample.of;
    if (n < 2) return { 'self-bleu': missing(n, 'needs at least two rows') };
    const { whole, without, deviation } = meanBleu(overlaps);
    const value = estimated(whole, without, sample.sizes, n, [0, 1]);
    // Leaving out sampled rows shows both errors at once: that of the data and that of the sample.
    const error = deviation / Math.sqrt(sample.texts.length);
    return { 'self-bleu': sample.texts.length === n ? value : ofSample(value, error) };
  },
});

function meanBleu(overlaps: Overlaps): { whole: number; without: Float64Array; deviation: number } {
  const { starts, groups, sizes } = overlaps.sample;
  const m = groups.length;
  const changes = new Float64Array(GROUPS);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < m; i += 1) {
    const length = starts[i + 1]! - starts[i]!;
    const own = groups[i]!;
    const bleu = bleuWithout(overlaps, i, length, own, -1);
    const nearest = nearestLength(overlaps.lengths, length, own, -1);
    sum += bleu;
    squares += bleu * bleu;
    changes[own]! -= bleu;
    for (let g = 0; g < GROUPS; g += 1) {
      if (g === own) continue;
      const same = nearestLength(overlaps.lengths, length, own, g) === nearest;
      if (same && !matchesChange(overlaps, i, g)) continue;
      changes[g]! += bleuWithout(overlaps, i, length, own, g) - bleu;
    }
  }
  const without = changes.map((change, g) => (sum + change) / (m - sizes[g]!));
  return {
    whole: sum / m,
    without,
    deviation: Math.sqrt(Math.max(0, squares / m - (sum / m) ** 2)),
  };
}

const matchesChange = ({ matches }: Overlaps, i: number, g: number): boolean =>
  matches.some((found) => found[i * OVERLAP_WIDTH + g]! > 0);

/** BLEU of a row against all others but those of group g; −1 leaves out none. */
function bleuWithout(
  { matches, lengths }: Overlaps,
  i: number,
  length: number,
  own: number,
  g: number,
): number {
  let logs = 0;
  for (const order of ORDERS) {
    const found = matches[order - 1]!;
    const lost = g < 0 ? 0 : found[i * OVERLAP_WIDTH + g]!;
    const shared = found[i * OVERLAP_WIDTH + 32]! - lost;
    if (order === 1 && shared === 0) return 0;
    const all = Math.max(1, length - order + 1);
    logs += Math.log((shared === 0 ? SMOOTH : shared) / all) / ORDERS.length;
  }
  const nearest = nearestLength(lengths, length, own, g);
  const penalty = length >= nearest ? 0 : 1 - nearest / length;
  return Math.exp(penalty + logs);
}

/** The length of another row, not in group g, that is nearest to this row's; the shorter of two. */
function nearestLength(
  { grams, groups, twice }: Overlaps['lengths'],
  length: number,
  own: number,
  g: number,
): number {
  const mine = place(grams, length);
  const has = (at: number): boolean => {
    const ownBit = 1 << own;
    // Of its own length, and in its own group, there must be another row than itself.
    let others = at === mine && (twice[at]! & ownBit) === 0 ? groups[at]! & ~ownBit : groups[at]!;
    if (g >= 0) others &= ~(1 << g);
    return others !== 0;
  };
  if (has(mine)) return length;
  for (let low = mine - 1, high = mine + 1; low >= 0 || high < grams.length; ) {
    const below = low < 0 ? Number.POSITIVE_INFINITY : length - grams[low]!;
    const above = high >= grams.length ? Number.POSITIVE_INFINITY : grams[high]! - length;
    if (below <= above) {
      if (has(low)) return grams[low]!;
      low -= 1;
    } else {
      if (has(high)) return grams[high]!;
      high += 1;
    }
  }
  return length;
}

/** Where a length that is there stands among ascending ones. */
function place(ascending: Int32Array, length: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < length) low = middle + 1;
    else high = middle;
  }
  return low;
}
