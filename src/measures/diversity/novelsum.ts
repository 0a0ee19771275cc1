import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { tilesOf } from '../../compute/kernels/tiles.ts';
import { BLOCK_ROWS, selectRows, type Vectors } from '../../compute/vectors.ts';
import { MIN_GROUPS, occupiedGroups } from '../../stats/groups.ts';
import { intervalFrom } from '../../stats/jackknife.ts';
import type { Artefacts } from '../artefacts.ts';
import { family, type MeasureContext } from '../measure.ts';
import { QUERIES } from '../pair-sums.ts';
import { bare, missing, ofSample, TOO_FEW, type Value, withInterval } from '../value.ts';

/**
 * NovelSum (Yang et al. 2025), the mean over rows of a weighted mean of cosine distances to all other rows:
 *
 *   v(x) = Σ w(x, y) d(x, y) / Σ w(x, y),   w = 1 / rank of y by distance from x
 *
 * Near rows count most. The paper also stretches distances by how dense a place is in a large source that all compared
 * datasets are part of; its authors leave this out where there is no such source, as is done here: taken from the
 * dataset itself, density would make crowded rows far apart, and a set that has collapsed more novel than a varied one.
 * Unlike in the authors' program the nearest other row has rank 1, not the row itself. Equal distances share their ranks'
 * weights. Distances are sorted into BINS: their order within a bin, a 4,096th of the range, is not told.
 *
 * The interval is that of a jackknife that leaves out one row at a time: its own v, and its part in the v of each other
 * row, whose farther rows come a rank nearer. A second look at the same distances says so of every row.
 */
const BINS = 4096;
/** Queries at a time: their bins stay in cache. */
const ASKED = 128;
/** Blocks of targets that queries meet before the next queries' bins are needed. */
const SPAN = 8;
/** Where not every row is a query, so many rows by themselves say how much one row moves the value. */
const LEFT_OUT = 8192;
const LIMITS = { queries: QUERIES, leftOut: LEFT_OUT };
/** Rows that leaving out one says something of. */
const LEAST_ROWS = 24;
const RANGE = [0, 2] as const;

export const novelsum = family({
  family: 'novelsum',
  axis: 'diversity',
  needs: ['rows'],
  quadratic: true,
  intervalBy: 'a row at a time; above 20,000 rows, of 8,192 of them',
  at: { one: null, identical: 0, disjoint: 1 },
  peers:
    'The authors’ program gives rank 1 to the row itself; here to the nearest other one. Distances are not stretched by density, as its authors advise where no larger source is at hand: by its own density a collapsed dataset would score above a varied one.',
  measures: {
    novelsum: {
      title: 'NovelSum',
      reads: 'How far the other rows are from a row on average, the nearer ones counting more.',
      range: RANGE,
      more: 'more',
      growsWithN: true,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Yang et al. 2025 (NovelSum), arXiv 2502.17184',
    },
  },
  async finish(inputs, context) {
    return { novelsum: await novelSumOf(inputs, context) };
  },
});

