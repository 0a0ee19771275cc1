import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { cpu, type Device } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { BLOCK_ROWS, rowOf, squaredDistance, type Vectors } from '../../compute/vectors.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { GROUPS } from '../../stats/groups.ts';
import { jackknifeError, twoSampleInterval } from '../../stats/jackknife.ts';
import { family, type Value } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { missing, withInterval } from '../value.ts';

/**
 * Precision, recall (Kynkäänniemi et al. 2019, arXiv 1904.06991), density and coverage (Naeem et al.
 * 2020, arXiv 2002.09797) with k = 5. The dataset is the fake sample, the reference the real one; a
 * row's ball reaches its k-th nearest row of its own sample.
 *
 *   precision  share of dataset rows inside some reference ball
 *   recall     share of reference rows inside some dataset ball
 *   density    mean number of reference balls around a dataset row, ÷ k
 *   coverage   share of reference rows whose ball holds a dataset row
 *
 * Inside means ≤, not <: among duplicates a ball has radius 0, and with < a set of duplicates would
 * not cover itself. Intervals leave out one group at a time of either sample. What would change is
 * known in the one pass over all pairs: a ball grows only when one of its k nearest is left out, so
 * 32-bit masks, one bit a group, hold for every row the groups without which it is still inside.
 */
export const K = 5;

export const prdc = family({
  family: 'prdc',
  axis: 'against',
  needs: ['rows', 'neighbours', 'reference'],
  measures: {
    precision: {
      title: 'Precision',
      reads: 'The share of rows that lie where the reference has rows.',
      range: [0, 1],
      more: 'more',
      growsWithN: false,
      unit: 'share of rows',
      cite: 'Kynkäänniemi et al. 2019, arXiv 1904.06991',
    },
    recall: {
      title: 'Recall',
      reads: 'The share of the reference that lies where the dataset has rows.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      unit: 'share of the reference',
      cite: 'Kynkäänniemi et al. 2019, arXiv 1904.06991',
    },
    density: {
      title: 'Density',
      reads: 'How crowded the reference is where the rows lie: about 1 for a second draw from it.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      cite: 'Naeem et al. 2020, arXiv 2002.09797',
    },
    coverage: {
      title: 'Coverage',
      reads: 'The share of the reference that has a row of the dataset close by.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      unit: 'share of the reference',
      cite: 'Naeem et al. 2020, arXiv 2002.09797',
    },
  },
  async finish({ rows, neighbours, reference }, context) {
    const n = rows.n;
    if (n < 2 || reference.rows.n < 2) {
      const none = missing(n, 'needs at least two rows on either side');
      return { precision: none, recall: none, density: none, coverage: none };
    }
    const fake = ballsOf(rows, neighbours);
    const real = ballsOf(reference.rows, reference.neighbours);
    const { device = cpu, signal } = context;
    const both = [rows.vectors, reference.rows.vectors] as const;
    const seen = await scanPairs(device, ...both, fake, real, signal);
    return {
      precision: shareInside(seen.fakeInReal, fake, real, n),
      recall: shareInside(seen.realInFake, real, fake, n),
      density: densityOf(seen, fake, real),
      coverage: coverageOf(seen, fake, real),
    };
  },
});

/** The balls of one sample: radii as ½d², also without each group where that changes one. */
interface Balls {
  readonly n: number;
  readonly k: number;
  readonly groups: Uint8Array;
  readonly sizes: Int32Array;
  readonly radius: Float64Array;
  /** The largest radius that leaving out any one group gives. */
  readonly widest: Float64Array;
  /** For each row up to k (group, radius without it) pairs; group 255 where there are fewer. */
  readonly changeGroup: Uint8Array;
  readonly changeRadius: Float64Array;
}

const NO_GROUP = 255;

function ballsOf(rows: Rows, graph: NeighbourGraph): Balls {
  const { n, groups, sizes } = rows;
  const k = Math.min(K, graph.k);
  const radius = new Float64Array(n);
  const widest = new Float64Array(n);
  const changeGroup = new Uint8Array(n * k).fill(NO_GROUP);
  const changeRadius = new Float64Array(n * k);
  for (let i = 0; i < n; i += 1) {
    const start = i * graph.k;
    radius[i] = graph.distances[start + k - 1]!;
    widest[i] = radius[i]!;
    let changes = 0;
    for (let j = 0; j < k; j += 1) {
      const g = groups[graph.ids[start + j]!]!;
      const known = changeGroup.subarray(i * k, i * k + changes);
      if (g === groups[i] || known.includes(g)) continue;
      const without = radiusWithout(graph, groups, i, k, g);
      changeGroup[i * k + changes] = g;
      changeRadius[i * k + changes] = without;
      widest[i] = Math.max(widest[i]!, without);
      changes += 1;
    }
  }
  return { n, k, groups, sizes, radius, widest, changeGroup, changeRadius };
}

