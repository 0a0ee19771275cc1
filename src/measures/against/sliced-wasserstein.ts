import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { gaussian, random } from '../../base/random.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { projection } from '../../compute/kernels/projection.ts';
import { normaliseRows, selectRows } from '../../compute/vectors.ts';
import { GROUPS, groupSizes } from '../../stats/groups.ts';
import { family } from '../measure.ts';
import { countKept } from '../pair-sums.ts';
import type { Rows } from '../rows.ts';
import { ALL_GROUPS, fromParts, has, partsOf, tooFew } from '../two-samples.ts';

/**
 * sliced-wasserstein: √ mean W₂² between the two sides' coordinates along 128 random directions (Bonneel et
 * al. 2015), W₂² = ∫ (F⁻¹ − G⁻¹)². Directions come from the seed; what their draw leaves uncertain is in the
 * interval. Two draws from one source are apart too, the more so the fewer rows they have. Up to 20,000 rows
 * a side; above, so many sampled ones.
 */
const DIRECTIONS = 128;
/** Directions whose coordinates are held at a time. */
const AT_A_TIME = 16;
const MOST_ROWS = 20_000;
const RANGE = [0, Number.POSITIVE_INFINITY] as const;

export const slicedWasserstein = family({
  family: 'sliced-wasserstein',
  axis: 'against',
  needs: ['rows', 'referenceRows'],
  at: { one: 0, identical: 0, disjoint: 0, duplicated: 0 },
  intervalBy: 'a group of either side at a time, and 31 half-samples of both',
  measures: {
    'sliced-wasserstein': {
      title: 'Sliced Wasserstein distance',
      reads: 'How far rows must move to become the reference, seen along random directions.',
      range: RANGE,
      more: 'less',
      growsWithN: true,
      rows: 'space',
      unit: 'distance',
      cite: 'Bonneel et al. 2015, J. Math. Imaging Vis. 51',
    },
  },
  async finish({ rows, referenceRows: reference }, context) {
    const few = tooFew({ rows, reference }, 1);
    if (few !== null) return { 'sliced-wasserstein': few };
    const { dims } = rows.vectors;
    const uniform = random(context.seed);
    const parts = partsOf({ rows, reference });
    const squares: number[] = [];
    const partSquares = new Float64Array(parts.length);
    for (let first = 0; first < DIRECTIONS; first += AT_A_TIME) {
      const basis = Float32Array.from({ length: AT_A_TIME * dims }, () => gaussian(uniform));
      normaliseRows(basis, dims);
      const ours = await shadows(rows, basis, context);
      const theirs = await shadows(reference, basis, context);
      for (let d = 0; d < AT_A_TIME; d += 1) {
        throwIfAborted(context.signal);
        const [x, y] = [ours[d]!, theirs[d]!];
        squares.push(squaredW2(x, y, ALL_GROUPS, ALL_GROUPS));
        for (const [p, [a, b]] of parts.entries()) partSquares[p]! += squaredW2(x, y, a, b);
        await breathe();
      }
    }
    const mean = squares.reduce((sum, value) => sum + value, 0) / DIRECTIONS;
    const spread = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const distance = Math.sqrt(mean);
    const ofMean = Math.sqrt(spread / (DIRECTIONS - 1) / DIRECTIONS);
    const error = mean === 0 ? 0 : ofMean / (2 * distance);
    const left = Array.from(partSquares, (sum) => Math.sqrt(sum / DIRECTIONS));
    const exact = Math.max(rows.n, reference.n) <= MOST_ROWS;
    const value = fromParts({ rows, reference }, distance, left, {
      range: RANGE,
      method: exact ? 'exact' : 'sampled',
      drawn: { error, groups: DIRECTIONS },
    });
    return { 'sliced-wasserstein': { ...value, n: Math.min(rows.n, MOST_ROWS) } };
  },
});

/** A side's coordinates along one direction, ascending, with the group of each. */
interface Shadow {
  readonly values: Float32Array;
  readonly groups: Uint8Array;
  readonly sizes: Int32Array;
}

async function shadows(
  { vectors, groups, sizes: all, order, n }: Rows,
  basis: Float32Array,
  { device = cpu }: ComputeOptions,
): Promise<Shadow[]> {
  const sample = n <= MOST_ROWS ? null : order.slice(0, MOST_ROWS).sort();
  const chosen = sample === null ? vectors : selectRows(vectors, sample);
  const own = sample === null ? groups : Uint8Array.from(sample, (row) => groups[row]!);
  const { dims } = chosen;
  const keys = Array.from({ length: AT_A_TIME }, () => new Float64Array(chosen.n));
  const origin = new Float64Array(dims);
  let at = 0;
  for (const block of chosen.blocks) {
    const part = await projection(device, block, basis, origin, dims);
    for (let i = 0; i < part.length; i += AT_A_TIME) {
      const g = own[at]!;
      for (let d = 0; d < AT_A_TIME; d += 1) keys[d]![at] = keyOf(part[i + d]!, g);
      at += 1;
    }
  }
  const sizes = sample === null ? all : groupSizes(own);
  return keys.map((list) => {
    list.sort();
    return {
      values: Float32Array.from(list, shadowOf),
      groups: Uint8Array.from(list, (key) => key % GROUPS),
      sizes,
    };
  });
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** A float32 and a group as one whole number that sorts by the first: a sort without a comparison. */
function keyOf(value: number, group: number): number {
  float[0] = value;
  const word = bits[0]!;
  const ordered = word >= 0x80000000 ? 0xffffffff - word : word + 0x80000000;
  return ordered * GROUPS + group;
}

function shadowOf(key: number): number {
  const ordered = Math.floor(key / GROUPS);
  bits[0] = ordered >= 0x80000000 ? ordered - 0x80000000 : 0xffffffff - ordered;
  return float[0]!;
}

/** ∫ (F⁻¹ − G⁻¹)² over the rows of the kept groups; NaN where a side has no rows left. */
function squaredW2(x: Shadow, y: Shadow, keptX: number, keptY: number): number {
  const n = countKept(x.sizes, keptX);
  const m = countKept(y.sizes, keptY);
  if (n === 0 || m === 0) return Number.NaN;
  let sum = 0;
  let [i, j] = [nextOf(x, -1, keptX), nextOf(y, -1, keptY)];
  // Quantiles reached so far, in steps of 1/(nm).
  let [untilX, untilY, done] = [m, n, 0];
  while (i < x.values.length && j < y.values.length) {
    const until = Math.min(untilX, untilY);
    sum += (until - done) * (x.values[i]! - y.values[j]!) ** 2;
    done = until;
    if (untilX === until) {
      i = nextOf(x, i, keptX);
      untilX += m;
    }
    if (untilY === until) {
      j = nextOf(y, j, keptY);
      untilY += n;
    }
  }
  return sum / (n * m);
}

function nextOf({ groups }: Shadow, from: number, kept: number): number {
  let at = from + 1;
  while (at < groups.length && !has(kept, groups[at]!)) at += 1;
  return at;
}
