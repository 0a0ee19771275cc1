import { fuzzySet, type SparseGraph } from './fuzzy.ts';

/**
 * Supervised UMAP: the graph of the rows meets one of their targets, as umap-learn's
 * `discrete_metric_simplicial_set_intersection` and `general_simplicial_set_intersection` do it.
 * `weight`, 0 to 1, says how much the targets count; umap-learn's default is 0.5.
 */
export const DEFAULT_TARGET_WEIGHT = 0.5;

/** The label of a row whose target is not known. */
export const UNKNOWN = -1;
const UNKNOWN_DISTANCE = 1;

/** Edges between rows of different labels lose strength, all but a trace at the default weight. */
export function meetCategories(
  graph: SparseGraph,
  labels: Int32Array,
  weight = DEFAULT_TARGET_WEIGHT,
): SparseGraph {
  const far = weight < 1 ? 2.5 / (1 - weight) : 1e12;
  const apart = Math.exp(-far);
  const unknown = Math.exp(-UNKNOWN_DISTANCE);
  return locallyConnected(
    reweighted(graph, (strength, i, j) => {
      if (labels[i] === UNKNOWN || labels[j] === UNKNOWN) return strength * unknown;
      return labels[i] === labels[j] ? strength : strength * apart;
    }),
  );
}

/** Edges are those of the rows' graph and of the graph of their targets; each counts by both. */
export function meetNumbers(
  graph: SparseGraph,
  targets: Float64Array,
  others: number,
  weight = DEFAULT_TARGET_WEIGHT,
): SparseGraph {
  const { ids, distances } = nearestNumbers(targets, others);
  const right = fuzzySet(ids, distances, graph.n, others);
  return locallyConnected(intersection(graph, right, weight));
}

/** Least strength that a missing edge counts with, and the most for the targets' side. */
const TRACE = 1e-8;
const TARGET_TRACE = 1e-4;

function intersection(left: SparseGraph, right: SparseGraph, weight: number): SparseGraph {
  const leftTrace = Math.max(least(left.weights) / 2, TRACE);
  const rightTrace = Math.min(Math.max(least(right.weights) / 2, TRACE), TARGET_TRACE);
  const { n } = left;
  const offsets = new Int32Array(n + 1);
  const columns = new Int32Array(left.columns.length + right.columns.length);
  const weights = new Float32Array(columns.length);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    let a = left.offsets[i]!;
    let b = right.offsets[i]!;
    const [endA, endB] = [left.offsets[i + 1]!, right.offsets[i + 1]!];
    while (a < endA || b < endB) {
      const [atA, atB] = [a < endA ? left.columns[a]! : n, b < endB ? right.columns[b]! : n];
      const own = atA <= atB ? left.weights[a]! : leftTrace;
      const target = atB <= atA ? right.weights[b]! : rightTrace;
      columns[count] = Math.min(atA, atB);
      weights[count] =
        own > leftTrace || target > rightTrace
          ? mixed(own, target, weight)
          : (atA <= atB ? own : 0) + (atB <= atA ? target : 0);
      if (atA <= atB) a += 1;
      if (atB <= atA) b += 1;
      if (weights[count]! > 0) count += 1;
    }
    offsets[i + 1] = count;
  }
  return { n, offsets, columns: columns.slice(0, count), weights: weights.slice(0, count) };
}

const mixed = (own: number, target: number, weight: number): number =>
  weight < 0.5 ? own * target ** (weight / (1 - weight)) : own ** ((1 - weight) / weight) * target;

const least = (weights: Float32Array): number => {
  let smallest = Number.POSITIVE_INFINITY;
  for (const weight of weights) smallest = Math.min(smallest, weight);
  return smallest;
};

/** Each row's edges as parts of its strongest, joined with the other direction as w + w′ − w·w′. */
function locallyConnected(graph: SparseGraph): SparseGraph {
  const { n, offsets, columns, weights } = graph;
  const largest = new Float32Array(n);
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
      largest[i] = Math.max(largest[i]!, weights[e]!);
    }
  }
  // The graph is symmetric but for this scaling, so the other direction has the same strength.
  return reweighted({ n, offsets, columns, weights }, (strength, i, j) => {
    const there = strength / (largest[i]! || 1);
    const back = strength / (largest[j]! || 1);
    return there + back - there * back;
  });
}

/** The graph with other strengths, without the edges that have none. */
function reweighted(
  { n, offsets, columns, weights }: SparseGraph,
  strengthOf: (strength: number, i: number, j: number) => number,
): SparseGraph {
  const kept = new Int32Array(n + 1);
  const ends = new Int32Array(columns.length);
  const strengths = new Float32Array(columns.length);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    for (let e = offsets[i]!; e < offsets[i + 1]!; e += 1) {
      const j = columns[e]!;
      ends[count] = j;
      strengths[count] = strengthOf(weights[e]!, i, j);
      if (strengths[count]! > 0) count += 1;
    }
    kept[i + 1] = count;
  }
  return { n, offsets: kept, columns: ends.slice(0, count), weights: strengths.slice(0, count) };
}

/** The rows with the nearest targets, by |difference|; equal ones in the order of row numbers. */
export function nearestNumbers(
  targets: Float64Array,
  others: number,
): { ids: Int32Array; distances: Float64Array } {
  const n = targets.length;
  const ids = new Int32Array(n * others);
  const distances = new Float64Array(n * others);
  const order = Int32Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => targets[i]! - targets[j]! || i - j,
  );
  for (let place = 0; place < n; place += 1) {
    const i = order[place]!;
    const far = (at: number): number =>
      at < 0 || at >= n ? Number.POSITIVE_INFINITY : Math.abs(targets[order[at]!]! - targets[i]!);
    let [below, above] = [place - 1, place + 1];
    for (let k = 0; k < others; k += 1) {
      const down = far(below) <= far(above);
      const at = down ? below : above;
      ids[i * others + k] = order[at]!;
      distances[i * others + k] = far(at);
      if (down) below -= 1;
      else above += 1;
    }
  }
  return { ids, distances };
}