/** Of more rows than `queries` so many are asked, and `leftOut` of them by themselves say what leaving out one does. */
export async function novelSumOf(
  { rows }: Pick<Artefacts, 'rows'>,
  context: MeasureContext,
  { queries, leftOut } = LIMITS,
): Promise<Value> {
  const { n, unit, order } = rows;
  if (n < 2) return missing(n, 'needs at least two rows');
  const asked = n <= queries ? null : order.slice(0, queries).sort();
  const few = n < LEAST_ROWS || occupiedGroups(rows.sizes) < MIN_GROUPS;
  const found = await novelties(unit, { ...context, asked, lost: !few && asked === null });
  const value = meanOf(found.values);
  if (asked === null) {
    if (few) return bare(value, n, TOO_FEW);
    return withInterval(value, intervalFrom(value, jackknife(found.without!), n, RANGE), n);
  }
  const sampling = jackknife(found.values) / (queries - 1);
  if (few) return ofSample(bare(value, queries, TOO_FEW), sampling);
  const part = selectRows(unit, order.slice(0, leftOut).sort());
  const ofPart = await novelties(part, { ...context, asked: null, lost: true });
  // What goes from 0 up spreads in proportion to itself; rows that are all equal have no proportion.
  const own = meanOf(ofPart.values);
  const scale = (value > 0 && own > 0 ? value / own : 1) * Math.sqrt(part.n / n);
  const error = Math.hypot(scale * jackknife(ofPart.without!), sampling);
  const interval = intervalFrom(value, error, part.n, RANGE);
  return ofSample(withInterval(value, interval, queries), sampling);
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard error of a statistic from its values without each row. */
function jackknife(without: Float64Array): number {
  const mean = meanOf(without);
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((squares * (without.length - 1)) / without.length);
}

interface Asked extends ComputeOptions {
  /** The rows that ask, in ascending order; null: all. */
  readonly asked: Int32Array | null;
  /** Whether the mean without each row is wanted too; only where all rows ask. */
  readonly lost: boolean;
}

/** v of every row that asks; and the mean of all rows' without each of them. */
async function novelties(
  unit: Vectors,
  { asked, lost, device = cpu, signal }: Asked,
): Promise<{ readonly values: Float64Array; readonly without: Float64Array | null }> {
  const { n, dims, blocks } = unit;
  const queries = asked === null ? unit : selectRows(unit, asked);
  const harmonic = new Float64Array(n + 1);
  for (let rank = 1; rank <= n; rank += 1) harmonic[rank] = harmonic[rank - 1]! + 1 / rank;
  const totals = new Float64Array(queries.n);
  const bins = Array.from({ length: Math.min(ASKED, queries.n) }, emptyBins);
  const influence = lost ? openInfluence(n) : null;
  // The second look needs all targets at hand.
  const span = lost ? blocks.length : SPAN;
  for (const tile of tilesOf(queries, ASKED)) {
    for (let from = 0; from < blocks.length; from += span) {
      throwIfAborted(signal);
      const met: { first: number; cosines: Float32Array }[] = [];
      for (const [b, block] of blocks.slice(from, from + span).entries()) {
        const cosines = await products(device, tile.data, block, dims);
        met.push({ first: (from + b) * BLOCK_ROWS, cosines });
      }
      for (let a = 0; a < tile.rows; a += 1) {
        const self = asked?.[tile.first + a] ?? tile.first + a;
        for (const { first, cosines } of met) {
          const width = cosines.length / tile.rows;
          const own = cosines.subarray(a * width, (a + 1) * width);
          // At a distance of its own, which no bin counts.
          if (self >= first && self < first + width) own[self - first] = Number.NaN;
          addToBins(own, bins[a]!);
        }
        if (influence === null) continue;
        influence.effects(bins[a]!, harmonic);
        for (const { first, cosines } of met) {
          const width = cosines.length / tile.rows;
          influence.look(cosines.subarray(a * width, (a + 1) * width), first);
        }
      }
      await breathe();
    }
    for (let a = 0; a < tile.rows; a += 1) totals[tile.first + a] = weighted(bins[a]!, harmonic);
  }
  return {
    values: totals.map((total) => total / harmonic[n - 1]!),
    without: influence?.without(totals, harmonic[n - 2]!) ?? null,
  };
}

interface Bins {
  readonly counts: Int32Array;
  /** Σ of distances. */
  readonly sums: Float64Array;
}

const emptyBins = (): Bins => ({ counts: new Int32Array(BINS), sums: new Float64Array(BINS) });

const binOf = (distance: number): number => (distance < 2 ? (distance * (BINS / 2)) | 0 : BINS - 1);

function addToBins(cosines: Float32Array, { counts, sums }: Bins): void {
  for (let b = 0; b < cosines.length; b += 1) {
    const distance = 1 - cosines[b]!;
    if (distance > 0) {
      const bin = binOf(distance);
      counts[bin]! += 1;
      sums[bin]! += distance;
    } else if (distance <= 0) counts[0]! += 1;
  }
}

/** Σ over bins of the mean of what lies in a bin × the weights of the ranks that it takes; empties the bins. */
function weighted({ counts, sums }: Bins, harmonic: Float64Array): number {
  let total = 0;
  let rank = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const count = counts[bin]!;
    if (count === 0) continue;
    total += (sums[bin]! / count) * (harmonic[rank + count]! - harmonic[rank]!);
    rank += count;
    counts[bin] = 0;
    sums[bin] = 0;
  }
  return total;
}

/** What every row is to the others, gathered from all of them. */
interface Influence {
  /** Takes up what leaving out a row of any bin does to the weighted sum that the bins make. */
  effects(bins: Bins, harmonic: Float64Array): void;
  /** Adds that to the rows from `first` on. */
  look(cosines: Float32Array, first: number): void;
  /** The mean of v without each row, `weights` being the sum of the weights that are left. */
  without(totals: Float64Array, weights: number): Float64Array;
}

function openInfluence(n: number): Influence {
  /** By bin: a row's effect is `fixed` + `steep` · its distance. */
  const fixed = new Float64Array(BINS);
  const steep = new Float64Array(BINS);
  const moved = new Float64Array(n);
  return {
    effects({ counts, sums }, harmonic) {
      let before = counts.reduce((sum, count) => sum + count, 0);
      // What farther bins gain, as each of their rows comes a rank nearer.
      let nearer = 0;
      for (let bin = BINS - 1; bin >= 0; bin -= 1) {
        const count = counts[bin]!;
        if (count === 0) continue;
        before -= count;
        const mean = sums[bin]! / count;
        const ranks = harmonic[before + count]! - harmonic[before]!;
        const left = harmonic[before + count - 1]! - harmonic[before]!;
        const per = count === 1 ? 0 : left / (count - 1);
        fixed[bin] = nearer + per * sums[bin]! - mean * ranks;
        steep[bin] = -per;
        if (before > 0) nearer += mean * (1 / before - 1 / (before + count));
      }
    },
    look(cosines, first) {
      for (let b = 0; b < cosines.length; b += 1) {
        const distance = 1 - cosines[b]!;
        if (distance > 0) {
          const bin = binOf(distance);
          moved[first + b]! += fixed[bin]! + steep[bin]! * distance;
        } else if (distance <= 0) moved[first + b]! += fixed[0]!;
      }
    },
    without(totals, weights) {
      const all = totals.reduce((sum, total) => sum + total, 0);
      return moved.map((change, row) => (all - totals[row]! + change) / ((n - 1) * weights));
    },
  };
}
