import { seenIn } from '../../stats/unseen.ts';
import { family, type Value } from '../measure.ts';
import { CHAO, chaoOf, GOOD_TURING, goodTuringOf } from '../unseen.ts';
import { bare } from '../value.ts';

/**
 * Whether more rows of the same source would reach further clusters of the reference: chao.cells is how many it
 * would at least, as chao.rows is for rows; good-turing.cells the share of fresh rows that would fall into clusters
 * which already have one. The clusters are those of cell-coverage, fitted on the reference alone.
 */
export const unseenCells = family({
  family: 'unseen-cells',
  axis: 'against',
  needs: ['regions'],
  intervalBy: 'Chao’s log-normal one; Wilson’s for the share',
  measures: {
    'chao.cells': {
      title: 'Reference clusters to come',
      reads:
        'How many of the reference’s clusters the source would reach at the least with more rows.',
      ...CHAO,
      unit: 'clusters',
      at: { one: 1, identical: 1 },
    },
    'good-turing.cells': {
      title: 'Reference clusters seen already',
      reads:
        'The share of fresh rows that would fall into a reference cluster which has a row already.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of rows',
      at: { one: 0, identical: 1 },
    },
  },
  finish({ regions }) {
    const { k } = regions.clusters;
    const n = regions.labels.length;
    const seen = seenIn(regions.sizes, n);
    return {
      'chao.cells': n > 0 && seen.kinds === k ? bare(k, n, ALL_SEEN) : cappedAt(chaoOf(seen, n), k),
      'good-turing.cells': goodTuringOf(seen, n),
    };
  },
});

const ALL_SEEN = 'every cluster of the reference has a row, and there are no others';

/** There are no more kinds than k. */
const cappedAt = (estimate: Value, k: number): Value => ({
  ...estimate,
  value: estimate.value && Math.min(k, estimate.value),
  interval: estimate.interval && [
    Math.min(k, estimate.interval[0]),
    Math.min(k, estimate.interval[1]),
  ],
});
