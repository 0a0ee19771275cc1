import { throwIfAborted } from '../base/errors.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { symmetricEigenvalues } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import {
  drawFrequencies,
  type Frequencies,
  randomFeatures,
} from '../compute/kernels/random-features.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import { hillNumber } from '../stats/hill.ts';
import { kernelShares } from './spectrum.ts';

/**
 * The entropy of the Gaussian kernel's eigenvalues over many rows, from random Fourier features φ (Rahimi & Recht
 * 2007): the eigenvalues of Σ φ φᵀ / n, a matrix of their number, linear in the rows. It is short of the true entropy by what
 * so few directions cannot hold, and the more rows the more: on rows of language by a tenth to a half of a
 * nat. How short is measured where the kernel's own eigenvalues are known, on m rows and on m/2, and
 * carried on to n rows by a growth, 2^e a doubling, whose e falls by a quarter with each doubling:
 * a source shows fewer new directions from rows to rows. The standard error is half the distance to an e that halves.
 */
export interface LogVendi {
  readonly log: number;
  readonly error: number;
}

/** Frequencies; features are twice as many. */
const FREQUENCIES = 512;
/** Part of the exponent that is left after a doubling of the rows; and by the more cautious count. */
const LEFT = 3 / 4;
const LEFT_AT_LEAST = 1 / 2;

export async function logVendiBeyond(
  { vectors, order }: { readonly vectors: Vectors; readonly order: Int32Array },
  /** Logarithms of the Vendi score of the first m rows of the order, and of the first half of them. */
  solved: { readonly m: number; readonly whole: number; readonly half: number },
  {
    sigma,
    seed,
    count = FREQUENCIES,
    ...options
  }: ComputeOptions & { readonly sigma: number; readonly seed: number; readonly count?: number },
): Promise<LogVendi> {
  const { n, dims } = vectors;
  const frequencies = drawFrequencies(count, dims, sigma, seed);
  const entropyOf = (rows: Vectors): Promise<number> => featureEntropy(rows, frequencies, options);
  const known = selectRows(vectors, order.subarray(0, solved.m));
  const first = selectRows(vectors, order.subarray(0, solved.m / 2));
  const short = {
    whole: Math.max(0, solved.whole - (await entropyOf(known))),
    half: Math.max(0, solved.half - (await entropyOf(first))),
  };
  const doublings = Math.log2(n / solved.m);
  const exponent =
    short.half > 0 ? Math.min(1, Math.max(0, Math.log2(short.whole / short.half))) : 0;
  const shortAtN = (left: number): number =>
    short.whole * 2 ** (exponent * ((left * (1 - left ** doublings)) / (1 - left)));
  const likely = shortAtN(LEFT);
  const entropy = await entropyOf(vectors);
  return {
    log: Math.min(Math.log(n), Math.max(0, entropy + likely)),
    error: (likely - shortAtN(LEFT_AT_LEAST)) / 2,
  };
}

/** The entropy of the eigenvalues of Σ φ φᵀ / n. */
async function featureEntropy(
  rows: Vectors,
  frequencies: Frequencies,
  { device = cpu, signal }: ComputeOptions,
): Promise<number> {
  const width = 2 * frequencies.count;
  const sums = new Float64Array(width * width);
  for await (const { data } of randomFeatures(device, rows, frequencies)) {
    throwIfAborted(signal);
    const part = await gram(device, data, width);
    for (let i = 0; i < sums.length; i += 1) sums[i]! += part.gram[i]!;
  }
  return Math.log(hillNumber(kernelShares(await symmetricEigenvalues(sums, width)), 1));
}
