import { hillNumber } from '../../stats/hill.ts';
import { type About, family, type Rarefied } from '../measure.ts';
import { pointingAt } from '../spectrum.ts';
import { ofSpectrum } from '../value.ts';

/**
 * Vendi scores: Hill numbers of the eigenvalues λ of K/n, K the cosine kernel.
 *
 *   vendi = exp(−Σ λ ln λ)      vendi.q = (Σ λ^q)^(1/(1−q))      vendi.qinf = 1 / max λ
 *
 * Friedman & Dieng 2022 (arXiv 2210.02410); orders: Pasarkar & Dieng 2023 (arXiv 2310.12952).
 * Exact for any n: the eigenvalues are those of the d×d matrix Σ x xᵀ / n. Identical rows give 1,
 * n orthogonal rows give n, and a set repeated gives what the set gives.
 */
const about = (title: string, reads: string): About => ({
  title,
  reads,
  range: [1, 'n'],
  more: 'more',
  growsWithN: true,
  rows: 'unit',
  unit: 'effective rows',
  cite: 'Friedman & Dieng 2022, arXiv 2210.02410; orders: arXiv 2310.12952',
});

const ORDERS: readonly (readonly [id: string, q: number])[] = [
  ['vendi', 1],
  ['vendi.q0.1', 0.1],
  ['vendi.q0.5', 0.5],
  ['vendi.q2', 2],
  ['vendi.qinf', Number.POSITIVE_INFINITY],
];

export const vendi = family({
  family: 'vendi',
  axis: 'diversity',
  needs: ['spectrum'],
  at: { one: 1, identical: 1, disjoint: 'kinds', duplicated: 'kinds' },
  peers:
    'vendi-score 0.0.3: score_X ignores q, intdiv_X raises, and a sparse K keeps six eigenvalues, so that 50 orthogonal rows score 1.6. Ours is its score_K and score_dual.',
  measures: {
    vendi: about('Vendi score', 'How many fully different rows would be as diverse as these are.'),
    'vendi.q0.1': about(
      'Vendi score, order 0.1',
      'The effective number of different rows when rare directions count nearly as much as common ones.',
    ),
    'vendi.q0.5': about(
      'Vendi score, order 0.5',
      'The effective number of different rows when rare directions weigh more than in the plain score.',
    ),
    'vendi.q2': about(
      'Vendi score, order 2',
      'The effective number of different rows when common directions weigh most; little swayed by rare ones.',
    ),
    'vendi.qinf': about(
      'Vendi score, order ∞',
      'One over the share of the single most common direction: low when one theme dominates.',
    ),
  },
  finish({ spectrum }) {
    const values = ORDERS.map(([id, q]) => [
      id,
      ofSpectrum(
        spectrum,
        [1, spectrum.whole.n],
        ({ kernel }) => (kernel.length === 0 ? null : hillNumber(kernel, q)),
        'no rows that point anywhere',
      ),
    ]);
    return Object.fromEntries(values);
  },
  rarefy({ spectrum: { whole } }, _context, n): Rarefied {
    return whole.n < 2 || whole.kernel.length === 0
      ? {}
      : { 'vendi.q2': pointingAt(hillNumber(whole.kernel, 2), whole, n) };
  },
});