/** Distance to the k-th nearest row that is not in group g; the farthest known one if there are fewer. */
function radiusWithout(
  graph: NeighbourGraph,
  groups: Uint8Array,
  i: number,
  k: number,
  g: number,
): number {
  let left = k;
  for (let j = i * graph.k; j < (i + 1) * graph.k; j += 1) {
    if (groups[graph.ids[j]!] === g) continue;
    left -= 1;
    if (left === 0) return graph.distances[j]!;
  }
  return graph.distances[(i + 1) * graph.k - 1]!;
}

/** Whether each row of one sample lies in some ball of the other, and still does without each group. */
interface Inside {
  readonly whole: Uint8Array;
  /** Bit g: still inside when group g of the *other* sample is left out. */
  readonly without: Uint32Array;
}

interface Pairs {
  readonly fakeInReal: Inside;
  readonly realInFake: Inside;
  /** Reference rows whose own ball holds a dataset row; bits: without that group of the dataset. */
  readonly held: Inside;
  /** ½d² from each reference row to its nearest dataset row, where that is within reach of a ball. */
  readonly nearest: Float64Array;
  /** Pairs with the dataset row inside the reference row's ball: in all, … */
  pairs: number;
  /** … by the group of the dataset row, by that of the reference row, … */
  readonly pairsByFake: Float64Array;
  readonly pairsByReal: Float64Array;
  /** … and those that come in only when a group of the reference is left out. */
  readonly pairsGained: Float64Array;
}

const inside = (n: number): Inside => ({
  whole: new Uint8Array(n),
  without: new Uint32Array(n),
});

const TILE_ROWS = 512;

/** One pass over all pairs of dataset and reference rows, in tiles of products. */
async function scanPairs(
  device: Device,
  fakeRows: Vectors,
  realRows: Vectors,
  fake: Balls,
  real: Balls,
  signal: AbortSignal | undefined,
): Promise<Pairs> {
  const seen: Pairs = {
    fakeInReal: inside(fake.n),
    realInFake: inside(real.n),
    held: inside(real.n),
    nearest: new Float64Array(real.n).fill(Number.POSITIVE_INFINITY),
    pairs: 0,
    pairsByFake: new Float64Array(GROUPS),
    pairsByReal: new Float64Array(GROUPS),
    pairsGained: new Float64Array(GROUPS),
  };
  const { dims } = fakeRows;
  const fakeNorms = halfNorms(fakeRows);
  const realNorms = halfNorms(realRows);
  for (const [fb, fakeBlock] of fakeRows.blocks.entries()) {
    for (let first = 0; first * dims < fakeBlock.length; first += TILE_ROWS) {
      const tileRows = fakeBlock.subarray(first * dims, (first + TILE_ROWS) * dims);
      const count = tileRows.length / dims;
      for (const [rb, realBlock] of realRows.blocks.entries()) {
        throwIfAborted(signal);
        const tile = await products(device, tileRows, realBlock, dims);
        const width = realBlock.length / dims;
        for (let a = 0; a < count; a += 1) {
          const i = fb * BLOCK_ROWS + first + a;
          const own = fakeNorms[i]!;
          const reach = fake.widest[i]!;
          for (let b = 0; b < width; b += 1) {
            const j = rb * BLOCK_ROWS + b;
            const rough = own + realNorms[j]! - tile[a * width + b]!;
            const slack = ROUNDING * (own + realNorms[j]!);
            const limit = Math.max(reach, real.widest[j]!) + slack;
            if (rough > limit) continue;
            const distance = squaredDistance(rowOf(fakeRows, i), rowOf(realRows, j)) / 2;
            see(seen, i, j, distance, fake, real);
          }
        }
        await breathe();
      }
    }
  }
  return seen;
}

/** Relative error of a float32 product of unit-sized rows; pairs within it are rescored in float64. */
const ROUNDING = 4e-6;

function halfNorms(vectors: Vectors): Float64Array {
  return Float64Array.from({ length: vectors.n }, (_, i) => {
    let sum = 0;
    for (const value of rowOf(vectors, i)) sum += value * value;
    return sum / 2;
  });
}

