/** Statistics that say how alike two answers are. All are exact on what they are given. */

/** The middle value; the mean of the two middle ones of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  return sorted.length === 0 ? Number.NaN : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The smallest value that a share of all values do not exceed (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let i = from; i < to; i += 1) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Spearman's rank correlation, −1 … 1: Pearson's of the ranks, ties sharing theirs. null for fewer than
 * two pairs, and where one side is all equal.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (x.length + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const [dx, dy] = [x[i]! - middle, y[i]! - middle];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** How often each pair of labels meets, and each label alone. */
function tableOf(a: ArrayLike<number>, b: ArrayLike<number>) {
  const [both, ofA, ofB] = [new Map<string, number>(), count(a), count(b)];
  for (let i = 0; i < a.length; i += 1) {
    const key = `${a[i]} ${b[i]}`;
    both.set(key, (both.get(key) ?? 0) + 1);
  }
  return { both, ofA, ofB };
}

function count(labels: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i += 1) {
    counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  }
  return counts;
}

/**
 * The adjusted Rand index of two partitions (Hubert & Arabie 1985): 1 when they are the same, 0 as good
 * as chance. Two partitions that are both one cluster, or both all single rows, are the same.
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  const { both, ofA, ofB } = tableOf(a, b);
  const sum = (counts: Iterable<number>): number =>
    Array.from(counts).reduce((total, n) => total + pairs(n), 0);
  const [inA, inB, inBoth] = [sum(ofA.values()), sum(ofB.values()), sum(both.values())];
  const expected = a.length < 2 ? 0 : (inA * inB) / pairs(a.length);
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (inBoth - expected) / (most - expected);
}

/**
 * V-measure of clusters against classes (Rosenberg & Hirschberg 2007): the harmonic mean of homogeneity,
 * 1 − H(class | cluster) / H(class), and completeness, the same the other way round; 0 … 1.
 */
export function vMeasure(classes: ArrayLike<number>, clusters: ArrayLike<number>): number {
  const n = classes.length;
  const { both, ofA, ofB } = tableOf(classes, clusters);
  const entropy = (counts: Iterable<number>): number =>
    Array.from(counts).reduce((sum, c) => sum - (c / n) * Math.log(c / n), 0);
  const [ofClasses, ofClusters, joint] = [
    entropy(ofA.values()),
    entropy(ofB.values()),
    entropy(both.values()),
  ];
  const homogeneity = ofClasses === 0 ? 1 : 1 - (joint - ofClusters) / ofClasses;
  const completeness = ofClusters === 0 ? 1 : 1 - (joint - ofClasses) / ofClusters;
  const sum = homogeneity + completeness;
  // Sums of shares round: what is 0 or 1 in theory must not end up beyond.
  return sum <= 0 ? 0 : Math.min(1, Math.max(0, (2 * homogeneity * completeness) / sum));
}
