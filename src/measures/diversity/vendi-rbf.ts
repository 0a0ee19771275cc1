import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { symmetricEigenvalues } from '../../compute/eigen.ts';
import type { Vectors } from '../../compute/vectors.ts';
import { hillNumber } from '../../stats/hill.ts';
import { family } from '../measure.ts';
import { squareOf } from '../square.ts';
import { effectiveRows } from '../thinned.ts';

/**
 * vendi.rbf: the Vendi score, exp(−Σ λ ln λ) over the eigenvalues λ of K/n, of the Gaussian kernel
 * k = exp(−‖x − y‖² / 2σ²), σ = --bandwidth (Friedman & Dieng 2022). No d×d matrix has these eigenvalues,
 * and no few directions hold them: a small part of the trace, spread over thousands of directions, is a
 * good part of the entropy. So the n×n matrix is solved, exactly up to 2,048 rows; above, so many sampled rows stand for
 * the whole, as the score of so many. `rke.rbf` is exact at any n.
 */
export const vendiRbf = family({
  family: 'vendi-rbf',
  axis: 'diversity',
  needs: ['rows'],
  quadratic: true,
  measures: {
    'vendi.rbf': {
      title: 'Vendi score, Gaussian kernel',
      reads:
        'The effective number of different rows, where only rows within about a bandwidth are alike.',
      range: [1, 'n'],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'effective rows',
      cite: 'Friedman & Dieng 2022, arXiv 2210.02410',
    },
  },
  async finish({ rows }, context) {
    const { seed, settings } = context;
    const value = await effectiveRows(rows, rows.vectors, seed, (vectors) =>
      score(vectors, settings.bandwidth, context),
    );
    return { 'vendi.rbf': value };
  },
});

async function score(
  rows: Vectors,
  sigma: number,
  { device = cpu, signal }: ComputeOptions,
): Promise<number> {
  const { n } = rows;
  const kernel = (squared: number): number => Math.exp(-squared / (2 * sigma ** 2)) / n;
  const values = await symmetricEigenvalues(await squareOf(device, rows, kernel, signal), n);
  const sum = values.reduce((total, value) => total + Math.max(0, value), 0);
  return hillNumber(
    values.map((value) => Math.max(0, value) / sum),
    1,
  );
}
