import { family } from '../measure.ts';
import { ofSpectrum } from '../value.ts';

/**
 * mean-distance = 1 − (‖Σx‖² − Σ‖x‖²) / (n(n−1)): the mean cosine distance over distinct pairs, exact
 * from sums. Known as remote-clique, average pairwise distance or (1 − APS); peers that average the
 * zero distance of a row to itself in are (n−1)/n of this.
 */
export const meanDistance = family({
  family: 'mean-distance',
  axis: 'diversity',
  needs: ['spectrum'],
  at: { one: null, identical: 0, disjoint: 1 },
  peers: 'diversity’s remote_clique counts the zero distance of each row to itself in.',
  measures: {
    'mean-distance': {
      title: 'Mean distance',
      reads: 'How far apart two rows drawn at random are.',
      range: [0, 2],
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Cox et al. 2021 (remote clique); Yu et al. 2023 (1 − APS), arXiv 2306.15895',
    },
  },
  finish({ spectrum }) {
    const value = ofSpectrum(spectrum, [0, 2], (s) => s.meanDistance, 'needs at least two rows');
    return { 'mean-distance': value };
  },
  /** A mean over pairs: its expected value is the same on any two rows or more. */
  rarefy({ spectrum }, _context, n) {
    return { 'mean-distance': n < 2 ? null : spectrum.whole.meanDistance };
  },
});
