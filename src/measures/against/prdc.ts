import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { cpu, type Device } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { BLOCK_ROWS, rowOf, squaredDistance, type Vectors } from '../../compute/vectors.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import {
  ALL_HALVES,
  countHalves,
  HALVES,
  halvesError,
  halvesOfRows,
  pairsError,
} from '../../stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../../stats/jackknife.ts';
import { family, type Value } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { means, missing, withInterval } from '../value.ts';

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
 * not cover itself.
 *
 * Intervals: what each side contributes to the error. Of the side whose rows are counted it is that of
 * a mean. Balls, however, grow when rows are left out, and a jackknife would overstate what hangs on
 * several rows together up to k times, so the other side is halved in 31 balanced ways. What would
 * change is known in the one pass over all pairs: 31-bit masks hold for every row the half-samples in
 * which it is still inside.
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
      rows: 'space',
      unit: 'share of rows',
      cite: 'Kynkäänniemi et al. 2019, arXiv 1904.06991',
    },
    recall: {
      title: 'Recall',
      reads: 'The share of the reference that lies where the dataset has rows.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'share of the reference',
      cite: 'Kynkäänniemi et al. 2019, arXiv 1904.06991',
    },
    density: {
      title: 'Density',
      reads: 'How crowded the reference is where the rows lie: about 1 for a second draw from it.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: false,
      rows: 'space',
      cite: 'Naeem et al. 2020, arXiv 2002.09797',
    },
    coverage: {
      title: 'Coverage',
      reads: 'The share of the reference that has a row of the dataset close by.',
      range: [0, 1],
      more: 'more',
      growsWithN: true,
      rows: 'space',
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
    const seen = await scanPairs(device, rows.vectors, reference.rows.vectors, fake, real, signal);
    return {
      precision: shareInside(seen.fakeInReal, rows, reference.rows, n),
      recall: shareInside(seen.realInFake, reference.rows, rows, n),
      density: densityOf(seen, real.k, rows, reference.rows),
      coverage: coverageOf(seen, real, rows, reference.rows),
    };
  },
});

/** The balls of one sample, whole and in its half-samples. */
interface Balls {
  /** Rows that a ball reaches. */
  readonly k: number;
  readonly graph: NeighbourGraph;
  /** The half-samples that each row is in. */
  readonly halves: Int32Array;
  /**
   * Bits by row and rank t = 0 … graph.k: the half-samples in which fewer than k of the row's t nearest
   * are left, so that its ball reaches beyond them.
   */
  readonly beyond: Int32Array;
}

function ballsOf(rows: Rows, graph: NeighbourGraph): Balls {
  const width = graph.k;
  const k = Math.min(K, width);
  const halves = halvesOfRows(rows.groups, rows.sizes);
  const beyond = new Int32Array(rows.n * (width + 1));
  // atLeast[c]: half-samples in which more than c of the nearest so far are left.
  const atLeast = new Int32Array(k);
  for (let i = 0; i < rows.n; i += 1) {
    atLeast.fill(0);
    beyond[i * (width + 1)] = ALL_HALVES;
    for (let t = 0; t < width; t += 1) {
      const held = halves[graph.ids[i * width + t]!]!;
      for (let c = k - 1; c > 0; c -= 1) atLeast[c]! |= atLeast[c - 1]! & held;
      atLeast[0]! |= held;
      beyond[i * (width + 1) + t + 1] = ALL_HALVES & ~atLeast[k - 1]!;
    }
  }
  return { k, graph, halves, beyond };
}

/** How many of row i's nearest are closer than `distance`. */
function closer({ graph: { k, distances } }: Balls, i: number, distance: number): number {
  const start = i * k;
  let count = 0;
  while (count < k && distances[start + count]! < distance) count += 1;
  return count;
}

/** Whether rows of one sample lie in balls of the other: in the whole, and by half-sample. */
interface Inside {
  readonly whole: Uint8Array;
  readonly halves: Int32Array;
}

interface Pairs {
  /** Dataset rows in some reference ball; half-samples of the reference. */
  readonly fakeInReal: Inside;
  /** Reference rows in some dataset ball; half-samples of the dataset. */
  readonly realInFake: Inside;
  /** Reference rows whose own ball holds a dataset row; half-samples of both. */
  readonly held: Inside;
  /** Reference balls around each dataset row, … */
  readonly around: Float64Array;
  /** … and around all of them, by half-sample of the reference. */
  readonly aroundByHalves: Float64Array;
}

