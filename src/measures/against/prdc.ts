import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { cpu, type Device } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { BLOCK_ROWS, rowOf, squaredDistance, type Vectors } from '../../compute/vectors.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { family } from '../measure.ts';
import { missing, unsure } from '../value.ts';

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
 * not cover itself. Balls grow when rows are left out, so a jackknife's intervals would be up to twice
 * too wide: these come from subsampling both sides.
 */
export const K = 5;

export const prdc = family({
  family: 'prdc',
  axis: 'against',
  needs: ['rows', 'neighbours', 'reference'],
  interval: 'subsample',
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
    const fake = radiiOf(neighbours);
    const real = radiiOf(reference.neighbours);
    const { device = cpu, signal } = context;
    const seen = await scanPairs(device, rows.vectors, reference.rows.vectors, fake, real, signal);
    return {
      precision: unsure(share(seen.fakeInReal), n),
      recall: unsure(share(seen.realInFake), n),
      density: unsure(seen.pairs / (Math.min(K, reference.neighbours.k) * n), n),
      coverage: unsure(share(seen.held), n),
    };
  },
});

/** Half the square of the distance from each row to its k-th nearest. */
const radiiOf = ({ n, k, distances }: NeighbourGraph): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => distances[i * k + Math.min(K, k) - 1]!);

const share = (flags: Uint8Array): number =>
  flags.reduce((sum, flag) => sum + flag, 0) / flags.length;

/** A flag a row, and the number of pairs with the dataset row inside the reference row's ball. */
interface Pairs {
  readonly fakeInReal: Uint8Array;
  readonly realInFake: Uint8Array;
  /** Reference rows whose own ball holds a dataset row. */
  readonly held: Uint8Array;
  pairs: number;
}

const TILE_ROWS = 512;

/** One pass over all pairs of dataset and reference rows, in tiles of products. */
async function scanPairs(
  device: Device,
  fakeRows: Vectors,
  realRows: Vectors,
  fake: Float64Array,
  real: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Pairs> {
  const seen: Pairs = {
    fakeInReal: new Uint8Array(fakeRows.n),
    realInFake: new Uint8Array(realRows.n),
    held: new Uint8Array(realRows.n),
    pairs: 0,
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
          const reach = fake[i]!;
          for (let b = 0; b < width; b += 1) {
            const j = rb * BLOCK_ROWS + b;
            const rough = own + realNorms[j]! - tile[a * width + b]!;
            const slack = ROUNDING * (own + realNorms[j]!);
            const limit = Math.max(reach, real[j]!) + slack;
            if (rough > limit) continue;
            const distance = squaredDistance(rowOf(fakeRows, i), rowOf(realRows, j)) / 2;
            if (distance <= real[j]!) {
              seen.fakeInReal[i] = 1;
              seen.held[j] = 1;
              seen.pairs += 1;
            }
            if (distance <= reach) seen.realInFake[j] = 1;
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
