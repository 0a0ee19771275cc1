import { GROUPS } from '../../stats/groups.ts';
import { orderTwoAt } from '../../stats/rarefaction.ts';
import { type About, family, type Rarefied } from '../measure.ts';
import { countKept, type PairAsk, pairMean } from '../pair-sums.ts';
import { pointingAt, type Sums, total, trace } from '../spectrum.ts';
import { ALL_GROUPS } from '../two-samples.ts';
import { estimated, missing } from '../value.ts';

/**
 * RKE, the Rényi kernel entropy of order 2 as an effective number of rows (Jalali et al. 2023):
 *
 *   1 / ‖K/n‖²_F = n² / Σᵢⱼ k(xᵢ, xⱼ)²
 *
 * the Vendi score of order 2, without an eigenvalue. `rke` is of the cosine kernel: ‖K‖_F is that of the
 * d×d matrix Σ x xᵀ. `rke.rbf` is of k = exp(−‖x − y‖² / 2σ²), σ = --bandwidth, whose square is such a
 * kernel too. Identical rows give 1, rows far apart n.
 */
const about = (title: string, reads: string, rows: 'space' | 'unit'): About => ({
  title,
  reads,
  range: [1, 'n'],
  more: 'more',
  growsWithN: true,
  unit: 'effective rows',
  rows,
  cite: 'Jalali, Li & Farnia 2023 (RKE), arXiv 2310.18459',
});

export const rke = family({
  family: 'rke',
  axis: 'diversity',
  needs: ['moments'],
  at: { one: 1, identical: 1, disjoint: 'kinds', duplicated: 'kinds' },
  measures: {
    rke: about(
      'RKE',
      'The effective number of different rows, weighing common directions most.',
      'unit',
    ),
  },
  finish({ moments: { unit, dims } }) {
    const whole = total(unit, dims);
    const value = effective(whole.n, whole.gram);
    if (value === null) return { rke: missing(whole.n, 'no rows that point anywhere') };
    const without = unit.grams.map((part, g) => {
      const left = whole.n - unit.counts[g]!;
      return left === 0 || left === whole.n ? null : effective(left, minusInto(whole, part));
    });
    return { rke: estimated(value, without, unit.counts, whole.n, [1, whole.n]) };
  },
  rarefy({ moments: { unit, dims } }, _context, n): Rarefied {
    const whole = total(unit, dims);
    const value = effective(whole.n, whole.gram);
    if (value === null || whole.n < 2) return {};
    return { rke: pointingAt(value, { n: whole.n, pointing: Math.round(trace(whole, dims)) }, n) };
  },
});

const minusInto = ({ gram }: Sums, part: Float64Array): Float64Array =>
  gram.map((value, i) => value - part[i]!);

/** (Σ‖x‖²)² / ‖Σ x xᵀ‖²: rows of zeros, which point nowhere, count for nothing. */
function effective(n: number, gram: Float64Array): number | null {
  const dims = Math.round(Math.sqrt(gram.length));
  let squares = 0;
  for (const value of gram) squares += value * value;
  return n === 0 || squares === 0 ? null : trace({ gram }, dims) ** 2 / squares;
}

const squaredKernel = (bandwidth: number): PairAsk => ({
  pair: { kind: 'rbf', sigma: bandwidth / Math.SQRT2 },
});

export const rkeRbf = family({
  family: 'rke-rbf',
  axis: 'diversity',
  needs: ['rows', 'pairs'],
  at: { one: 1, identical: 1, duplicated: 'same' },
  measures: {
    'rke.rbf': about(
      'RKE, Gaussian kernel',
      'The effective number of different rows, where only rows within about a bandwidth are alike.',
      'space',
    ),
  },
  async finish({ rows, pairs }, { settings }) {
    const { n, sizes } = rows;
    if (n === 0) return { 'rke.rbf': missing(0, 'no rows') };
    const sums = await pairs(squaredKernel(settings.bandwidth));
    const without = Array.from({ length: GROUPS }, (_, g) => {
      const kept = ALL_GROUPS & ~(1 << g);
      return countKept(sums.querySizes, kept) === 0 ? null : 1 / pairMean(sums, kept, kept);
    });
    const value = estimated(1 / pairMean(sums, ALL_GROUPS, ALL_GROUPS), without, sizes, n, [1, n]);
    return { 'rke.rbf': { ...value, method: sums.exact ? 'exact' : 'sampled' } };
  },
  async rarefy({ rows, pairs }, { settings }, n): Promise<Rarefied> {
    if (rows.n < 2) return {};
    const sums = await pairs(squaredKernel(settings.bandwidth));
    return { 'rke.rbf': orderTwoAt(1 / pairMean(sums, ALL_GROUPS, ALL_GROUPS), rows.n, n) };
  },
});
