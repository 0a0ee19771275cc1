import { jackknifeError } from '../../stats/jackknife.ts';
import { expectedKinds, tallyOf } from '../../stats/rarefaction.ts';
import type { About } from '../measure.ts';
import { family, type Rarefied, type Value } from '../measure.ts';
import type { Ngrams } from '../texts.ts';
import { careful, counted, missing } from '../value.ts';

/**
 * distinct-n: different ÷ all n-grams of words, n = 1 … 4 (Li et al. 2016, arXiv 1510.03055), and
 *
 *   ngram-diversity = Σ over n = 1 … 4 of distinct-n   (Padmakumar & He 2023, arXiv 2309.05196; range 0 to 4)
 *
 * N-grams lie within a row: joined texts, as some programs count, have n-grams that nobody wrote. All
 * rows count. Above a million different n-grams of a size a uniform sample of them is counted (see
 * NgramCounts), and the value is labelled as sampled. All of them fall as rows are added.
 */
const SIZES = [1, 2, 3, 4] as const;
const NONE = 'no row has so many words';

const about = (size: number): About => ({
  title: `Distinct ${size === 1 ? 'words' : `${size}-grams`}`,
  reads:
    size === 1
      ? 'Different words as a share of all words.'
      : `Different runs of ${size} words as a share of all such runs.`,
  range: [0, 1],
  more: 'more',
  growsWithN: true,
  unit: size === 1 ? 'share of words' : `share of ${size}-grams`,
  cite: 'Li et al. 2016, arXiv 1510.03055',
});

export const distinct = family({
  family: 'distinct',
  axis: 'diversity',
  section: 'lexical',
  needs: ['ngrams'],
  at: { one: 1, disjoint: 1 },
  intervalBy:
    'leaving out one of 32 groups of rows at a time; ends no nearer than those of the reciprocal',
  peers:
    'Programs that join the texts first count n-grams that nobody wrote. diversity’s n-gram diversity is the sum over four sizes too, not a share.',
  measures: {
    'distinct-1': about(1),
    'distinct-2': about(2),
    'distinct-3': about(3),
    'distinct-4': about(4),
    'ngram-diversity': {
      title: 'N-gram diversity',
      reads: 'The four shares of distinct n-grams, of one to four words, added up.',
      range: [0, 4],
      more: 'more',
      growsWithN: true,
      cite: 'Padmakumar & He 2023, arXiv 2309.05196',
      at: { one: 4, disjoint: 4 },
    },
  },
  finish({ ngrams }) {
    const sizes = SIZES.map((size) => ratioOf(ngrams, size));
    const values: Record<string, Value> = {};
    for (const [i, ratio] of sizes.entries()) {
      values[`distinct-${i + 1}`] =
        ratio.whole === null ? missing(ngrams.n, NONE) : asValue(ngrams, [ratio], [0, 1]);
    }
    const known = sizes.filter(({ whole }) => whole !== null);
    values['ngram-diversity'] =
      known.length === 0 ? missing(ngrams.n, NONE) : asValue(ngrams, known, [0, 4]);
    return values;
  },
  rarefy({ ngrams }, _context, n) {
    const values: Record<string, number | null> = {};
    const shares = SIZES.map((size) => (n > ngrams.n ? null : rarefied(ngrams, size, n)));
    for (const [i, share] of shares.entries()) values[`distinct-${i + 1}`] = share;
    const known = shares.filter((share) => share !== null);
    values['ngram-diversity'] = known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
    return values satisfies Rarefied;
  },
});

interface Ratio {
  /** Different ÷ all; null when there are none. */
  readonly whole: number | null;
  readonly without: readonly (number | null)[];
  /** Standard error from counting a sample of the different ones. */
  readonly error: number;
}

/** An n-gram is gone with a group when no other group has it. */
function ratioOf({ counts }: Ngrams, size: number): Ratio {
  const { groups, totals, level } = counts[size - 1]!;
  const alone = new Float64Array(totals.length);
  for (let i = 0; i < groups.length; i += 1) {
    const mask = groups[i]!;
    if ((mask & (mask - 1)) === 0) alone[31 - Math.clz32(mask)]! += 1;
  }
  const all = totals.reduce((sum, total) => sum + total, 0);
  const scale = 2 ** level;
  const share = (different: number, of: number): number | null =>
    of === 0 ? null : Math.min(1, (different * scale) / of);
  return {
    whole: share(groups.length, all),
    without: Array.from(alone, (lost, g) => share(groups.length - lost, all - totals[g]!)),
    // Each different n-gram is counted with probability 2^−level.
    error: level === 0 ? 0 : (scale * Math.sqrt(groups.length * (1 - 1 / scale))) / all,
  };
}

function asValue(
  { n, sizes }: Ngrams,
  ratios: readonly Ratio[],
  range: readonly [number, number],
): Value {
  const sum = (of: (ratio: Ratio) => number | null): number | null =>
    ratios.reduce<number | null>((total, ratio) => {
      const part = of(ratio);
      return total === null || part === null ? null : total + part;
    }, 0);
  const value = sum(({ whole }) => whole)!;
  const without = Array.from(sizes, (_, g) => sum((ratio) => ratio.without[g]!));
  // The same bits choose n-grams of every size, so the errors add up.
  const error = sum((ratio) => ratio.error)!;
  const found = counted(value, jackknifeError(value, without, sizes), error, n, range);
  return careful(found, without, sizes, range);
}

/** Expected different ÷ expected number of all n-grams at m rows. */
function rarefied({ counts, n }: Ngrams, size: number, m: number): number | null {
  const { inDocuments, totals, level } = counts[size - 1]!;
  const all = totals.reduce((sum, total) => sum + total, 0);
  if (all === 0) return null;
  const different = expectedKinds(tallyOf(inDocuments), n, m) * 2 ** level;
  return Math.min(1, different / ((all * m) / n));
}
