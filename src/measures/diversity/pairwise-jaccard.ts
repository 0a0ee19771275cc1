import { family } from '../measure.ts';
import { meanOfPairs, meanOn } from '../text-pairs.ts';

/**
 * pairwise-jaccard: the mean over pairs of rows of shared ÷ all different words of the two (Jaccard 1901; APJS in
 * OpenDataArena). The pairs are those of rouge-l. Two rows without words are equal: 1.
 */
export const pairwiseJaccard = family({
  family: 'pairwise-jaccard',
  axis: 'diversity',
  section: 'lexical',
  needs: ['textPairs'],
  at: { one: null, identical: 1, disjoint: 0 },
  measures: {
    'pairwise-jaccard': {
      title: 'Shared words',
      reads: 'The share of their words that two rows have in common on average.',
      range: [0, 1],
      more: 'less',
      growsWithN: false,
      unit: 'share of words',
      cite: 'Jaccard 1901; APJS in OpenDataArena',
    },
  },
  finish: ({ textPairs }) => ({ 'pairwise-jaccard': meanOfPairs(textPairs, textPairs.jaccard) }),
  rarefy: ({ textPairs }, _context, n) => ({
    'pairwise-jaccard': meanOn(n, textPairs, textPairs.jaccard),
  }),
});
