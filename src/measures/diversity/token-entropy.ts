import { family } from '../measure.ts';
import type { Ngrams } from '../texts.ts';
import { estimated, missing } from '../value.ts';

/**
 * token-entropy: H = −Σ p log₂ p over the words of all rows, p a word's share of them (Shannon 1948).
 * Grows with n, since rare words keep turning up. Entropy without a group of rows follows from how
 * often each of its words occurs in it.
 */
export const tokenEntropy = family({
  family: 'token-entropy',
  axis: 'diversity',
  section: 'lexical',
  needs: ['ngrams'],
  at: { identical: 'same', duplicated: 'same' },
  measures: {
    'token-entropy': {
      title: 'Word entropy',
      reads: 'How evenly words are used: the bits that a word drawn at random tells.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: true,
      unit: 'bits',
      cite: 'Shannon 1948',
    },
  },
  finish({ ngrams }) {
    const { n, sizes } = ngrams;
    const { level, totals } = ngrams.counts[0]!;
    const all = totals.reduce((sum, total) => sum + total, 0);
    if (all === 0) return { 'token-entropy': missing(n, 'no words') };
    if (level > 0)
      return { 'token-entropy': missing(n, 'too many different words to count them all') };
    const { whole, without } = logSums(ngrams);
    const entropy = (sum: number, words: number): number | null =>
      words === 0 ? null : Math.max(0, Math.log2(words) - sum / words);
    const left = Array.from(without, (sum, g) => entropy(sum, all - totals[g]!));
    const value = estimated(entropy(whole, all)!, left, sizes, n, [0, Number.POSITIVE_INFINITY]);
    return { 'token-entropy': value };
  },
});

const term = (count: number): number => (count === 0 ? 0 : count * Math.log2(count));

/** Σ c log₂ c over words, whole and without each group. */
function logSums({ counts, shares, sizes }: Ngrams): { whole: number; without: Float64Array } {
  const { occurrences, groups } = counts[0]!;
  let whole = 0;
  const changes = new Float64Array(sizes.length);
  let at = 0;
  for (let i = 0; i < occurrences.length; i += 1) {
    const count = occurrences[i]!;
    const all = term(count);
    whole += all;
    for (let left = groups[i]!; left !== 0; left &= left - 1) {
      changes[31 - Math.clz32(left & -left)]! += term(count - shares.words.occurrences[at]!) - all;
      at += 1;
    }
  }
  return { whole, without: changes.map((change) => whole + change) };
}
