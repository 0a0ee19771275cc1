import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { cpu } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { BLOCK_ROWS, rowOf, selectRows, squaredDistance } from '../../compute/vectors.ts';
import { GROUPS, MIN_GROUPS, occupiedGroups } from '../../stats/groups.ts';
import { HALVES, HALVES_OF } from '../../stats/halves.ts';
import { intervalFrom } from '../../stats/jackknife.ts';
import { centralRow } from '../central.ts';
import { family, type MeasureContext } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { bare, missing, TOO_FEW, withInterval } from '../value.ts';

/**
 * span: the 90th percentile of the cosine distances of the rows to their medoid, the row with the least
 * total distance to all (Cox et al. 2021): how far the set reaches, outliers left out.
 *
 * Another draw has another medoid, and which of the few rows near the middle it is changes hardly less among many rows
 * than among few: what draws of some rows spread cannot be scaled by √n. So the error has two parts: that of the percentile around
 * one medoid, from its order statistics (Woodruff 1952), and how far the percentile is from that around another medoid. For the
 * latter the groups of rows are halved in 31 balanced ways: the two halves are draws that know nothing of each other.
 */
const QUANTILE = 0.9;
const RANGE = [0, 2] as const;
/** Rows that percentiles around the medoids of halves are taken from. */
const SEEN = 8192;
/** Of the variance between medoids of halves so much is left among all rows: between a half and all of it. */
const LEFT = 2 / 3;
/** Rows below which halves say nothing. */
const LEAST_ROWS = 24;

export const span = family({
  family: 'span',
  axis: 'diversity',
  needs: ['rows'],
  intervalBy: 'order statistics around the medoid, and the medoids of 31 × 2 halves of the rows',
  at: { one: 0, identical: 0, disjoint: 1, duplicated: 'same' },
  measures: {
    span: {
      title: 'Span',
      reads: 'How far from the most central row the rows reach, the farthest tenth left out.',
      range: RANGE,
      more: 'more',
      growsWithN: false,
      rows: 'unit',
      unit: 'cosine distance',
      cite: 'Cox et al. 2021 (span), arXiv 2101.06030',
    },
  },
  async finish({ rows }, context) {
    const { n, unit, order } = rows;
    if (n === 0) return { span: missing(0, 'no rows') };
    const medoid = rowOf(unit, centralRow(unit, order));
    const distances = new Float64Array(n);
    for (let i = 0; i < n; i += 1) distances[i] = squaredDistance(rowOf(unit, i), medoid) / 2;
    const value = percentile(distances.sort());
    if (n < LEAST_ROWS || occupiedGroups(rows.sizes) < MIN_GROUPS) {
      return { span: bare(value, n, TOO_FEW) };
    }
    const error = Math.hypot(percentileError(distances), await medoidError(rows, context));
    return { span: withInterval(value, intervalFrom(value, error, GROUPS, RANGE), n) };
  },
});

const percentile = (sorted: Float64Array): number =>
  sorted[Math.ceil(QUANTILE * sorted.length) - 1]!;

/** From the order statistics between which the percentile lies in 95 of 100 draws. */
function percentileError(sorted: Float64Array): number {
  const n = sorted.length;
  const reach = 1.96 * Math.sqrt(n * QUANTILE * (1 - QUANTILE));
  const at = (place: number): number => sorted[Math.max(0, Math.min(n - 1, Math.round(place)))]!;
  return (at(QUANTILE * n + reach) - at(QUANTILE * n - reach - 1)) / (2 * 1.96);
}

/** How far the percentile around the medoid of one draw is from that around the medoid of another. */
async function medoidError(rows: Rows, context: MeasureContext): Promise<number> {
  const { unit, order } = rows;
  const { device = cpu } = context;
  const medoids = await medoidsOfHalves(rows, context);
  const different = [...new Set(medoids)];
  const [asked] = selectRows(unit, different).blocks;
  const seen = selectRows(unit, order.slice(0, SEEN));
  const found = different.map(() => new Float64Array(seen.n));
  for (const [b, block] of seen.blocks.entries()) {
    const cosines = await products(device, asked!, block, unit.dims);
    const width = block.length / unit.dims;
    for (const [m, own] of found.entries()) {
      own.set(cosines.subarray(m * width, (m + 1) * width), b * BLOCK_ROWS);
    }
  }
  const around = new Map(
    different.map((row, m) => [row, percentile(found[m]!.map((cosine) => 1 - cosine).sort())]),
  );
  let squares = 0;
  for (let r = 0; r < HALVES; r += 1) {
    squares += (around.get(medoids[2 * r]!)! - around.get(medoids[2 * r + 1]!)!) ** 2 / 2;
  }
  return Math.sqrt((LEFT * squares) / HALVES);
}

/** The medoid of each half-sample, and behind it that of the other half. */
async function medoidsOfHalves(
  { unit, groups }: Rows,
  { device = cpu, signal }: MeasureContext,
): Promise<Int32Array> {
  const { dims } = unit;
  const means = new Float32Array(2 * HALVES * dims);
  for (const [group, sum] of sumsByGroup(unit, groups).entries()) {
    for (let r = 0; r < HALVES; r += 1) {
      const at = (2 * r + other(group, r)) * dims;
      for (let j = 0; j < dims; j += 1) means[at + j]! += sum[j]! / unit.n;
    }
  }
  const best = new Float64Array(2 * HALVES).fill(Number.NEGATIVE_INFINITY);
  const medoids = new Int32Array(2 * HALVES);
  for (const [b, block] of unit.blocks.entries()) {
    throwIfAborted(signal);
    const near = await products(device, block, means, dims);
    for (let i = 0; i < block.length / dims; i += 1) {
      const row = b * BLOCK_ROWS + i;
      for (let r = 0; r < HALVES; r += 1) {
        const half = 2 * r + other(groups[row]!, r);
        const score = near[i * 2 * HALVES + half]!;
        if (score <= best[half]!) continue;
        best[half] = score;
        medoids[half] = row;
      }
    }
    await breathe();
  }
  return medoids;
}

/** 0 where a group is in the half-sample, 1 where it is in the other half. */
const other = (group: number, half: number): 0 | 1 => ((HALVES_OF[group]! >> half) & 1 ? 0 : 1);

function sumsByGroup(unit: Rows['unit'], groups: Uint8Array): Float64Array[] {
  const sums = Array.from({ length: GROUPS }, () => new Float64Array(unit.dims));
  for (let i = 0; i < unit.n; i += 1) {
    const [sum, row] = [sums[groups[i]!]!, rowOf(unit, i)];
    for (let j = 0; j < unit.dims; j += 1) sum[j]! += row[j]!;
  }
  return sums;
}
