import { random } from '../base/random.ts';
import type { ComputeOptions } from '../compute/device.ts';
import { rowOf } from '../compute/vectors.ts';
import { type ArtefactSource, artefactsOf } from '../engine/artefacts.ts';
import type { Need } from '../measures/measure.ts';
import type { Rows } from '../measures/rows.ts';
import type { Spectrum } from '../measures/spectrum.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';
import type {
  BinnedReport,
  BinsReport,
  DistributionsReport,
  HistogramReport,
  SpectrumReport,
} from './report.ts';

/** Pairs of rows that similarities are counted over: all where there are no more. */
const PAIRS = 100_000;
/** Keeps the draw of pairs apart from other draws of the same seed. */
const STREAM = 0x70616972;
/** Ranks of a spectrum that are kept, in even steps of their logarithm. */
const RANKS = 64;
/** Bins of a histogram, about. */
const BINS = 40;
/** The share of lengths that the bins show one by one; longer rows share the last. */
const SHOWN = 0.99;

interface Asked extends ComputeOptions {
  readonly seed: number;
  /** Artefacts that some measure was made from. */
  readonly needs: ReadonlySet<Need>;
  readonly tokens: Int32Array | null;
  readonly referenceTokens: Int32Array | null;
}

/** What figures are drawn from: bounded whatever the number of rows, and only of what was measured anyway. */
export async function distributionsOf(
  source: ArtefactSource,
  { seed, needs, tokens, referenceTokens, device, signal }: Asked,
): Promise<DistributionsReport> {
  const { rows, reference } = source;
  const alone = reference && artefactsOf(reference, null, { ...SINGLE, seed, device, signal });
  const near = needs.has('cosineNeighbours') || sameSpace(rows, needs);
  const graph = near ? await source('cosineNeighbours') : null;
  const beside =
    reference !== null && graph !== null && needs.has('reference') && sameSpace(reference, needs)
      ? (await source('reference')).neighbours
      : null;
  return {
    spectrum: needs.has('spectrum')
      ? {
          dataset: spectrumOf((await source('spectrum')).whole),
          reference: alone && spectrumOf((await alone('spectrum')).whole),
        }
      : null,
    pairs: histogramOf(
      pairSimilarities(rows, seed),
      reference && pairSimilarities(reference, seed),
      similarityBins,
    ),
    nearest:
      graph === null
        ? null
        : histogramOf(
            nearestSimilarities(graph),
            beside && nearestSimilarities(beside),
            similarityBins,
          ),
    lengths:
      tokens === null
        ? null
        : histogramOf(
            Float64Array.from(tokens),
            referenceTokens && Float64Array.from(referenceTokens),
            lengthBins,
          ),
  };
}

const SINGLE = { index: 'auto', intervals: false } as const;

/** Whether the neighbours that measures read are those by cosine. */
const sameSpace = (rows: Rows, needs: ReadonlySet<Need>): boolean =>
  needs.has('neighbours') && rows.vectors === rows.unit;

/** The eigenvalues of the kernel as shares, thinned to even steps of the logarithm of their rank. */
export function spectrumOf({ n, dims, kernel }: Spectrum): SpectrumReport {
  const ranks: number[] = [];
  for (let step = 0; step < RANKS && kernel.length > 0; step += 1) {
    const rank = Math.round(kernel.length ** (step / (RANKS - 1)));
    if (rank !== ranks.at(-1)) ranks.push(rank);
  }
  const holding = (share: number): number => {
    let sum = 0;
    let count = 0;
    while (count < kernel.length && sum < share - 1e-12) sum += kernel[count++]!;
    return count;
  };
  return {
    ...{ n, dims, ranks },
    shares: ranks.map((rank) => kernel[rank - 1]!),
    half: holding(0.5),
    most: holding(0.9),
  };
}

