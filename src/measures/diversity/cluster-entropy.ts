import type { Clusters } from '../../clusters/clusters.ts';
import { GROUPS } from '../../stats/groups.ts';
import { entropy, hillNumber } from '../../stats/hill.ts';
import { intervalFrom } from '../../stats/jackknife.ts';
import { expectedKinds, extrapolatedKinds } from '../../stats/kinds.ts';
import { orderTwoAt } from '../../stats/rarefaction.ts';
import { family, type Rarefied, type Value } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { bare, estimated, missing } from '../value.ts';

/**
 * How evenly the rows are spread over clusters with shares p:
 *
 *   cluster-entropy             H = −Σ p ln p (nats)
 *   cluster-entropy.normalised  H / ln(occupied clusters); null with one cluster
 *   effective-clusters          exp H; .q0 counts occupied clusters, .q2 = 1/Σp², .qinf = 1/max p
 *
 * The number of occupied clusters on m of n rows is Σ 1 − C(n−s, m)/C(n, m) over sizes s (Hurlbert 1971);
 * beyond n, where labels were given, Chao & Jost's extrapolation from the clusters with one and two rows
 * (Chao et al. 2014, Ecol. Monogr. 84). Found clusters leave none unseen. Intervals take the clusters as given. With found clusters, whose number is set beforehand, compare
 * only datasets that were clustered together.
 */
const UNIT = 'effective clusters';
const HILL_CITE = 'Hill 1973, Ecology 54';

export const clusterEntropy = family({
  family: 'cluster-entropy',
  axis: 'diversity',
  needs: ['clusters', 'rows'],
  at: { one: 1, identical: 1 },
  intervalBy:
    'leaving out one of 32 groups of rows at a time; of order ∞ no narrower than that of the largest share of n draws',
  measures: {
    'cluster-entropy': {
      title: 'Cluster entropy',
      reads: 'How evenly the rows are spread over their clusters.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'nats',
      cite: 'Shannon 1948; partition entropy in Han et al. 2022',
      at: { one: 0, identical: 0 },
    },
    'cluster-entropy.normalised': {
      title: 'Evenness',
      reads: 'Cluster entropy as a share of the most it could be with these clusters.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      cite: 'Pielou 1966',
      at: { one: null, identical: null },
    },
    'effective-clusters': {
      title: 'Effective clusters',
      reads: 'How many equally large clusters would be as even as these are.',
      range: [1, 'k'],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: UNIT,
      cite: HILL_CITE,
    },
    'effective-clusters.q0': {
      title: 'Occupied clusters',
      reads: 'How many clusters hold a row.',
      range: [1, 'k'],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'clusters',
      cite: HILL_CITE,
    },
    'effective-clusters.q2': {
      title: 'Effective clusters, order 2',
      reads: 'The effective number of clusters when large clusters weigh most.',
      range: [1, 'k'],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: UNIT,
      cite: HILL_CITE,
    },
    'effective-clusters.qinf': {
      title: 'Effective clusters, order ∞',
      reads: 'One over the share of the largest cluster.',
      range: [1, 'k'],
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      unit: UNIT,
      cite: HILL_CITE,
    },
  },
  finish({ clusters, rows }) {
    const { k } = clusters;
    return {
      'cluster-entropy': ofShares(clusters, rows, [0, Math.log(k)], entropy),
      'cluster-entropy.normalised':
        k < 2 ? missing(rows.n, 'all rows are in one cluster') : ofEvenness(clusters, rows),
      'effective-clusters': ofShares(clusters, rows, [1, k], (p) => hillNumber(p, 1)),
      'effective-clusters.q0':
        rows.n === 0 ? missing(0, 'no rows') : bare(k, rows.n, 'a count has no honest interval'),
      'effective-clusters.q2': ofShares(clusters, rows, [1, k], (p) => hillNumber(p, 2)),
      'effective-clusters.qinf': ofLargest(clusters, rows),
    };
  },
  rarefy({ clusters, rows }, _context, n): Rarefied {
    const { sizes, source } = clusters;
    if (rows.n === 0) return {};
    const shares = Array.from(sizes, (size) => size / rows.n);
    const two = rows.n < 2 ? null : orderTwoAt(hillNumber(shares, 2), rows.n, n);
    const within = { 'effective-clusters.q2': two };
    if (n <= rows.n) return { 'effective-clusters.q0': expectedKinds(sizes, n), ...within };
    // Clusters found in these rows leave nothing unseen.
    if (source !== 'given') return {};
    return { 'effective-clusters.q0': extrapolatedKinds(sizes, n), ...within };
  },
});

function ofShares(
  { labels, sizes, k }: Clusters,
  rows: Rows,
  range: readonly [number, number],
  statistic: (shares: readonly number[]) => number,
): Value {
  if (rows.n === 0) return missing(0, 'no rows');
  const inGroup = new Int32Array(GROUPS * k);
  for (let i = 0; i < rows.n; i += 1) inGroup[rows.groups[i]! * k + labels[i]!]! += 1;
  const shares = (g: number): number[] => {
    const n = rows.n - rows.sizes[g]!;
    return Array.from(sizes, (size, c) => (size - inGroup[g * k + c]!) / n);
  };
  const without = Array.from({ length: GROUPS }, (_, g) =>
    rows.sizes[g] === rows.n ? null : statistic(shares(g)),
  );
  const whole = statistic(Array.from(sizes, (size) => size / rows.n));
  return estimated(whole, without, rows.sizes, rows.n, range);
}

/** From 0 to 1, but no share of anything: Wilson's bounds would know nothing of clusters that are even. */
function ofEvenness(clusters: Clusters, rows: Rows): Value {
  const occupied = (p: readonly number[]): number => p.filter((share) => share > 0).length;
  const evenness = (p: readonly number[]): number => entropy(p) / Math.log(occupied(p));
  const found = ofShares(clusters, rows, [Number.NEGATIVE_INFINITY, 1], evenness);
  if (found.interval === null) return found;
  return { ...found, interval: [Math.max(0, found.interval[0]), found.interval[1]] };
}

/**
 * Of the largest share, which another cluster has as soon as a group is left out where two are nearly alike: the interval is no
 * narrower than that of the share as one of n draws.
 */
function ofLargest(clusters: Clusters, rows: Rows): Value {
  const range = [1, clusters.k] as const;
  const found = ofShares(clusters, rows, range, (p) => hillNumber(p, Number.POSITIVE_INFINITY));
  if (found.value === null || found.interval === null) return found;
  const share = 1 / found.value;
  const error = Math.sqrt((share * (1 - share)) / rows.n);
  const [low, high] = intervalFrom(share, error, GROUPS, [0, 1], rows.n);
  const inRange = (x: number): number => Math.max(range[0], Math.min(range[1], x));
  return {
    ...found,
    interval: [
      inRange(Math.min(found.interval[0], 1 / high)),
      inRange(Math.max(found.interval[1], 1 / low)),
    ],
  };
}
