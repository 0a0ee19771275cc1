/**
 * UMAP's fuzzy simplicial set (McInnes, Healy & Melville 2018, arXiv 1802.03426, algorithm 2), step by
 * step as umap-learn computes it, so that its options mean the same here: every row has a distance ρ
 * to its nearest different neighbour and a bandwidth σ at which its neighbourhood has log2 k members;
 * an edge's strength is exp(−(d − ρ)/σ), and the two directions of an edge join as w + w′ − w·w′.
 */

/** A symmetric weighted graph, row by row: columns of row i are columns[offsets[i]] … , ascending. */
export interface SparseGraph {
  readonly n: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

export interface Bandwidths {
  readonly sigmas: Float64Array;
  readonly rhos: Float64Array;
}

/** How near to log2 k the members of a neighbourhood must come; umap-learn's is ten times as wide. */
const TOLERANCE = 1e-6;
const MOST_STEPS = 64;
/** σ is kept from collapsing: at least this part of the mean distance. */
const SMALLEST_SIGMA = 1e-3;

/**
 * σ and ρ of every row. `distances` holds `others` ascending distances a row, the row itself left
 * out; it counts as the first of k = others + 1 neighbours, at distance 0, as in umap-learn. There a
 * rounded distance to itself (1e-16) stands as ρ; `own` gives such distances, for the parity test.
 */
export function bandwidths(
  distances: ArrayLike<number>,
  n: number,
  others: number,
  own?: ArrayLike<number>,
): Bandwidths {
  const sigmas = new Float64Array(n);
  const rhos = new Float64Array(n);
  const k = others + 1;
  const target = Math.log2(k);
  const overallMean = sumOf(distances, 0, n * others) / Math.max(1, n * k);
  for (let i = 0; i < n; i += 1) {
    const [start, end] = [i * others, (i + 1) * others];
    let rho = own?.[i] ?? 0;
    for (let j = start; rho === 0 && j < end; j += 1) rho = distances[j]!;
    const mean = rho > 0 ? sumOf(distances, start, end) / k : overallMean;
    rhos[i] = rho;
    sigmas[i] = Math.max(bandwidth(distances, start, end, rho, target), SMALLEST_SIGMA * mean);
  }
  return { sigmas, rhos };
}

/**
 * The strengths that pull new rows to their k nearest rows of a map, as in umap-learn's `transform`: no
 * ρ, and a bandwidth that the nearest has no part in.
 */
export function memberships(distances: ArrayLike<number>, n: number, k: number): Float32Array {
  const strengths = new Float32Array(n * k);
  const floor = (SMALLEST_SIGMA * sumOf(distances, 0, n * k)) / Math.max(1, n * k);
  for (let i = 0; i < n; i += 1) {
    const [start, end] = [i * k, (i + 1) * k];
    const sigma = Math.max(bandwidth(distances, start + 1, end, 0, Math.log2(k)), floor);
    for (let j = start; j < end; j += 1) strengths[j] = strength(distances[j]!, sigma);
  }
  return strengths;
}

const strength = (beyond: number, sigma: number): number =>
  beyond <= 0 || sigma === 0 ? 1 : Math.exp(-beyond / sigma);

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += values[i]!;
  return sum;
}

/**
 * The σ at which Σ exp(−(d − ρ)/σ), d − ρ no less than 0, is `target`; umap-learn's bisection finds the
 * same. In 1/σ the sum is convex and falls, so Newton's steps from 0 never go too far. 0 where the sum
 * is beyond the target at any σ.
 */
function bandwidth(
  distances: ArrayLike<number>,
  from: number,
  to: number,
  rho: number,
  target: number,
): number {
  let inverse = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    let members = 0;
    let slope = 0;
    for (let j = from; j < to; j += 1) {
      const beyond = distances[j]! - rho;
      const part = beyond > 0 ? Math.exp(-beyond * inverse) : 1;
      members += part;
      if (beyond > 0) slope += beyond * part;
    }
    if (members - target < TOLERANCE) return inverse > 0 || slope > 0 ? 1 / inverse : 1;
    if (slope === 0) return 0;
    inverse += (members - target) / slope;
  }
  return 1 / inverse;
}

/** The symmetric graph of the `others` nearest rows of every row. */
export function fuzzySet(
  ids: Int32Array,
  distances: ArrayLike<number>,
  n: number,
  others: number,
  own?: ArrayLike<number>,
): SparseGraph {
  const { sigmas, rhos } = bandwidths(distances, n, others, own);
  const out = sortedByColumn(ids, n, others);
  const strengths = new Float32Array(n * others);
  for (let i = 0; i < n; i += 1) {
    for (let e = i * others; e < (i + 1) * others; e += 1) {
      strengths[e] = strength(distances[out.places[e]!]! - rhos[i]!, sigmas[i]!);
    }
  }
  return union(out.columns, strengths, n, others);
}

/** Each row's neighbours in the order of their numbers, and where each stood in the lists. */
function sortedByColumn(
  ids: Int32Array,
  n: number,
  others: number,
): { columns: Int32Array; places: Int32Array } {
  const columns = new Int32Array(n * others);
  const places = new Int32Array(n * others);
  for (let i = 0; i < n; i += 1) {
    const start = i * others;
    for (let j = 0; j < others; j += 1) {
      const id = ids[start + j]!;
      let at = start + j;
      while (at > start && columns[at - 1]! > id) {
        columns[at] = columns[at - 1]!;
        places[at] = places[at - 1]!;
        at -= 1;
      }
      columns[at] = id;
      places[at] = start + j;
    }
  }
  return { columns, places };
}

/** w + w′ − w·w′ over both directions of every edge: merges each row with that of the transpose. */
function union(
  columns: Int32Array,
  strengths: Float32Array,
  n: number,
  others: number,
): SparseGraph {
  const incoming = transpose(columns, strengths, n, others);
  const offsets = new Int32Array(n + 1);
  const merged = new Int32Array(2 * n * others);
  const weights = new Float32Array(2 * n * others);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    let a = i * others;
    let b = incoming.offsets[i]!;
    const endA = a + others;
    const endB = incoming.offsets[i + 1]!;
    while (a < endA || b < endB) {
      const outgoing = a < endA ? columns[a]! : n;
      const coming = b < endB ? incoming.columns[b]! : n;
      const w = outgoing <= coming ? strengths[a]! : 0;
      const back = coming <= outgoing ? incoming.weights[b]! : 0;
      merged[count] = Math.min(outgoing, coming);
      weights[count] = w + back - w * back;
      if (outgoing <= coming) a += 1;
      if (coming <= outgoing) b += 1;
      if (weights[count]! > 0) count += 1;
    }
    offsets[i + 1] = count;
  }
  return { n, offsets, columns: merged.slice(0, count), weights: weights.slice(0, count) };
}

function transpose(
  columns: Int32Array,
  strengths: Float32Array,
  n: number,
  others: number,
): SparseGraph {
  const offsets = new Int32Array(n + 1);
  for (const column of columns) offsets[column + 1]! += 1;
  for (let i = 0; i < n; i += 1) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, n);
  const sources = new Int32Array(columns.length);
  const weights = new Float32Array(columns.length);
  for (let e = 0; e < columns.length; e += 1) {
    const at = next[columns[e]!]!;
    next[columns[e]!] = at + 1;
    sources[at] = Math.floor(e / others);
    weights[at] = strengths[e]!;
  }
  return { n, offsets, columns: sources, weights };
}
