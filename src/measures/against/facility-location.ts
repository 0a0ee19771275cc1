import { crossingMean } from '../crossing.ts';
import { family } from '../measure.ts';
import { tooFew, twoSampleValue } from '../two-samples.ts';

/**
 * facility-location: the mean over reference rows of the largest cosine similarity to a dataset row,
 * Σ max cos(y, x) / m. The submodular function that subset selection maximises (Wei et al. 2015); here
 * the dataset is the subset and the reference what it should serve. Unit rows whatever the space.
 */
export const facilityLocation = family({
  family: 'facility-location',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'cosineNearestRows'],
  at: { one: 1, identical: 1, disjoint: 1, duplicated: 1 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  measures: {
    'facility-location': {
      title: 'Facility location',
      reads: 'How similar the nearest row of the dataset is to a row of the reference, on average.',
      range: [-1, 1],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine similarity',
      cite: 'Wei et al. 2015 (ICML); Lin & Bilmes 2011 (ACL)',
    },
  },
  finish({ rows, referenceRows: reference, cosineNearestRows: crossing }) {
    const few = tooFew({ rows, reference }, 1);
    if (few !== null) return { 'facility-location': few };
    const { distances } = crossing.lists;
    const value = twoSampleValue(
      { rows, reference },
      (a, b) => crossingMean(crossing, b, a, (place) => 1 - distances[place]!),
      { range: [-1, 1] },
    );
    return { 'facility-location': value };
  },
});
