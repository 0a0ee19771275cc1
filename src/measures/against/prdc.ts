import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { cpu, type Device } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { BLOCK_ROWS, rowOf, squaredDistance, type Vectors } from '../../compute/vectors.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { GROUPS } from '../../stats/groups.ts';
import {
  ALL_HALVES,
  countByGroup,
  countHalves,
  HALVES,
  halvesOfRows,
  sharedError,
} from '../../stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../../stats/jackknife.ts';
import type { Artefacts } from '../artefacts.ts';
import { family, type MeasureContext, type Value } from '../measure.ts';
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
 * several rows together up to k times, so the other side is halved in 31 balanced ways, and what moves
 * all counted rows together is added (stats/halves.ts, sharedError). What would change is known in the
 * one pass over all pairs: 31-bit masks hold for every row the half-samples in which it is still inside.
 */
export const K = 5;

export const prdc = family({
  family: 'prdc',
  axis: 'against',
  needs: ['rows', 'neighbours', 'reference'],
  at: { one: null, identical: 1, disjoint: 1, duplicated: 1 },
  intervalBy:
    'a group of the counted rows at a time, and 31 half-samples of the other side; Wilson for shares',
  peers:
    'prdc counts distances < a radius, so that 50 points ten times each cover .28 of themselves, and equal rows nothing. Here ≤: a set covers itself. Where no distances are equal both agree.',
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
      at: { identical: 'any', disjoint: 'any', duplicated: 'any' },
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
  finish: (inputs, context) => prdcOf(inputs, context),
});

/** With balls that reach the k-th nearest row, k at most as many as the graphs know. */
export async function prdcOf(
  { rows, neighbours, reference }: Pick<Artefacts, 'rows' | 'neighbours' | 'reference'>,
  { device = cpu, signal }: MeasureContext,
  k = K,
): Promise<Readonly<Record<'precision' | 'recall' | 'density' | 'coverage', Value>>> {
  const n = rows.n;
  if (n < 2 || reference.rows.n < 2) {
    const none = missing(n, 'needs at least two rows on either side');
    return { precision: none, recall: none, density: none, coverage: none };
  }
  const fake = ballsOf(rows, neighbours, k);
  const real = ballsOf(reference.rows, reference.neighbours, k);
  const seen = await scanPairs(device, rows.vectors, reference.rows.vectors, fake, real, signal);
  return {
    precision: shareInside(seen.fakeInReal, rows, reference.rows, n),
    recall: shareInside(seen.realInFake, reference.rows, rows, n),
    density: densityOf(seen, real.k, rows, reference.rows),
    coverage: coverageOf(seen, real, rows, reference.rows),
  };
}

/** The balls of one sample, whole and in its half-samples. */
interface Balls {
  /** Rows that a ball reaches. */
  readonly k: number;
  readonly graph: NeighbourGraph;
  readonly groups: Uint8Array;
  /** The half-samples that each row is in. */
  readonly halves: Int32Array;
  /**
   * Bits by row and rank t = 0 … graph.k: the half-samples in which fewer than k of the row's t nearest
   * are left, so that its ball reaches beyond them.
   */
  readonly beyond: Int32Array;
}

function ballsOf(rows: Rows, graph: NeighbourGraph, reach: number): Balls {
  const width = graph.k;
  const k = Math.min(reach, width);
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
  return { k, graph, groups: rows.groups, halves, beyond };
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
  /** … and around those of each of their groups, by half-sample of the reference. */
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
    aroundByHalves: new Float64Array(GROUPS * HALVES),
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
    const reached = real.beyond[j * (real.graph.k + 1) + inReal]!;
    seen.held.halves[j]! |= reached & fake.halves[i]!;
    seen.fakeInReal.halves[i]! |= reached & real.halves[j]!;
    countHalves(seen.aroundByHalves, reached & real.halves[j]!, fake.groups[i]! * HALVES);
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
  const { whole, without } = means(seen.whole, own.groups);
  const errors = [
    jackknifeError(whole, without, own.sizes),
    // A ball more or less covers what few others do: nearly a sum over balls.
    sharedError(countByGroup(seen.halves, own.groups), own.n, own.sizes, other.sizes, 1),
  ];
  return withInterval(whole, twoSampleInterval(whole, errors, [0, 1], own.n), n);
}

function densityOf(seen: Pairs, k: number, fake: Rows, real: Rows): Value {
  const { whole, without } = means(seen.around, fake.groups);
  const errors = [
    jackknifeError(whole, without, fake.sizes),
    // Each ball adds its rows to the sum, whatever the others do.
    sharedError(seen.aroundByHalves, fake.n, fake.sizes, real.sizes, 1),
  ];
  const interval = twoSampleInterval(whole, errors, [0, Number.POSITIVE_INFINITY]);
  return withInterval(whole / k, interval && [interval[0] / k, interval[1] / k], fake.n);
}

/**
 * Halving one side alone would change the odds that a ball holds a row: both are halved together. Every
 * reference row counts, also those that are not in a half; balls that reach beyond the known neighbours
 * of a half are left out.
 */
function coverageOf(seen: Pairs, balls: Balls, fake: Rows, real: Rows): Value {
  const { whole, without } = means(seen.held.whole, real.groups);
  const { k } = balls.graph;
  const known = Int32Array.from(
    { length: real.n },
    (_, j) => ALL_HALVES & ~balls.beyond[j * (k + 1) + k]!,
  );
  const held = seen.held.halves.map((mask, j) => mask & known[j]!);
  const counts = countByGroup(known, real.groups);
  const sums = countByGroup(held, real.groups).map((count, at) =>
    count === 0 ? 0 : (count * real.sizes[Math.floor(at / HALVES)]!) / counts[at]!,
  );
  const errors = [
    jackknifeError(whole, without, real.sizes),
    sharedError(sums, real.n, fake.sizes, real.sizes),
  ];
  return withInterval(whole, twoSampleInterval(whole, errors, [0, 1], real.n), fake.n);
}
