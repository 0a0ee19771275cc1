import { family } from '../measure.ts';
import { meanOfPairs, meanOn } from '../text-pairs.ts';

/**
 * rouge-l: the mean over pairs of rows of ROUGE-L's F1 = 2 · LCS ÷ (words of one + words of the other),
 * LCS the length of their longest common subsequence of words (Lin 2004). Pairs are distinct, never a row with
 * itself; two rows without a common word count as 0. All pairs of a few hundred rows and more are
 * compared, as many as take about a second, by bit-parallel LCS; beyond, each row with equally many others
 * chosen by hash. Of a row the first 1,024 words are compared. The expected value does not depend on n.
 */
export const rougeL = family({
  family: 'rouge-l',
  axis: 'diversity',
  section: 'lexical',
  needs: ['textPairs'],
  at: { one: null, identical: 1, disjoint: 0 },
  peers:
    'diversity’s homogenization gives three texts without a shared word 1, as it gives three equal ones. Here 0 and 1.',
  measures: {
    'rouge-l': {
      title: 'ROUGE-L between rows',
      reads: 'How much of their words, in order, two rows have in common on average.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      cite: 'Lin 2004, ACL workshop; arXiv 2403.00553',
    },
  },
  finish: ({ textPairs }) => ({ 'rouge-l': meanOfPairs(textPairs, textPairs.rouge) }),
  rarefy: ({ textPairs }, _context, n) => ({ 'rouge-l': meanOn(n, textPairs, textPairs.rouge) }),
});