function see(seen: Pairs, i: number, j: number, distance: number, fake: Balls, real: Balls): void {
  const fakeGroup = fake.groups[i]!;
  const realGroup = real.groups[j]!;
  if (distance < seen.nearest[j]!) seen.nearest[j] = distance;
  const inReal = groupsInside(real, j, distance);
  if (inReal !== 0) {
    seen.fakeInReal.without[i]! |= inReal;
    if (distance <= real.radius[j]!) {
      seen.fakeInReal.whole[i] = 1;
      seen.held.whole[j] = 1;
      seen.held.without[j]! |= ~(1 << fakeGroup);
      seen.pairs += 1;
      seen.pairsByFake[fakeGroup]! += 1;
      seen.pairsByReal[realGroup]! += 1;
    } else {
      for (let g = 0; g < GROUPS; g += 1) {
        if ((inReal & (1 << g)) !== 0) seen.pairsGained[g]! += 1;
      }
    }
  }
  const inFake = groupsInside(fake, i, distance);
  if (inFake !== 0) {
    seen.realInFake.without[j]! |= inFake;
    if (distance <= fake.radius[i]!) seen.realInFake.whole[j] = 1;
  }
}

/** Bit g is set when the ball of row i holds a point at `distance` with group g left out. */
function groupsInside(balls: Balls, i: number, distance: number): number {
  const own = balls.groups[i]!;
  if (distance <= balls.radius[i]!) return ~(1 << own);
  let bits = 0;
  if (distance > balls.widest[i]!) return bits;
  for (let c = i * balls.k; c < (i + 1) * balls.k; c += 1) {
    const g = balls.changeGroup[c]!;
    if (g === NO_GROUP) break;
    if (distance <= balls.changeRadius[c]!) bits |= 1 << g;
  }
  return bits;
}

/** Share of a sample's rows inside the other's balls, with both samples' share in its error. */
function shareInside(rows: Inside, own: Balls, other: Balls, n: number): Value {
  const whole = rows.whole.reduce((sum, flag) => sum + flag, 0);
  const ownGroups = new Float64Array(GROUPS);
  const otherGroups = new Float64Array(GROUPS);
  for (let i = 0; i < own.n; i += 1) {
    if (rows.whole[i] === 1) ownGroups[own.groups[i]!]! += 1;
    for (let g = 0; g < GROUPS; g += 1) {
      if ((rows.without[i]! & (1 << g)) !== 0) otherGroups[g]! += 1;
    }
  }
  const value = whole / own.n;
  const withoutOwn = ownGroups.map((inGroup, g) => (whole - inGroup) / (own.n - own.sizes[g]!));
  const withoutOther = otherGroups.map((count) => count / own.n);
  return twoSampled(value, withoutOwn, own, withoutOther, other, [0, 1], n);
}

function densityOf(seen: Pairs, fake: Balls, real: Balls): Value {
  const perRow = real.k * fake.n;
  const value = seen.pairs / perRow;
  const withoutFake = seen.pairsByFake.map(
    (count, g) => (seen.pairs - count) / (real.k * (fake.n - fake.sizes[g]!)),
  );
  const withoutReal = seen.pairsByReal.map(
    (count, g) => (seen.pairs - count + seen.pairsGained[g]!) / perRow,
  );
  const range = [0, Number.POSITIVE_INFINITY] as const;
  return twoSampled(value, withoutFake, fake, withoutReal, real, range, fake.n);
}

function coverageOf(seen: Pairs, fake: Balls, real: Balls): Value {
  const whole = seen.held.whole.reduce((sum, flag) => sum + flag, 0);
  const withoutFake = new Float64Array(GROUPS);
  const withoutReal = new Float64Array(GROUPS).fill(whole);
  for (let j = 0; j < real.n; j += 1) {
    for (let g = 0; g < GROUPS; g += 1) {
      if ((seen.held.without[j]! & (1 << g)) !== 0) withoutFake[g]! += 1;
    }
    if (seen.held.whole[j] === 1) {
      withoutReal[real.groups[j]!]! -= 1;
      continue;
    }
    const grown = groupsInside(real, j, seen.nearest[j]!);
    for (let g = 0; g < GROUPS; g += 1) if ((grown & (1 << g)) !== 0) withoutReal[g]! += 1;
  }
  return twoSampled(
    whole / real.n,
    withoutFake.map((count) => count / real.n),
    fake,
    withoutReal.map((count, g) => count / (real.n - real.sizes[g]!)),
    real,
    [0, 1],
    fake.n,
  );
}

function twoSampled(
  value: number,
  withoutA: Float64Array,
  a: Balls,
  withoutB: Float64Array,
  b: Balls,
  range: readonly [number, number],
  n: number,
): Value {
  const errors = [
    jackknifeError(value, withoutA, a.sizes),
    jackknifeError(value, withoutB, b.sizes),
  ];
  return withInterval(value, twoSampleInterval(value, errors, range), n);
}
