import { throwIfAborted } from '../base/errors.ts';
import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';
import { gramOf, productsOf, vendiOf } from '../measures/mixtures.ts';

export interface SpectralValues {
  /** null where no row points anywhere. */
  readonly vendi: number | null;
  /** null below two rows. */
  readonly meanDistance: number | null;
}

/**
 * Vendi scores and mean cosine distances of many sets of unit rows, all of one size: from the matrix of rows or
 * the one of dimensions, whichever is smaller, for their eigenvalues are the same.
 */
export async function spectralValues(
  unit: Vectors,
  sets: readonly Int32Array[],
  options: ComputeOptions,
): Promise<SpectralValues[]> {
  const m = sets[0]?.length ?? 0;
  const { dims } = unit;
  if (m === 0 || dims === 0) return sets.map(() => ({ vendi: null, meanDistance: null }));
  const { signal } = options;
  async function* matrices(): AsyncIterable<Float64Array> {
    for (const set of sets) {
      throwIfAborted(signal);
      if (m >= dims) yield gramOf({ unit, rows: set }, options);
      else yield productsOf([{ unit, rows: set }], options);
    }
  }
  const spectra = await manyEigenvalues(matrices(), Math.min(m, dims), { signal });
  return spectra.map((values, i) => ({
    vendi: vendiOf(values).score || null,
    meanDistance: meanDistanceOf(unit, sets[i]!),
  }));
}

function meanDistanceOf(unit: Vectors, chosen: Int32Array): number | null {
  const m = chosen.length;
  if (m < 2) return null;
  const total = new Float64Array(unit.dims);
  let squares = 0;
  for (const row of chosen) {
    const x = rowOf(unit, row);
    for (let j = 0; j < x.length; j += 1) {
      total[j]! += x[j]!;
      squares += x[j]! ** 2;
    }
  }
  const norm = total.reduce((sum, value) => sum + value * value, 0);
  return Math.max(0, 1 - (norm - squares) / (m * (m - 1)));
}
