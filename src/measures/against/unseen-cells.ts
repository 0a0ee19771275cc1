import { seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import { CHAO, chaoOf, GOOD_TURING, goodTuringOf, kindsOf } from '../unseen.ts';

/**
 * Whether more rows of the same source would reach further clusters of the reference: chao.cells is how many it
 * would at least, as chao.rows is for rows; good-turing.cells the share of fresh rows that would fall into clusters
 * which already have one. The clusters are those of cell-coverage, fitted on the reference alone.
 */
export const unseenCells = family({
  family: 'unseen-cells',
  axis: 'against',
  needs: ['regions', 'rows'],
  measures: {
    'chao.cells': {
      title: 'Reference clusters to come',
      reads:
        'How many of the reference’s clusters the source would reach at the least with more rows.',
      ...CHAO,
      unit: 'clusters',
    },
    'good-turing.cells': {
      title: 'Reference clusters seen already',
      reads:
        'The share of fresh rows that would fall into a reference cluster which has a row already.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of rows',
    },
  },
  finish({ regions, rows: { n, groups } }) {
    const { k } = regions.clusters;
    const kinds = kindsOf(regions.labels, groups, k);
    const estimate = chaoOf(seenIn(kinds.counts, n), n);
    const within = (value: number): number => Math.min(k, value);
    const { value, interval } = estimate;
    return {
      'chao.cells': {
        ...estimate,
        value: value === null ? null : within(value),
        interval: interval === null ? null : [within(interval[0]), within(interval[1])],
      },
      'good-turing.cells': goodTuringOf(kinds, n),
    };
  },
});
