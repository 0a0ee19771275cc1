import { throwIfAborted } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { GROUPS } from '../stats/groups.ts';
import { flushMoments, type GroupMoments, type Moments } from './folds/moments.ts';

/**
 * What second moments say about a set of rows: the spectrum of the cosine kernel and that of the
 * covariance. Both come from d×d matrices, whatever the number of rows.
 */
export interface Spectrum {
  readonly n: number;
  readonly dims: number;
  /**
   * Eigenvalues of K/n for the cosine kernel K, descending, summing to 1, zeros left out. They are
   * those of Σ x xᵀ / n over unit rows: the d×d twin of the n×n kernel matrix.
   */
  readonly kernel: Float64Array;
  /** Eigenvalues of the covariance (n − 1), descending, with zeros where the rank is below d. */
  readonly covariance: Float64Array;
  /** Population variance of each dimension. */
  readonly variances: Float64Array;
  /** Mean cosine distance over distinct pairs; null below two rows. */
  readonly meanDistance: number | null;
}

/** The spectrum of all rows, and of the rows without each group (null for groups without rows). */
export interface Spectra {
  readonly whole: Spectrum;
  readonly without: readonly (Spectrum | null)[];
  readonly sizes: Int32Array;
}

/** Sums over a set of rows. */
export interface Sums {
  readonly n: number;
  readonly gram: Float64Array;
  readonly sum: Float64Array;
}

/** Finishes the fold. `intervals: false` leaves out the values without each group. */
export async function spectraOf(
  moments: Moments,
  options: ComputeOptions & { readonly intervals?: boolean } = {},
): Promise<Spectra> {
  const { dims } = moments;
  await flushMoments(moments, options);
  const unit = total(moments.unit, dims);
  const raw = moments.raw === null ? unit : total(moments.raw, dims);

  const sizes = moments.unit.counts;
  const left: number[] = [];
  if (options.intervals !== false) {
    for (let g = 0; g < GROUPS; g += 1) if (sizes[g]! > 0 && sizes[g]! < unit.n) left.push(g);
  }
  const spectra = await solve(
    function* () {
      yield { unit, raw };
      for (const g of left) {
        const without = minus(unit, moments.unit, g);
        const rawWithout = moments.raw === null ? without : minus(raw, moments.raw, g);
        yield { unit: without, raw: rawWithout };
      }
    },
    dims,
    options,
  );
  const without: (Spectrum | null)[] = Array.from({ length: GROUPS }, () => null);
  for (const [i, g] of left.entries()) without[g] = spectra[i + 1]!;
  return { whole: spectra[0]!, without, sizes };
}

async function solve(
  sets: () => Iterable<{ unit: Sums; raw: Sums }>,
  dims: number,
  options: RunOptions,
): Promise<Spectrum[]> {
  function* matrices(): Iterable<Float64Array> {
    for (const { unit, raw } of sets()) {
      throwIfAborted(options.signal);
      yield unit.gram;
      yield covarianceOf(raw, dims);
    }
  }
  const values = await manyEigenvalues(matrices(), dims, options);
  const spectra: Spectrum[] = [];
  let at = 0;
  for (const { unit, raw } of sets()) {
    spectra.push({
      n: unit.n,
      dims,
      kernel: kernelShares(values[at]!),
      covariance: nonNegative(values[at + 1]!, Math.max(0, raw.n - 1)),
      variances: variancesOf(raw, dims),
      meanDistance: meanDistanceOf(unit, dims),
    });
    at += 2;
  }
  return spectra;
}

export function total(part: GroupMoments, dims: number): Sums {
  const gram = new Float64Array(dims * dims);
  const sum = new Float64Array(dims);
  let n = 0;
  for (let g = 0; g < GROUPS; g += 1) {
    if (part.counts[g] === 0) continue;
    n += part.counts[g]!;
    const from = part.grams[g]!;
    for (let i = 0; i < gram.length; i += 1) gram[i]! += from[i]!;
    for (let i = 0; i < dims; i += 1) sum[i]! += part.sums[g]![i]!;
  }
  return { n, gram, sum };
}

export const minus = (whole: Sums, part: GroupMoments, g: number): Sums => ({
  n: whole.n - part.counts[g]!,
  gram: whole.gram.map((value, i) => value - part.grams[g]![i]!),
  sum: whole.sum.map((value, i) => value - part.sums[g]![i]!),
});

/** (Σ x xᵀ − n μ μᵀ) / (n − 1); zeros below two rows. */
export function covarianceOf({ n, gram, sum }: Sums, dims: number): Float64Array {
  const covariance = new Float64Array(dims * dims);
  if (n < 2) return covariance;
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) {
      covariance[i * dims + j] = (gram[i * dims + j]! - (sum[i]! * sum[j]!) / n) / (n - 1);
    }
  }
  return covariance;
}

function variancesOf({ n, gram, sum }: Sums, dims: number): Float64Array {
  const variances = new Float64Array(dims);
  if (n === 0) return variances;
  for (let i = 0; i < dims; i += 1) {
    const square = gram[i * dims + i]! / n;
    const variance = square - (sum[i]! / n) ** 2;
    variances[i] = variance > square * ROUNDING ? variance : 0;
  }
  return variances;
}

/** 1 − (‖Σx‖² − Σ‖x‖²) / (n(n − 1)) over unit rows. */
function meanDistanceOf({ n, gram, sum }: Sums, dims: number): number | null {
  if (n < 2) return null;
  let norm = 0;
  let trace = 0;
  for (let i = 0; i < dims; i += 1) {
    norm += sum[i]! ** 2;
    trace += gram[i * dims + i]!;
  }
  return Math.max(0, 1 - (norm - trace) / (n * (n - 1)));
}

/** Relative size below which an eigenvalue of a d×d float64 matrix is rounding, not signal. */
const ROUNDING = 1e-13;

/** Eigenvalues of Σ x xᵀ as shares: descending, rounding left out, summing to one. Empty when the trace is zero. */
export function kernelShares(ascending: Float64Array): Float64Array {
  const largest = ascending.at(-1) ?? 0;
  const kept = ascending.filter((value) => value > largest * ROUNDING).reverse();
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map((value) => value / sum);
}

/** Descending, with rounding and whatever lies beyond the largest possible rank set to zero. */
function nonNegative(ascending: Float64Array, rank: number): Float64Array {
  const largest = ascending.at(-1) ?? 0;
  return ascending
    .toReversed()
    .map((value, i) => (i < rank && value > largest * ROUNDING ? value : 0));
}
