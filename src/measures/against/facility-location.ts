import { crossingMeans } from '../crossing.ts';
import { family } from '../measure.ts';
import { fromParts, tooFew } from '../two-samples.ts';

/**
 * facility-location: the mean over reference rows of the largest cosine similarity to a dataset row,
 * Σ max cos(y, x) / m. The submodular function that subset selection maximises (Wei et al. 2015); here
 * the dataset is the subset and the reference what it should serve. Unit rows whatever the space.
 */
export const facilityLocation = family({
  family: 'facility-location',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'cosineNearestRows'],
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
    const means = crossingMeans(crossing, (_, place) => 1 - distances[place]!);
    const value = fromParts(
      { rows, reference },
      means.whole,
      means.withoutTargets,
      means.withoutQueries,
      { range: [-1, 1] },
    );
    return { 'facility-location': value };
  },
});
