import { seenIn } from '../../stats/unseen.ts';
import { family } from '../measure.ts';
import { CHAO, chaoOf, GOOD_TURING, goodTuringOf, kindsOf } from '../unseen.ts';
import { missing } from '../value.ts';

/**
 * How many labels the source has, and how many of them were seen, for labels that came with the data
 * (--labels): chao.labels and good-turing.labels, as chao.rows and good-turing.rows are of rows. Clusters that were
 * found in these very rows leave nothing unseen, so they have no value.
 */
export const unseenLabels = family({
  family: 'unseen-labels',
  axis: 'diversity',
  needs: ['clusters', 'rows'],
  intervalBy: 'Chao’s log-normal one; Wilson’s for the share',
  measures: {
    'chao.labels': {
      title: 'Labels to come',
      reads: 'How many labels the source has at the least, by how many came once and twice.',
      ...CHAO,
      unit: 'labels',
    },
    'good-turing.labels': {
      title: 'Labels seen already',
      reads: 'The share of fresh rows from the same source whose label is among these.',
      ...GOOD_TURING,
      more: 'less',
      unit: 'share of rows',
    },
  },
  finish({ clusters, rows: { n, groups } }) {
    if (clusters.source === 'found') {
      const none = missing(n, 'found clusters leave no label unseen; give --labels');
      return { 'chao.labels': none, 'good-turing.labels': none };
    }
    const kinds = kindsOf(clusters.labels, groups, clusters.k);
    return {
      'chao.labels': chaoOf(seenIn(kinds.counts, n), n),
      'good-turing.labels': goodTuringOf(seenIn(kinds.counts, n), n),
    };
  },
});
