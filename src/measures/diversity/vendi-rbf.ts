import { symmetricEigenvalues } from '../../compute/eigen.ts';
import { hillNumber } from '../../stats/hill.ts';
import { family } from '../measure.ts';
import { logVendiBeyond } from '../random-spectrum.ts';
import { effectiveRows } from '../thinned.ts';

/**
 * vendi.rbf: the Vendi score, exp(−Σ λ ln λ) over the eigenvalues λ of K/n, of the Gaussian kernel
 * k = exp(−‖x − y‖² / 2σ²), σ = --bandwidth (Friedman & Dieng 2022). No d×d matrix has these eigenvalues,
 * and no few directions hold them: a small part of the trace, spread over thousands of directions, is a
 * good part of the entropy. So the n×n matrix is solved, exactly up to 2,048 rows. Above, 1,024 random Fourier features
 * (Rahimi & Recht 2007) see all rows and fall short; how far is measured on 2,048 sampled rows that are solved too and
 * on half of them, and carried on to n (measures/random-spectrum.ts). The standard error of that is in the interval; it is larger
 * the more rows there are and the narrower the kernel. `rke.rbf` is exact at any n.
 */
export const vendiRbf = family({
  family: 'vendi-rbf',
  axis: 'diversity',
  mostDrawn: 512,
  needs: ['rows'],
  quadratic: true,
  at: { one: 1, identical: 1, duplicated: 'same' },
  intervalBy: 'the logarithm on 40 draws of the rows',
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
    const { bandwidth } = context.settings;
    const value = await effectiveRows(
      rows,
      {
        vectors: rows.vectors,
        kernel: (squared) => Math.exp(-squared / (2 * bandwidth ** 2)),
        measure: vendiOf,
        beyond: async (matrix, n, log) => {
          const half = await vendiOf(leading(matrix, n, n / 2), n / 2);
          const solved = { m: n, whole: log, half: Math.log(half) };
          return logVendiBeyond(rows, solved, { ...context, sigma: bandwidth });
        },
        draw: { part: 0.35, most: 320 },
      },
      context,
    );
    return { 'vendi.rbf': value };
  },
});

/** The first m rows and columns. */
function leading(matrix: Float64Array, n: number, m: number): Float64Array {
  const part = new Float64Array(m * m);
  for (let i = 0; i < m; i += 1) part.set(matrix.subarray(i * n, i * n + m), i * m);
  return part;
}

async function vendiOf(matrix: Float64Array, n: number): Promise<number> {
  const values = (await symmetricEigenvalues(matrix, n)).map((value) => Math.max(0, value));
  const sum = values.reduce((total, value) => total + value, 0);
  return hillNumber(
    values.map((value) => value / sum),
    1,
  );
}
