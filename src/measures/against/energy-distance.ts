import { family } from '../measure.ts';
import { pairMean } from '../pair-sums.ts';
import { tooFew, twoSampleValue } from '../two-samples.ts';

/**
 * energy-distance = 2 E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖ (Székely & Rizzo 2013), x from the dataset and y
 * from the reference, means over all pairs with a row's zero distance to itself counted in: so it is never
 * below 0, and 0 only for equal sets. No root is taken.
 */
const RANGE = [0, Number.POSITIVE_INFINITY] as const;

export const energyDistance = family({
  family: 'energy-distance',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'pairs', 'referencePairs', 'crossPairs'],
  at: { one: 0, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  measures: {
    'energy-distance': {
      title: 'Energy distance',
      reads:
        'How far the dataset is from the reference as a distribution, by distances between rows; 0 for equal sets.',
      range: RANGE,
      more: 'less',
      growsWithN: true,
      rows: 'space',
      cite: 'Székely & Rizzo 2013, J. Stat. Plan. Inference 143',
    },
  },
  async finish({ rows, referenceRows: reference, pairs, referencePairs, crossPairs }) {
    const few = tooFew({ rows, reference }, 1);
    if (few !== null) return { 'energy-distance': few };
    const ask = { pair: { kind: 'distance' } } as const;
    const [own, other, cross] = [
      await pairs(ask),
      await referencePairs(ask),
      await crossPairs(ask),
    ];
    const value = twoSampleValue(
      { rows, reference },
      (a, b) =>
        Math.max(0, 2 * pairMean(cross, a, b) - pairMean(own, a, a) - pairMean(other, b, b)),
      { range: RANGE, method: own.exact && other.exact ? 'exact' : 'sampled' },
    );
    return { 'energy-distance': value };
  },
});
