import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { manyEigenvalues, symmetricEigen } from '../../compute/eigen.ts';
import { sandwich } from '../../compute/kernels/sandwich.ts';
import { GROUPS, MIN_GROUPS, occupiedGroups } from '../../stats/groups.ts';
import { GROUPS_OF, HALVES, halvesError } from '../../stats/halves.ts';
import { twoSampleInterval } from '../../stats/jackknife.ts';
import type { GroupMoments, Moments } from '../folds/moments.ts';
import { family } from '../measure.ts';
import { covarianceOf, type Sums, total } from '../spectrum.ts';
import { has, tooFew } from '../two-samples.ts';
import { withInterval } from '../value.ts';

/**
 * frechet = ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁C₂)^½), covariances with n − 1 (Fréchet 1957; FID, Heusel et
 * al. 2017). With C₁ = AᵀA the root's trace is Σ √λ over the eigenvalues λ of the symmetric A C₂ Aᵀ, which
 * are never negative: no square root of a product that is not symmetric, whose imaginary part peers drop,
 * and nothing added to the diagonal where the rank is below d. With fewer rows than dimensions most of
 * the value is what any small draw has: two draws from one source are apart too, the more so the
 * fewer rows they have. Compare at equal n. Intervals come from halving one side at a time, in 31 balanced
 * ways: they overstate what hangs on pairs of rows, so between sides that are alike they are too wide.
 */
const RANGE = [0, Number.POSITIVE_INFINITY] as const;

export const frechet = family({
  family: 'frechet',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'moments', 'referenceMoments'],
  measures: {
    frechet: {
      title: 'Fréchet distance',
      reads:
        'How far mean and covariance are from those of the reference; shrinks as either set grows.',
      range: RANGE,
      more: 'less',
      growsWithN: true,
      rows: 'space',
      cite: 'Heusel et al. 2017 (FID), arXiv 1706.08500',
    },
  },
  async finish({ rows, referenceRows: reference, moments, referenceMoments }, context) {
    const few = tooFew({ rows, reference }, 2);
    if (few !== null) return { frechet: few };
    const [a, b] = [sideOf(moments), sideOf(referenceMoments)];
    const [rootA, rootB] = [await rootOf(a), await rootOf(b)];
    const enough = [rows, reference].every(({ sizes }) => occupiedGroups(sizes) >= MIN_GROUPS);
    const distances = await distancesOf(
      function* () {
        yield [rootA, a.whole, b.whole];
        if (!enough) return;
        for (const half of GROUPS_OF) yield [rootA, a.whole, halfOf(b, half)];
        for (const half of GROUPS_OF) yield [rootB, b.whole, halfOf(a, half)];
      },
      a.whole.sum.length,
      context,
    );
    const [value, ofB, ofA] = [
      distances[0]!,
      distances.slice(1, 1 + HALVES),
      distances.slice(1 + HALVES),
    ];
    const errors = enough
      ? [halvesError(ofA, rows.sizes), halvesError(ofB, reference.sizes)]
      : [null];
    const found = withInterval(value, twoSampleInterval(value, errors, RANGE), rows.n);
    const dims = a.whole.sum.length;
    if (Math.min(rows.n, reference.n) > dims) return { frechet: found };
    const why = `fewer rows than the ${dims} dimensions: mostly what any draw this small has`;
    return { frechet: { ...found, why: found.why ?? why } };
  },
});

interface Side {
  readonly part: GroupMoments;
  readonly whole: Sums;
}

function sideOf({ raw, unit, dims }: Moments): Side {
  const part = raw ?? unit;
  return { part, whole: total(part, dims) };
}

/** The sums over some of the groups, of which bit g stands for group g. */
function halfOf({ part, whole }: Side, kept: number): Sums {
  const gram = new Float64Array(whole.gram.length);
  const sum = new Float64Array(whole.sum.length);
  let n = 0;
  for (let g = 0; g < GROUPS; g += 1) {
    if (!has(kept, g)) continue;
    n += part.counts[g]!;
    const [grams, sums] = [part.grams[g]!, part.sums[g]!];
    for (let i = 0; i < gram.length; i += 1) gram[i]! += grams[i]!;
    for (let i = 0; i < sum.length; i += 1) sum[i]! += sums[i]!;
  }
  return { n, gram, sum };
}

/** Relative size below which an eigenvalue of a d×d float64 matrix is rounding, not signal. */
const ROUNDING = 1e-13;

/** A with AᵀA the covariance: its unit eigenvectors times the roots of their eigenvalues. */
async function rootOf({ whole }: Side): Promise<Float64Array> {
  const dims = whole.sum.length;
  const { values, vectors } = await symmetricEigen(covarianceOf(whole, dims), dims);
  const least = ROUNDING * (values.at(-1) ?? 0);
  return vectors.map((component, at) => {
    const value = values[Math.floor(at / dims)]!;
    return value > least ? component * Math.sqrt(value) : 0;
  });
}

/** The distance of each pair of sets, given the root of the first one's covariance. Made one at a time. */
async function distancesOf(
  pairs: () => Iterable<readonly [root: Float64Array, a: Sums, b: Sums]>,
  dims: number,
  { device = cpu, signal }: ComputeOptions,
): Promise<number[]> {
  const apart: number[] = [];
  async function* products(): AsyncGenerator<Float64Array> {
    for (const [root, a, b] of pairs()) {
      apart.push(withoutRoot(a, b));
      yield sandwich(device, root, covarianceOf(b, dims), dims);
    }
  }
  const values = await manyEigenvalues(products(), dims, { signal });
  return values.map((ascending, i) => {
    const least = ROUNDING * (ascending.at(-1) ?? 0);
    const roots = ascending.reduce((sum, value) => sum + (value > least ? Math.sqrt(value) : 0), 0);
    return Math.max(0, apart[i]! - 2 * roots);
  });
}

/** ‖μ₁ − μ₂‖² + tr(C₁ + C₂) */
function withoutRoot(a: Sums, b: Sums): number {
  const dims = a.sum.length;
  let distance = 0;
  for (let j = 0; j < dims; j += 1) {
    const at = j * dims + j;
    distance += (a.sum[j]! / a.n - b.sum[j]! / b.n) ** 2;
    distance += varianceAt(a, at, j) + varianceAt(b, at, j);
  }
  return distance;
}

const varianceAt = ({ n, gram, sum }: Sums, at: number, j: number): number =>
  (gram[at]! - sum[j]! ** 2 / n) / (n - 1);
