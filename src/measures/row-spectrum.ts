import { throwIfAborted } from '../base/errors.ts';
import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import { GROUPS } from '../stats/groups.ts';
import { productsOf } from './mixtures.ts';
import type { Rows } from './rows.ts';
import {
  CANCELLED,
  kernelShares,
  meanDistanceOf,
  nonNegative,
  type Spectra,
  type Spectrum,
  variancesOf,
} from './spectrum.ts';

/**
 * The spectra of fewer rows than dimensions, from the products x · y of every two rows. XXᵀ has the eigenvalues
 * of XᵀX but for zeros, and with rows and columns centred those of the covariance. What is left without a group
 * is the same matrix with that group's rows and columns set to zero, so that all matrices have one size.
 */
export async function spectraOfRows(
  { n, unit, vectors, groups, sizes }: Rows,
  options: ComputeOptions & { readonly intervals?: boolean | undefined } = {},
): Promise<Spectra> {
  const { dims } = unit;
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const cosines = await productsOf([{ unit, rows }], options);
  const products =
    vectors === unit ? cosines : await productsOf([{ unit: vectors, rows }], options);
  const left =
    options.intervals === false
      ? []
      : Array.from({ length: GROUPS }, (_, g) => g).filter((g) => sizes[g]! > 0 && sizes[g]! < n);
  // −1 is in no group: the first set is all rows.
  const sets = [-1, ...left].map((g) => rows.filter((row) => groups[row] !== g));
  const matrix = new Float64Array(n * n);
  function* matrices(): Iterable<Float64Array> {
    for (const kept of sets) {
      throwIfAborted(options.signal);
      yield submatrix(cosines, kept, matrix);
      yield centred(products, kept, matrix);
    }
  }
  const values = await manyEigenvalues(matrices(), n, { signal: options.signal });
  const { squares, sums } = momentsByGroup(vectors, groups);
  const spectra = sets.map((kept, s): Spectrum => {
    const covariance = new Float64Array(dims);
    covariance.set(nonNegative(values[2 * s + 1]!, Math.max(0, kept.length - 1)));
    const of = (parts: readonly Float64Array[]): Float64Array =>
      totalWithout(parts, s === 0 ? -1 : left[s - 1]!);
    return {
      pointing: Math.round(traceOf(cosines, kept)),
      ...{ n: kept.length, dims, kernel: kernelShares(values[2 * s]!), covariance },
      variances: variancesOf(kept.length, of(squares), of(sums)),
      meanDistance: meanDistanceOf(kept.length, sumOf(cosines, kept), traceOf(cosines, kept)),
    };
  });
  const without: (Spectrum | null)[] = Array.from({ length: GROUPS }, () => null);
  for (const [i, g] of left.entries()) without[g] = spectra[i + 1]!;
  return { whole: spectra[0]!, without, sizes };
}

function submatrix(all: Float64Array, kept: Int32Array, into: Float64Array): Float64Array {
  const n = Math.round(Math.sqrt(all.length));
  into.fill(0);
  for (const i of kept) for (const j of kept) into[i * n + j] = all[i * n + j]!;
  return into;
}

/** (P − row means − column means + mean) / (rows − 1) over the kept rows; zeros below two. */
function centred(all: Float64Array, kept: Int32Array, into: Float64Array): Float64Array {
  const n = Math.round(Math.sqrt(all.length));
  into.fill(0);
  const count = kept.length;
  if (count < 2) return into;
  const means = new Float64Array(n);
  let largest = 0;
  for (const i of kept) {
    largest = Math.max(largest, all[i * n + i]!);
    let sum = 0;
    for (const j of kept) sum += all[i * n + j]!;
    means[i] = sum / count;
  }
  const mean = means.reduce((a, b) => a + b, 0) / count;
  for (const i of kept) {
    for (const j of kept) {
      const value = all[i * n + j]! - means[i]! - means[j]! + mean;
      if (Math.abs(value) > largest * CANCELLED) into[i * n + j] = value / (count - 1);
    }
  }
  return into;
}

function sumOf(all: Float64Array, kept: Int32Array): number {
  const n = Math.round(Math.sqrt(all.length));
  let sum = 0;
  for (const i of kept) for (const j of kept) sum += all[i * n + j]!;
  return sum;
}

function traceOf(all: Float64Array, kept: Int32Array): number {
  const n = Math.round(Math.sqrt(all.length));
  let sum = 0;
  for (const i of kept) sum += all[i * n + i]!;
  return sum;
}

/** Sums of squares and sums of each dimension, a list a group. */
function momentsByGroup(
  vectors: Vectors,
  groups: Uint8Array,
): { squares: Float64Array[]; sums: Float64Array[] } {
  const { n, dims } = vectors;
  const empty = (): Float64Array[] => Array.from({ length: GROUPS }, () => new Float64Array(dims));
  const [squares, sums] = [empty(), empty()];
  for (let i = 0; i < n; i += 1) {
    const row = rowOf(vectors, i);
    const [square, sum] = [squares[groups[i]!]!, sums[groups[i]!]!];
    for (let j = 0; j < dims; j += 1) {
      square[j]! += row[j]! * row[j]!;
      sum[j]! += row[j]!;
    }
  }
  return { squares, sums };
}

function totalWithout(parts: readonly Float64Array[], skip: number): Float64Array {
  const total = new Float64Array(parts[0]!.length);
  for (const [g, part] of parts.entries()) {
    if (g === skip) continue;
    for (let j = 0; j < total.length; j += 1) total[j]! += part[j]!;
  }
  return total;
}
