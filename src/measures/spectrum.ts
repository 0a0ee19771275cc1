import { throwIfAborted } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { GROUPS } from '../stats/groups.ts';
import { orderTwoAt } from '../stats/rarefaction.ts';
import { flushMoments, type GroupMoments, type Moments } from './folds/moments.ts';

/**
 * What second moments say about a set of rows: the spectrum of the cosine kernel and that of the
 * covariance. Both come from d×d matrices, whatever the number of rows; where rows are fewer than
 * dimensions, from the n×n matrices that have the same eigenvalues but for zeros (row-spectrum.ts).
 */
export interface Spectrum {
  readonly n: number;
  /** Rows that point anywhere: all but those of zeros. */
  readonly pointing: number;
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
  options: ComputeOptions & { readonly intervals?: boolean | undefined } = {},
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
      pointing: Math.round(trace(unit, dims)),
      dims,
      kernel: kernelShares(values[at]!),
      covariance: nonNegative(values[at + 1]!, Math.max(0, raw.n - 1)),
      variances: variancesOf(raw.n, diagonalOf(raw, dims), raw.sum),
      meanDistance: meanDistanceOf(unit.n, norm(unit.sum), trace(unit, dims)),
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
  gram: difference(whole.gram, part.grams[g]!),
  sum: whole.sum.map((value, i) => value - part.sums[g]![i]!),
});

function difference(whole: Float64Array, part: Float64Array): Float64Array {
  const left = new Float64Array(whole.length);
  for (let i = 0; i < left.length; i += 1) left[i] = whole[i]! - part[i]!;
  return left;
}

/** What is left of a sum this much smaller than its terms is rounding: equal rows do not vary. */
export const CANCELLED = 1e-14;

/** (Σ x xᵀ − n μ μᵀ) / (n − 1); zeros below two rows. */
export function covarianceOf({ n, gram, sum }: Sums, dims: number): Float64Array {
  const covariance = new Float64Array(dims * dims);
  if (n < 2) return covariance;
  const sizes = Float64Array.from({ length: dims }, (_, i) => Math.sqrt(gram[i * dims + i]!));
  // Made for every group that is left out: one half is computed, the other is its mirror.
  for (let i = 0; i < dims; i += 1) {
    const mean = sum[i]! / n;
    const least = CANCELLED * sizes[i]!;
    const row = i * dims;
    for (let j = 0; j <= i; j += 1) {
      const value = gram[row + j]! - mean * sum[j]!;
      if (Math.abs(value) <= least * sizes[j]!) continue;
      covariance[row + j] = value / (n - 1);
      covariance[j * dims + i] = covariance[row + j]!;
    }
  }
  return covariance;
}

/** Population variances from sums of squares and sums, one a dimension. */
export function variancesOf(n: number, squares: Float64Array, sum: Float64Array): Float64Array {
  if (n === 0) return new Float64Array(squares.length);
  return squares.map((total, i) => {
    const square = total / n;
    const variance = square - (sum[i]! / n) ** 2;
    return variance > square * ROUNDING ? variance : 0;
  });
}

/** 1 − (‖Σx‖² − Σ‖x‖²) / (n(n − 1)) over unit rows; null below two rows. */
export const meanDistanceOf = (n: number, ofSum: number, ofRows: number): number | null =>
  n < 2 ? null : Math.max(0, 1 - (ofSum - ofRows) / (n * (n - 1)));

const diagonalOf = ({ gram }: Pick<Sums, 'gram'>, dims: number): Float64Array =>
  Float64Array.from({ length: dims }, (_, i) => gram[i * dims + i]!);

const norm = (vector: Float64Array): number => vector.reduce((sum, x) => sum + x * x, 0);

export const trace = (sums: Pick<Sums, 'gram'>, dims: number): number =>
  diagonalOf(sums, dims).reduce((a, b) => a + b, 0);

/** A number of order 2 on m of n rows, of which those of zeros count for nothing and are drawn too. */
export const pointingAt = (
  value: number,
  { n, pointing }: Pick<Spectrum, 'n' | 'pointing'>,
  m: number,
): number => orderTwoAt(value, Math.max(2, pointing), Math.max(1, (m * pointing) / n));

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
export function nonNegative(ascending: Float64Array, rank: number): Float64Array {
  const largest = ascending.at(-1) ?? 0;
  return ascending
    .toReversed()
    .map((value, i) => (i < rank && value > largest * ROUNDING ? value : 0));
}
