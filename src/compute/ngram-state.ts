import { usageError } from '../base/errors.ts';

/**
 * What n-grams are made of: words are parted by white space; terms are such words too, but each
 * character of a script that puts no spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar) is a
 * term of its own, with its marks; characters are Unicode code points.
 */
export type NgramUnit = 'words' | 'terms' | 'characters';

/**
 * What is known of the n-grams of some documents: plain arrays that can be stored, the same bytes
 * whatever the order of the documents. Merging the states of shards gives the state of one pass.
 * Hashes have 64 bits: two u32 each, the low one first.
 */
export interface NgramState {
  readonly unit: NgramUnit;
  /** Words or characters in an n-gram. */
  readonly size: number;
  /** Different n-grams up to which every one is kept. */
  readonly limit: number;
  /** How many of the smallest hashes are kept. */
  readonly keep: number;
  /** Documents seen, also those too short for an n-gram. */
  readonly documents: number;
  /** N-grams seen, repetitions counted. */
  readonly total: number;
  /** Every different n-gram, by ascending hash, and in how many documents it is; null above the limit. */
  readonly exact: { readonly hashes: Uint32Array; readonly documents: Uint32Array } | null;
  /** A HyperLogLog of 2^14 registers. */
  readonly registers: Uint8Array;
  /** The smallest different hashes, ascending. */
  readonly smallest: Uint32Array;
}

export interface Estimate {
  readonly value: number;
  readonly method: 'exact' | 'estimated';
  /** Standard error ÷ value for a count, standard error for a share; 0 when exact. */
  readonly error: number;
}

/** The state of both shards together: their documents must be different ones. */
export function mergeNgrams(a: NgramState, b: NgramState): NgramState {
  for (const key of ['unit', 'size', 'limit', 'keep'] as const) {
    if (a[key] === b[key]) continue;
    throw usageError(
      `N-grams with ${key} ${a[key]} cannot be merged with those with ${key} ${b[key]}; count both alike.`,
    );
  }
  const together = a.exact && b.exact ? mergeExact(a.exact, b.exact) : null;
  return {
    ...a,
    documents: a.documents + b.documents,
    total: a.total + b.total,
    exact: together && together.documents.length <= a.limit ? together : null,
    registers: a.registers.map((rank, at) => Math.max(rank, b.registers[at]!)),
    smallest: union(a.smallest, b.smallest).hashes.slice(0, 2 * a.keep),
  };
}

/** How many different n-grams there are. */
export function distinctNgrams({ exact, registers }: NgramState): Estimate {
  if (exact) return { value: exact.documents.length, method: 'exact', error: 0 };
  const error = 1.04 / Math.sqrt(registers.length);
  return { value: estimateDistinct(registers), method: 'estimated', error };
}

/** Shared ÷ all different n-grams of two sets of documents (Jaccard); 1 when neither has any. */
export function jaccard(a: NgramState, b: NgramState): Estimate {
  if (a.unit !== b.unit || a.size !== b.size) {
    throw usageError(
      `The ${a.size}-grams of ${a.unit} and the ${b.size}-grams of ${b.unit} have nothing in common.`,
    );
  }
  const most = Math.min(a.keep, b.keep);
  const { both, hashes } =
    a.exact && b.exact
      ? union(a.exact.hashes, b.exact.hashes)
      : union(a.smallest, b.smallest, most);
  const different = hashes.length / 2;
  const value = different === 0 ? 1 : both / different;
  if ((a.exact && b.exact) || different < most) return { value, method: 'exact', error: 0 };
  // The smallest hashes of the union are a sample without replacement of all of them.
  return { value, method: 'estimated', error: Math.sqrt((value * (1 - value)) / different) };
}

/** The hashes of both, ascending, up to `most` of them, and how many of those are in both. */
function union(
  a: Uint32Array,
  b: Uint32Array,
  most = Infinity,
): { hashes: Uint32Array; both: number; places: Int32Array } {
  const hashes = new Uint32Array(a.length + b.length);
  const places = new Int32Array(a.length + b.length);
  let count = 0;
  let both = 0;
  for (let i = 0, j = 0; count < most && (i < a.length || j < b.length); count += 1) {
    const order = compare(a, i, b, j);
    const from = order <= 0 ? a : b;
    const at = order <= 0 ? i : j;
    hashes[2 * count] = from[at]!;
    hashes[2 * count + 1] = from[at + 1]!;
    places[2 * count] = order <= 0 ? i / 2 : -1;
    places[2 * count + 1] = order >= 0 ? j / 2 : -1;
    if (order === 0) both += 1;
    if (order <= 0) i += 2;
    if (order >= 0) j += 2;
  }
  return { hashes: hashes.slice(0, 2 * count), both, places: places.subarray(0, 2 * count) };
}

/** Which of two hashes is smaller, as for sorting; past the end there are only larger ones. */
function compare(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  if (i >= a.length) return 1;
  if (j >= b.length) return -1;
  return a[i + 1]! - b[j + 1]! || a[i]! - b[j]!;
}

type Exact = NonNullable<NgramState['exact']>;

function mergeExact(a: Exact, b: Exact): Exact {
  const { hashes, places } = union(a.hashes, b.hashes);
  const documents = Uint32Array.from({ length: hashes.length / 2 }, (_, at) => {
    const inA = places[2 * at]!;
    const inB = places[2 * at + 1]!;
    return (inA < 0 ? 0 : a.documents[inA]!) + (inB < 0 ? 0 : b.documents[inB]!);
  });
  return { hashes, documents };
}

/**
 * Ertl's improved estimator (arXiv 1702.01284, section 3), which is unbiased from none to billions
 * without the tables of corrections that HyperLogLog++ has.
 */
export function estimateDistinct(registers: Uint8Array): number {
  const m = registers.length;
  const ranks = 64 - Math.log2(m);
  const counts = new Float64Array(ranks + 2);
  for (const rank of registers) counts[rank]! += 1;
  let z = m * tau(1 - counts[ranks + 1]! / m);
  for (let rank = ranks; rank >= 1; rank -= 1) z = 0.5 * (z + counts[rank]!);
  z += m * sigma(counts[0]! / m);
  return (m * m) / (2 * Math.LN2 * z);
}

/** x + Σ x^(2^k) · 2^(k−1), for the share of registers that are empty. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let sum = x;
  let power = x;
  for (let weight = 1, before = -1; sum !== before; weight *= 2) {
    before = sum;
    power *= power;
    sum += power * weight;
  }
  return sum;
}

/** (1 − x − Σ (1 − x^(2^−k))² · 2^−k) ÷ 3, for the share of registers that are not full. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let sum = 1 - x;
  let root = x;
  for (let weight = 0.5, before = -1; sum !== before; weight /= 2) {
    before = sum;
    root = Math.sqrt(root);
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
