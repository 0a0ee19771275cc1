import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { type ComputeOptions, cpu } from '../compute/device.ts';
import { manyEigenvalues, symmetricEigen } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { quadraticForm } from '../compute/kernels/quadratic-form.ts';
import { tilesOf } from '../compute/kernels/tiles.ts';
import { selectRows, type Vectors } from '../compute/vectors.ts';
import type { Moments } from '../measures/folds/moments.ts';
import { kernelShares, total, trace } from '../measures/spectrum.ts';
import { hillNumber } from '../stats/hill.ts';

/**
 * What each row adds to the Vendi score of order 1: the score less what it is without that row, to first order.
 * With ρ = Σ x xᵀ / n over the n rows that point anywhere, S = −tr ρ ln ρ its entropy and V = exp S the
 * score, taking row x away moves ρ by (ρ − x xᵀ) / (n − 1). Along that step S changes by
 * (S + xᵀ ln ρ x) / (n − 1), so that the row adds
 *
 *   V (−xᵀ ln ρ x − S) / (n − 1)
 *
 * (influence functions: Hampel 1974, JASA 69; of spectral functions: Sibson 1979, JRSS B 41). Rows in common directions have
 * −xᵀ ln ρ x below S: without them the score rises. Rows in rare directions have it above, and carry it. The
 * influences of all rows sum to 0. Really leaving a row out also makes one row less, which costs every row about as
 * much; where there are not many more rows than dimensions that is no small part. So the order of the rows is theirs, and
 * the size what `vendiWithout` measures (test/why/influence.test.ts leaves out every row and compares).
 *
 * One product of the rows with the eigenvectors, each scaled by √−ln λ, gives −xᵀ ln ρ x as a sum of squares: work n·d².
 */
export interface VendiInfluence {
  /** The score of all rows. */
  readonly vendi: number;
  /** What each row adds; 0 for rows of zeros. */
  readonly perRow: Float64Array;
}

/** Rows of a tile: its places along 512 eigenvectors stay in a processor's cache. */
const TILE_ROWS = 1024;

/** null where fewer than two rows point anywhere: nothing is left when one of them goes. */
export async function vendiInfluence(
  unit: Vectors,
  moments: Moments,
  options: ComputeOptions = {},
): Promise<VendiInfluence | null> {
  const { dims } = unit;
  const { gram: whole } = total(moments.unit, dims);
  const pointing = Math.round(trace({ gram: whole }, dims));
  if (pointing < 2) return null;
  const { values, vectors } = await symmetricEigen(whole, dims);
  const shares = kernelShares(values);
  const entropy = Math.log(hillNumber(shares, 1));
  const vendi = Math.exp(entropy);
  const basis = new Float32Array(shares.length * dims);
  for (const [i, share] of shares.entries()) {
    // Shares descend, values ascend.
    const vector = vectors.subarray((dims - 1 - i) * dims, (dims - i) * dims);
    const scale = Math.sqrt(-Math.log(Math.min(1, share)));
    for (let j = 0; j < dims; j += 1) basis[i * dims + j] = scale * vector[j]!;
  }
  const perRow = new Float64Array(unit.n);
  for (const { first, rows, data } of tilesOf(unit, TILE_ROWS)) {
    throwIfAborted(options.signal);
    const surprise = await quadraticForm(options.device ?? cpu, data, basis, dims);
    for (let i = 0; i < rows; i += 1) {
      const zero = data.subarray(i * dims, (i + 1) * dims).every((value) => value === 0);
      perRow[first + i] = zero ? 0 : (vendi * (surprise[i]! - entropy)) / (pointing - 1);
    }
    await breathe();
  }
  return { vendi, perRow };
}

/** Rows that are taken away, beside those of the removal before where it says so. */
export interface Removal {
  readonly rows: Int32Array;
  readonly more?: boolean;
}

/** The Vendi score of the rows without some of them, measured again; null where none is left. */
export async function vendiWithout(
  unit: Vectors,
  moments: Moments,
  removals: readonly Removal[],
  options: ComputeOptions = {},
): Promise<(number | null)[]> {
  const { dims } = unit;
  const { device = cpu, signal } = options;
  const { gram: whole } = total(moments.unit, dims);
  const taken: number[] = [];
  async function* rest(): AsyncGenerator<Float64Array> {
    let left = whole;
    for (const { rows, more = false } of removals) {
      taken.push(rows.length + (more ? taken.at(-1)! : 0));
      left = (more ? left : whole).slice();
      for (let at = 0; at < rows.length; at += TILE_ROWS) {
        throwIfAborted(signal);
        const [block] = selectRows(unit, rows.subarray(at, at + TILE_ROWS)).blocks;
        const part = await gram(device, block!, dims);
        for (let i = 0; i < left.length; i += 1) left[i]! -= part.gram[i]!;
      }
      yield left;
    }
  }
  const pointing = trace({ gram: whole }, dims);
  const found = await manyEigenvalues(rest(), dims, { signal });
  return found.map((values, i) =>
    // What is left of a difference is rounding where all rows went.
    values.reduce((sum, value) => sum + value, 0) < 0.5 || taken[i]! >= pointing
      ? null
      : hillNumber(kernelShares(values), 1),
  );
}

/**
 * What one row adds to the entropy of the clusters' shares: exact, and the same for all rows of a cluster.
 * With s rows in a cluster, n·H = n ln n − Σ s ln s. null for a single row.
 */
export function entropyInfluence(sizes: ArrayLike<number>): Float64Array | null {
  let n = 0;
  let sum = 0;
  for (let c = 0; c < sizes.length; c += 1) {
    n += sizes[c]!;
    sum += xlogx(sizes[c]!);
  }
  if (n < 2) return null;
  const whole = Math.log(n) - sum / n;
  return Float64Array.from(sizes, (size) => {
    if (size === 0) return 0;
    const left = sum - xlogx(size) + xlogx(size - 1);
    return whole - (Math.log(n - 1) - left / (n - 1));
  });
}

const xlogx = (x: number): number => (x <= 0 ? 0 : x * Math.log(x));
