import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { manyEigenvalues, symmetricEigen } from '../../compute/eigen.ts';
import { sandwich } from '../../compute/kernels/sandwich.ts';
import { GROUPS } from '../../stats/groups.ts';
import type { GroupMoments, Moments } from '../folds/moments.ts';
import { family } from '../measure.ts';
import { covarianceOf, minus, type Sums, total } from '../spectrum.ts';
import { ALL_GROUPS, fromParts, has, partsOf, tooFew } from '../two-samples.ts';

/**
 * frechet = ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁C₂)^½), covariances with n − 1 (Fréchet 1957; FID, Heusel et
 * al. 2017). With C₁ = AᵀA the root's trace is Σ √λ over the eigenvalues λ of the symmetric A C₂ Aᵀ, which
 * are never negative: no square root of a product that is not symmetric, whose imaginary part peers drop,
 * and nothing added to the diagonal where the rank is below d. With fewer rows than dimensions most of
 * the value is what any small draw has: two draws from one source are apart too, the more so the
 * fewer rows they have. Compare at equal n.
 */
const RANGE = [0, Number.POSITIVE_INFINITY] as const;

export const frechet = family({
  family: 'frechet',
  axis: 'against',
  needs: ['rows', 'referenceRows', 'moments', 'referenceMoments'],
  at: { one: null, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  peers:
    'Programs after pytorch-fid add 1e-6 to the diagonal below full rank and drop the imaginary part of a root. Here neither is needed.',
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
    const parts = partsOf({ rows, reference });
    const [value, ...others] = await distancesOf(a, b, parts, context);
    const found = fromParts({ rows, reference }, value!, others, { range: RANGE });
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

/** The sums over the groups in `kept`, of which bit g stands for group g: all, all but one, or some. */
function kept({ part, whole }: Side, groups: number): Sums {
  if (groups === ALL_GROUPS) return whole;
  const lost = ~groups;
  if ((lost & (lost - 1)) === 0) return minus(whole, part, 31 - Math.clz32(lost));
  const gram = new Float64Array(whole.gram.length);
  const sum = new Float64Array(whole.sum.length);
  let n = 0;
  for (let g = 0; g < GROUPS; g += 1) {
    if (!has(groups, g)) continue;
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
async function rootOf(sums: Sums): Promise<Float64Array> {
  const dims = sums.sum.length;
  const { values, vectors } = await symmetricEigen(covarianceOf(sums, dims), dims);
  const least = ROUNDING * (values.at(-1) ?? 0);
  return vectors.map((component, at) => {
    const value = values[Math.floor(at / dims)]!;
    return value > least ? component * Math.sqrt(value) : 0;
  });
}

/** The distance of the wholes, and of the groups that each of the parts keeps. Made one at a time. */
async function distancesOf(
  a: Side,
  b: Side,
  parts: readonly (readonly [number, number])[],
  { device = cpu, signal }: ComputeOptions,
): Promise<number[]> {
  const dims = a.whole.sum.length;
  const [rootA, rootB] = [await rootOf(a.whole), await rootOf(b.whole)];
  const apart: number[] = [];
  async function* products(): AsyncGenerator<Float64Array> {
    for (const [keptA, keptB] of [[ALL_GROUPS, ALL_GROUPS] as const, ...parts]) {
      const [ofA, ofB] = [kept(a, keptA), kept(b, keptB)];
      apart.push(withoutRoot(ofA, ofB));
      // The root of the side that is whole is known.
      const [root, other] =
        keptA === ALL_GROUPS
          ? [rootA, ofB]
          : keptB === ALL_GROUPS
            ? [rootB, ofA]
            : [await rootOf(ofA), ofB];
      yield sandwich(device, root, covarianceOf(other, dims), dims);
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