/** Cosine similarities of distinct pairs, drawn from the rows in the order of their content's hash. */
export function pairSimilarities({ n, unit, order }: Rows, seed: number): Float64Array {
  const all = (n * (n - 1)) / 2;
  const similarity = (a: number, b: number): number => {
    const [x, y] = [rowOf(unit, order[a]!), rowOf(unit, order[b]!)];
    let sum = 0;
    for (let j = 0; j < x.length; j += 1) sum += x[j]! * y[j]!;
    return Math.max(-1, Math.min(1, sum));
  };
  const found = new Float64Array(Math.min(all, PAIRS));
  if (all <= PAIRS) {
    let at = 0;
    for (let a = 1; a < n; a += 1) for (let b = 0; b < a; b += 1) found[at++] = similarity(a, b);
    return found;
  }
  const uniform = random(seed ^ STREAM);
  for (let at = 0; at < PAIRS; at += 1) {
    const a = Math.floor(uniform() * n);
    const b = Math.floor(uniform() * (n - 1));
    found[at] = similarity(a, b < a ? b : b + 1);
  }
  return found;
}

const nearestSimilarities = ({ n, k, distances }: NeighbourGraph): Float64Array =>
  Float64Array.from({ length: k === 0 ? 0 : n }, (_, i) => 1 - distances[i * k]!);

type BinsOf = (sorted: Float64Array) => Bins;

interface Bins {
  readonly from: number;
  readonly width: number;
  readonly count: number;
  /** Whether the last holds all that is larger, too. */
  readonly open: boolean;
}

/** Bins of a round width that end at 1. */
export function similarityBins(sorted: Float64Array): Bins {
  const low = Math.min(1, sorted[0]!);
  const width = [0.005, 0.01, 0.02, 0.025].find((step) => (1 - low) / step <= BINS) ?? 0.05;
  const count = Math.max(1, Math.ceil((1 - low) / width - 1e-9));
  return { from: 1 - count * width, width, count, open: false };
}

/** Bins of whole numbers, up to what nearly all rows stay below. */
export function lengthBins(sorted: Float64Array): Bins {
  const low = sorted[0]!;
  const high = sorted[Math.floor(SHOWN * (sorted.length - 1))]!;
  const width = Math.max(1, Math.ceil((high - low + 1) / BINS));
  const count = Math.floor((high - low) / width) + 1;
  const end = low + count * width;
  return { from: low, width, count, open: sorted.at(-1)! >= end };
}

/** Both sides counted in the same bins, which the numbers of both together decide. */
export function histogramOf(
  dataset: Float64Array,
  reference: Float64Array | null,
  binsOf: BinsOf,
): HistogramReport | null {
  if (dataset.length === 0) return null;
  const beside = reference === null || reference.length === 0 ? [] : [reference];
  const { sides, ...bins } = binnedOf([dataset, ...beside], binsOf)!;
  return { ...bins, dataset: sides[0]!, reference: sides[1] ?? null };
}

/** Any number of sides counted in the same bins; null where there is nothing to count. */
export function binnedOf(
  sides: readonly Float64Array[],
  binsOf: BinsOf,
): (BinsReport & { readonly sides: readonly BinnedReport[] }) | null {
  const all = new Float64Array(sides.reduce((sum, { length }) => sum + length, 0));
  if (all.length === 0) return null;
  let at = 0;
  for (const side of sides) {
    all.set(side, at);
    at += side.length;
  }
  const { from, width, count, open } = binsOf(all.sort());
  const binned = (values: Float64Array): BinnedReport => {
    const counts = new Array<number>(count).fill(0);
    for (const value of values) {
      // A value on an edge belongs above it, up to rounding; the largest of all to the last bin.
      const bin = Math.floor((value - from) / width + 1e-9);
      counts[Math.max(0, Math.min(count - 1, bin))]! += 1;
    }
    const n = Math.max(1, values.length);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    return { n: values.length, mean, shares: counts.map((of) => of / n) };
  };
  return { ...{ from, width, open }, sides: sides.map(binned) };
}
