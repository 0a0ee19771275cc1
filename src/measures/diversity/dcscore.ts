import { GROUPS } from '../../stats/groups.ts';
import { type About, family, type Value } from '../measure.ts';
import type { PairSums } from '../pair-sums.ts';
import { estimated, missing } from '../value.ts';

/**
 * DCScore (Zhu et al. 2025): each row is asked to tell itself from all rows, by a softmax over cosine
 * similarities at temperature τ, and the shares that it gives itself are summed:
 *
 *   Σᵢ exp(1/τ) / Σⱼ exp(cos(xᵢ, xⱼ)/τ) = Σᵢ 1 / Σⱼ exp(−‖xᵢ − xⱼ‖² / 2τ)
 *
 * so it is a sum over a Gaussian kernel of σ = √τ on unit rows, and the diversity of order 0 with
 * similarities of Leinster & Cobbold 2012. Identical rows give 1, rows far apart n. `dcscore` has
 * τ = --bandwidth², 1 by default as in the paper's code; there rows at a right angle are still half
 * alike and no set of similarities ≥ 0 can exceed e. `dcscore.sharp` has τ = 0.05, which can tell.
 */
const SHARP = 0.05;

const about = (title: string, reads: string): About => ({
  title,
  reads,
  range: [1, 'n'],
  more: 'more',
  growsWithN: true,
  unit: 'effective rows',
  rows: 'unit',
  cite: 'Zhu et al. 2025 (DCScore), arXiv 2502.08512',
});

export const dcscore = family({
  family: 'dcscore',
  axis: 'diversity',
  needs: ['rows', 'pairs'],
  at: { one: 1, identical: 1, duplicated: 'same' },
  measures: {
    dcscore: about(
      'DCScore',
      'How many rows can be told apart from all others, by a softmax at temperature bandwidth².',
    ),
    'dcscore.sharp': about(
      'DCScore, sharp',
      'How many rows can be told apart from all others, by a softmax at temperature 0.05.',
    ),
  },
  async finish({ rows, pairs }, { settings }) {
    const { n, sizes } = rows;
    if (n === 0) return { dcscore: missing(0, 'no rows'), 'dcscore.sharp': missing(0, 'no rows') };
    const at = async (sigma: number): Promise<Value> => {
      const sums = await pairs({ pair: { kind: 'rbf', sigma }, unit: true });
      const { whole, without } = toldApart(sums, n);
      const value = estimated(whole, without, sizes, n, [1, n]);
      return { ...value, method: sums.exact ? 'exact' : 'sampled' };
    };
    return {
      dcscore: await at(settings.bandwidth),
      'dcscore.sharp': await at(Math.sqrt(SHARP)),
    };
  },
});

/** n times the mean of 1 / Σⱼ kᵢⱼ over the query rows, of all rows and without each group. */
function toldApart(
  { perQuery, queryGroups, querySizes, targetSizes }: PairSums,
  n: number,
): { whole: number; without: (number | null)[] } {
  const asked = queryGroups.length;
  const sums = new Float64Array(GROUPS);
  let whole = 0;
  for (let i = 0; i < asked; i += 1) {
    let row = 0;
    for (let g = 0; g < GROUPS; g += 1) row += perQuery[i * GROUPS + g]!;
    whole += 1 / row;
    for (let g = 0; g < GROUPS; g += 1) {
      if (g !== queryGroups[i]) sums[g]! += 1 / (row - perQuery[i * GROUPS + g]!);
    }
  }
  const scaled = (sum: number, of: number, left: number): number | null =>
    left === 0 ? null : (sum * of) / left;
  return {
    whole: (whole * n) / asked,
    without: Array.from(sums, (sum, g) => scaled(sum, n - targetSizes[g]!, asked - querySizes[g]!)),
  };
}
