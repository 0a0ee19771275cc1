import { findBuckets } from '../../clusters/buckets.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { symmetricEigen } from '../../compute/eigen.ts';
import { gram } from '../../compute/kernels/gram.ts';
import { projection } from '../../compute/kernels/projection.ts';
import { rowOf, type Vectors, vectorsOf } from '../../compute/vectors.ts';
import { mauveOf, sharesOf } from '../../stats/divergence.ts';
import { GROUPS } from '../../stats/groups.ts';
import { type About, family, type Value } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { ALL_GROUPS, has, tooFew, twoSampleValue } from '../two-samples.ts';

/**
 * mauve (Pillutla et al. 2021): unit rows of both sides together, PCA to 90 % of the variance, euclidean
 * k-means into --buckets (a tenth of the smaller side's rows), and the area under the divergence curve of
 * the two histograms (see stats/divergence.ts). `mauve.star` adds ½ to each count first (Pillutla et al.
 * 2023), which takes most of the dependence on n out. Buckets are found from a seed and another seed
 * gives another value, by some hundredths: compare values of one seed, n and number of buckets.
 * Intervals take the buckets as given. Up to 10,000 rows a side; above, so many sampled ones.
 */
const MOST_ROWS = 10_000;
const VARIANCE = 0.9;

const about = (title: string, reads: string, growsWithN: boolean, cite: string): About => ({
  title,
  reads,
  range: [0, 1],
  more: 'more',
  growsWithN,
  rows: 'unit',
  cite,
});

export const mauve = family({
  family: 'mauve',
  axis: 'against',
  mostDrawn: 512,
  needs: ['rows', 'referenceRows'],
  quadratic: true,
  at: { one: null, identical: 1, disjoint: 1, duplicated: 1 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  peers:
    'mauve-text finds its buckets from a seed of its own; values move by some hundredths with it, as ours do with --seed.',
  measures: {
    mauve: about(
      'MAUVE',
      'How alike the dataset and the reference fill the space, counted in buckets; 1 is alike.',
      true,
      'Pillutla et al. 2021, arXiv 2102.01454',
    ),
    'mauve.star': about(
      'MAUVE, smoothed',
      'The same with smoothed counts, so that it depends less on how many rows there are.',
      false,
      'Pillutla et al. 2023, arXiv 2212.14578',
    ),
  },
  async finish({ rows, referenceRows: reference }, context) {
    const few = tooFew({ rows, reference }, 2);
    if (few !== null) return { mauve: few, 'mauve.star': few };
    const sides = [sampled(rows), sampled(reference)] as const;
    const [n, m] = sides.map(({ length }) => length) as [number, number];
    const { buckets } = context.settings;
    const k = buckets ?? Math.max(2, Math.round(Math.min(n, m) / 10));
    const points = await reduced(joined(rows, sides[0], reference, sides[1]), context);
    const labels = await findBuckets(points, k, context);
    const used = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
    const ours = countsOf(rows, sides[0], labels.subarray(0, n), used);
    const theirs = countsOf(reference, sides[1], labels.subarray(n), used);
    const exact = n === rows.n && m === reference.n;
    const value = (smoothing: number): Value => ({
      ...twoSampleValue(
        { rows, reference },
        (a, b) => mauveOf(sharesOf(left(theirs, b), smoothing), sharesOf(left(ours, a), smoothing)),
        { range: [0, 1], method: exact ? 'exact' : 'sampled' },
      ),
      n,
    });
    return { mauve: value(0), 'mauve.star': value(0.5) };
  },
});

/** Row numbers in the order of content: the same points in the same order however rows stand. */
const sampled = ({ order }: Rows): Int32Array => order.subarray(0, MOST_ROWS);

function joined(a: Rows, ofA: Int32Array, b: Rows, ofB: Int32Array): Vectors {
  const { dims } = a.unit;
  const data = new Float32Array((ofA.length + ofB.length) * dims);
  for (const [i, row] of ofA.entries()) data.set(rowOf(a.unit, row), i * dims);
  for (const [i, row] of ofB.entries()) data.set(rowOf(b.unit, row), (ofA.length + i) * dims);
  return vectorsOf(data, dims);
}

/** Coordinates along the fewest directions that hold 90 % of the variance. */
async function reduced(rows: Vectors, { device = cpu }: ComputeOptions): Promise<Vectors> {
  const { n, dims } = rows;
  const total = new Float64Array(dims * dims);
  const mean = new Float64Array(dims);
  for (const block of rows.blocks) {
    const part = await gram(device, block, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) mean[i]! += part.sum[i]! / n;
  }
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) total[i * dims + j]! -= n * mean[i]! * mean[j]!;
  }
  const { values, vectors } = await symmetricEigen(total, dims);
  const variance = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let kept = 0;
  for (let held = 0; kept < dims && held < VARIANCE * variance; kept += 1) {
    held += Math.max(0, values[dims - 1 - kept]!);
  }
  // Rows that are all the same vary in no direction: any one will do.
  const components = Math.max(1, kept);
  const basis = new Float32Array(components * dims);
  for (let c = 0; c < components; c += 1) {
    basis.set(vectors.subarray((dims - 1 - c) * dims, (dims - c) * dims), c * dims);
  }
  const data = new Float32Array(n * components);
  let at = 0;
  for (const block of rows.blocks) {
    const end = at + (block.length / dims) * components;
    await projection(device, block, basis, mean, dims, data.subarray(at, end));
    at = end;
  }
  return vectorsOf(data, components);
}

/** Rows in each bucket: of all, and of each group. */
interface Counts {
  readonly all: Float64Array;
  readonly byGroup: readonly Float64Array[];
}

function countsOf(
  { groups }: Rows,
  chosen: Int32Array,
  labels: Int32Array,
  buckets: number,
): Counts {
  const all = new Float64Array(buckets);
  const byGroup = Array.from({ length: GROUPS }, () => new Float64Array(buckets));
  for (const [i, row] of chosen.entries()) {
    all[labels[i]!]! += 1;
    byGroup[groups[row]!]![labels[i]!]! += 1;
  }
  return { all, byGroup };
}

/** Rows in each bucket of the kept groups. */
function left({ all, byGroup }: Counts, kept: number): Float64Array {
  if (kept === ALL_GROUPS) return all;
  const counts = new Float64Array(all.length);
  for (const [g, part] of byGroup.entries()) {
    if (has(kept, g)) for (let i = 0; i < part.length; i += 1) counts[i]! += part[i]!;
  }
  return counts;
}