const inside = (n: number): Inside => ({ whole: new Uint8Array(n), halves: new Int32Array(n) });

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
    fakeInReal: inside(fakeRows.n),
    realInFake: inside(realRows.n),
    held: inside(realRows.n),
    around: new Float64Array(fakeRows.n),
    aroundByHalves: new Float64Array(HALVES),
  };
  const fakeReach = reachOf(fake);
  const realReach = reachOf(real);
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
          const reach = fakeReach[i]!;
          for (let b = 0; b < width; b += 1) {
            const j = rb * BLOCK_ROWS + b;
            const rough = own + realNorms[j]! - tile[a * width + b]!;
            const slack = ROUNDING * (own + realNorms[j]!);
            if (rough > Math.max(reach, realReach[j]!) + slack) continue;
            see(
              seen,
              fake,
              real,
              i,
              j,
              ranksOf(fake, real, fakeRows, realRows, i, j, rough, slack),
            );
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

/** The distance up to which a row's balls are known. */
const reachOf = ({ graph: { n, k, distances } }: Balls): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => distances[(i + 1) * k - 1]!);

/**
 * Where the pair stands among the nearest of either row. From the rough distance where its error
 * cannot matter, else from the exact one.
 */
function ranksOf(
  fake: Balls,
  real: Balls,
  fakeRows: Vectors,
  realRows: Vectors,
  i: number,
  j: number,
  rough: number,
  slack: number,
): readonly [inFake: number, inReal: number] {
  const low = [closer(fake, i, rough - slack), closer(real, j, rough - slack)] as const;
  if (low[0] === closer(fake, i, rough + slack) && low[1] === closer(real, j, rough + slack)) {
    return low;
  }
  const distance = squaredDistance(rowOf(fakeRows, i), rowOf(realRows, j)) / 2;
  return [closer(fake, i, distance), closer(real, j, distance)];
}

function see(
  seen: Pairs,
  fake: Balls,
  real: Balls,
  i: number,
  j: number,
  [inFake, inReal]: readonly [number, number],
): void {
  if (inReal < real.graph.k) {
    const halves = real.beyond[j * (real.graph.k + 1) + inReal]! & real.halves[j]!;
    seen.fakeInReal.halves[i]! |= halves;
    seen.held.halves[j]! |= halves & fake.halves[i]!;
    countHalves(seen.aroundByHalves, halves);
    if (inReal < real.k) {
      seen.fakeInReal.whole[i] = 1;
      seen.held.whole[j] = 1;
      seen.around[i]! += 1;
    }
  }
  if (inFake < fake.graph.k) {
    seen.realInFake.halves[j]! |= fake.beyond[i * (fake.graph.k + 1) + inFake]! & fake.halves[i]!;
    if (inFake < fake.k) seen.realInFake.whole[j] = 1;
  }
}

/** Share of a sample's rows inside the other's balls. */
function shareInside(seen: Inside, own: Rows, other: Rows, n: number): Value {
  const counts = new Float64Array(HALVES);
  for (const mask of seen.halves) countHalves(counts, mask);
  const { whole, without } = means(seen.whole, own.groups);
  const errors = [
    jackknifeError(whole, without, own.sizes),
    pairsError(
      counts.map((count) => count / own.n),
      other.sizes,
    ),
  ];
  return withInterval(whole, twoSampleInterval(whole, errors, [0, 1]), n);
}

function densityOf(seen: Pairs, k: number, fake: Rows, real: Rows): Value {
  const { whole, without } = means(seen.around, fake.groups);
  const errors = [
    jackknifeError(whole, without, fake.sizes),
    halvesError(
      seen.aroundByHalves.map((count) => count / fake.n),
      real.sizes,
    ),
  ];
  const interval = twoSampleInterval(whole, errors, [0, Number.POSITIVE_INFINITY]);
  return withInterval(whole / k, interval && [interval[0] / k, interval[1] / k], fake.n);
}

/**
 * Halving one side alone would change the odds that a ball holds a row: both are halved together. Balls
 * of a half-sample that reach beyond the known neighbours are left out.
 */
function coverageOf(seen: Pairs, balls: Balls, fake: Rows, real: Rows): Value {
  const whole = means(seen.held.whole, real.groups).whole;
  const { k } = balls.graph;
  const counts = new Float64Array(HALVES);
  const known = new Float64Array(HALVES);
  for (let j = 0; j < real.n; j += 1) {
    const within = balls.halves[j]! & ~balls.beyond[j * (k + 1) + k]!;
    countHalves(known, within);
    countHalves(counts, seen.held.halves[j]! & within);
  }
  const shares = counts.map((count, r) => count / known[r]!);
  const error = pairsError(shares, fake.sizes, real.sizes);
  return withInterval(whole, twoSampleInterval(whole, [error], [0, 1]), fake.n);
}
