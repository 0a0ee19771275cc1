import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { TARGET_ROWS, tilesOf } from '../../compute/kernels/tiles.ts';
import { selectRows } from '../../compute/vectors.ts';
import type { NeighbourGraph } from '../../neighbours/neighbours.ts';
import { family } from '../measure.ts';
import { QUERIES } from '../pair-sums.ts';
import type { Rows } from '../rows.ts';
import { missing, unsure } from '../value.ts';

/**
 * NovelSum (Yang et al. 2025), the mean over rows of a weighted mean of distances to all other rows:
 *
 *   v(x) = Σ w(x, y) σ(y)^½ d(x, y) / Σ w(x, y),   w = 1 / rank of y by distance from x,
 *   σ(y) = 1 / Σ distances of y to its 10 nearest
 *
 * with cosine distances d. Rows in dense places count for more, near rows most. Unlike the authors'
 * program the nearest other row has rank 1, not the row itself, the density is that of y, as the paper
 * says, not that of x, and densities come from the dataset itself. Equal distances share their ranks'
 * weights; σ is bounded as if ten neighbours were 0.01 away, or else a dozen copies would count without
 * bound. Distances are sorted into BINS: their order within a bin, a 4,096th of the range, is not told.
 */
const NEAREST = 10;
const CLOSEST = 0.01;
const BINS = 4096;
/** Queries at a time: their bins stay in cache. */
const ASKED = 128;

export const novelsum = family({
  family: 'novelsum',
  axis: 'diversity',
  needs: ['rows', 'cosineNeighbours'],
  interval: 'subsample',
  at: { one: null, identical: 0 },
  peers:
    'The authors’ program gives rank 1 to the row itself and takes the density of x instead of y; here as the paper says.',
  measures: {
    novelsum: {
      title: 'NovelSum',
      reads:
        'How novel a row is to the others, near ones counting most and dense places stretched.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      cite: 'Yang et al. 2025 (NovelSum), arXiv 2502.17184',
    },
  },
  async finish({ rows, cosineNeighbours }, context) {
    if (rows.n < 2) return { novelsum: missing(rows.n, 'needs at least two rows') };
    const perRow = await novelties(rows, densities(cosineNeighbours), context);
    const { length } = perRow;
    const mean = perRow.reduce((sum, value) => sum + value, 0) / length;
    if (length === rows.n) return { novelsum: unsure(mean, rows.n) };
    const squares = perRow.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = Math.sqrt(squares / (length - 1) / length);
    return { novelsum: unsure(mean, rows.n, { n: length, error }) };
  },
});

/** σ^½ of every row. */
function densities({ n, k, distances }: NeighbourGraph): Float64Array {
  const width = Math.min(NEAREST, k);
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j += 1) sum += distances[i * k + j]!;
    // Fewer than ten other rows: as if there were ten as far away.
    return Math.sqrt(width / (NEAREST * Math.max(sum, width * CLOSEST)));
  });
}

/** v of every row, or of a sample of them against all. */
async function novelties(
  { n, unit, order }: Rows,
  sigma: Float64Array,
  { device = cpu, signal }: ComputeOptions,
): Promise<Float64Array> {
  const asked = n <= QUERIES ? null : order.slice(0, QUERIES).sort();
  const queries = asked === null ? unit : selectRows(unit, asked);
  const harmonic = new Float64Array(n + 1);
  for (let rank = 1; rank <= n; rank += 1) harmonic[rank] = harmonic[rank - 1]! + 1 / rank;
  const values = new Float64Array(queries.n);
  const most = Math.min(ASKED, queries.n);
  const counts = new Int32Array(BINS * most);
  const sums = new Float64Array(BINS * most);
  for (const tile of tilesOf(queries, ASKED)) {
    for (const targets of tilesOf(unit, TARGET_ROWS)) {
      throwIfAborted(signal);
      const found = await products(device, tile.data, targets.data, unit.dims);
      const weights = sigma.subarray(targets.first, targets.first + targets.rows);
      for (let a = 0; a < tile.rows; a += 1) {
        const cosines = found.subarray(a * targets.rows, (a + 1) * targets.rows);
        const self = (asked?.[tile.first + a] ?? tile.first + a) - targets.first;
        // At a distance of its own, which no bin counts.
        if (self >= 0 && self < targets.rows) cosines[self] = Number.NaN;
        const own = a * BINS;
        addToBins(
          cosines,
          weights,
          counts.subarray(own, own + BINS),
          sums.subarray(own, own + BINS),
        );
      }
      await breathe();
    }
    for (let a = 0; a < tile.rows; a += 1) {
      values[tile.first + a] = weighted(counts, sums, a * BINS, harmonic) / harmonic[n - 1]!;
    }
  }
  return values;
}

function addToBins(
  cosines: Float32Array,
  weights: Float64Array,
  counts: Int32Array,
  sums: Float64Array,
): void {
  for (let b = 0; b < cosines.length; b += 1) {
    const distance = 1 - cosines[b]!;
    if (distance > 0) {
      const bin = distance < 2 ? (distance * (BINS / 2)) | 0 : BINS - 1;
      counts[bin]! += 1;
      sums[bin]! += weights[b]! * distance;
    } else if (distance <= 0) counts[0]! += 1;
  }
}

/** Σ over bins of the mean of what lies in a bin × the weights of the ranks that it takes; empties the bins. */
function weighted(
  counts: Int32Array,
  sums: Float64Array,
  start: number,
  harmonic: Float64Array,
): number {
  let total = 0;
  let rank = 0;
  for (let bin = start; bin < start + BINS; bin += 1) {
    const count = counts[bin]!;
    if (count === 0) continue;
    total += (sums[bin]! / count) * (harmonic[rank + count]! - harmonic[rank]!);
    rank += count;
    counts[bin] = 0;
    sums[bin] = 0;
  }
  return total;
}
