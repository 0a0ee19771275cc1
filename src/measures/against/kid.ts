import { rowOf } from '../../compute/vectors.ts';
import { GROUPS } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import { countKept, type PairSums, pairMean, sumKept } from '../pair-sums.ts';
import type { Rows } from '../rows.ts';
import { has, tooFew, twoSampleValue } from '../two-samples.ts';

/**
 * kid: the kernel distance, MMD² with k(x, y) = (x·y/d + 1)³, unbiased (Bińkowski et al. 2018):
 *
 *   mean of k over pairs of different dataset rows + the same of the reference − 2 · mean over cross pairs
 *
 * All rows at once, where peers average over drawn subsets of 1,000. Zero is expected of two draws from
 * one source, so a value may be below it. Of unit rows it is small: x·y/d is at most 1/d.
 */
export const kid = family({
  family: 'kid',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'pairs', 'referencePairs', 'crossPairs'],
  at: { one: null, identical: 0 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  measures: {
    kid: {
      title: 'Kernel distance',
      reads:
        'How far the dataset is from the reference as a distribution; about 0 for two draws of one source.',
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      more: 'less',
      growsWithN: false,
      rows: 'space',
      cite: 'Bińkowski et al. 2018 (KID), arXiv 1801.01401',
    },
  },
  async finish({ rows, referenceRows: reference, pairs, referencePairs, crossPairs }) {
    const few = tooFew({ rows, reference }, 2);
    if (few !== null) return { kid: few };
    const ask = { pair: { kind: 'poly3' } } as const;
    const [own, other, cross] = [
      await pairs(ask),
      await referencePairs(ask),
      await crossPairs(ask),
    ];
    const [ownSelf, otherSelf] = [selfSums(rows, own), selfSums(reference, other)];
    const value = twoSampleValue(
      { rows, reference },
      (a, b) =>
        distinctMean(own, ownSelf, a) +
        distinctMean(other, otherSelf, b) -
        2 * pairMean(cross, a, b),
      {
        range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        method: own.exact && other.exact ? 'exact' : 'sampled',
      },
    );
    return { kid: value };
  },
});

/** k(x, x) summed over the query rows of each group. */
function selfSums({ vectors }: Rows, { queries, queryGroups }: PairSums): Float64Array {
  const sums = new Float64Array(GROUPS);
  for (let i = 0; i < queryGroups.length; i += 1) {
    let norm = 0;
    for (const value of rowOf(vectors, queries?.[i] ?? i)) norm += value * value;
    sums[queryGroups[i]!]! += (norm / vectors.dims + 1) ** 3;
  }
  return sums;
}

/** The mean over pairs of a query and a different row of the kept groups; NaN where one row is left. */
function distinctMean(sums: PairSums, self: Float64Array, kept: number): number {
  let own = 0;
  for (let g = 0; g < GROUPS; g += 1) if (has(kept, g)) own += self[g]!;
  const others = countKept(sums.targetSizes, kept) - 1;
  const pairs = countKept(sums.querySizes, kept) * others;
  return (sumKept(sums, kept, kept) - own) / pairs;
}
