import { hillNumber } from '../../stats/hill.ts';
import { family } from '../measure.ts';
import type { Spectrum } from '../spectrum.ts';
import { missing, ofSpectrum } from '../value.ts';

/**
 * The shape of the cloud of rows around its mean, from the eigenvalues λ of the covariance (n − 1):
 *
 *   effective-rank       exp(−Σ p ln p), p = λ / Σλ              Roy & Vetterli 2007
 *   participation-ratio  (Σλ)² / Σλ²                             Kramer & MacKinnon 1993
 *   radius               geometric mean over dimensions of the population standard deviation   Lai et al. 2020
 *   log-det              Σ ln λ; null when the rank is below d: the volume is zero
 *
 * Identical rows have no shape: effective-rank and participation-ratio are null, radius is 0.
 */
export const covariance = family({
  family: 'covariance',
  axis: 'diversity',
  needs: ['spectrum'],
  at: { one: null, identical: null, duplicated: 'same' },
  measures: {
    'effective-rank': {
      title: 'Effective rank',
      reads: 'In how many directions the rows really vary, weighing each direction by its share.',
      range: [1, 'd'],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'directions',
      cite: 'Roy & Vetterli 2007 (EUSIPCO)',
    },
    'participation-ratio': {
      title: 'Participation ratio',
      reads: 'In how many directions the rows vary when only the strong directions count.',
      range: [1, 'd'],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'directions',
      cite: 'Kramer & MacKinnon 1993, Rep. Prog. Phys. 56',
    },
    radius: {
      title: 'Radius',
      reads: 'How far the rows spread around their mean in a typical dimension.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      rows: 'space',
      cite: 'Lai et al. 2020, arXiv 2003.08529',
      at: { one: 0, identical: 0 },
    },
    'log-det': {
      title: 'Log-determinant',
      reads:
        'The logarithm of the volume that the rows fill; exists only with more rows than dimensions.',
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'nats',
      cite: 'Kulesza & Taskar 2012, arXiv 1207.6083',
      at: { disjoint: null },
    },
  },
  finish({ spectrum }) {
    const { n, dims } = spectrum.whole;
    const same = 'all rows are the same';
    return {
      'effective-rank': ofSpectrum(spectrum, [1, dims], effectiveRank, same),
      'participation-ratio': ofSpectrum(spectrum, [1, dims], participation, same),
      radius:
        n === 0
          ? missing(n, 'no rows')
          : ofSpectrum(spectrum, [0, Number.POSITIVE_INFINITY], radius, same),
      'log-det': ofSpectrum(
        spectrum,
        [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        logDet,
        `the rows span fewer than ${dims} dimensions, so the volume is zero`,
      ),
    };
  },
});

function effectiveRank({ covariance: values }: Spectrum): number | null {
  const sum = values.reduce((a, b) => a + b, 0);
  return sum === 0
    ? null
    : hillNumber(
        values.map((value) => value / sum),
        1,
      );
}

function participation({ covariance: values }: Spectrum): number | null {
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? null : sum ** 2 / squares;
}

function radius({ variances, dims }: Spectrum): number {
  let logs = 0;
  for (const variance of variances) logs += Math.log(variance) / 2;
  return Math.exp(logs / dims);
}

function logDet({ covariance: values }: Spectrum): number | null {
  if (values.length === 0 || values.at(-1) === 0) return null;
  return values.reduce((sum, value) => sum + Math.log(value), 0);
}
