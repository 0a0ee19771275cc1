import { throwIfAborted } from '../../base/errors.ts';
import { breathe } from '../../base/progress.ts';
import { defaultClusters } from '../../clusters/kmeans.ts';
import { type ComputeOptions, cpu } from '../../compute/device.ts';
import { products } from '../../compute/kernels/products.ts';
import { negativeHalfNorms } from '../../compute/kernels/tiles.ts';
import { BLOCK_ROWS, rowOf, squaredDistance } from '../../compute/vectors.ts';
import { centralRow } from '../central.ts';
import { family } from '../measure.ts';
import type { Rows } from '../rows.ts';
import { bare, missing } from '../value.ts';

/**
 * k-centre: the largest distance ‖x − c‖ of a row to the nearest of k of the rows, √n of them within
 * 8…256. Centres are chosen greedily, each the row farthest from those before it, the first the most
 * central row (Gonzalez 1985): the radius is at most twice the least that any k centres could have, and
 * finding that least one is NP-hard.
 */
export const kCentre = family({
  family: 'k-centre',
  axis: 'diversity',
  needs: ['rows'],
  // √n passes over the rows.
  quadratic: true,
  at: { one: 0, identical: 0 },
  intervalBy: 'none: extremes and counts have no honest one',
  measures: {
    'k-centre': {
      title: 'k-centre radius',
      reads:
        'How far the row that √n chosen rows represent worst is from them; within twice the best choice.',
      range: [0, Number.POSITIVE_INFINITY],
      more: 'more',
      growsWithN: true,
      rows: 'space',
      unit: 'distance',
      cite: 'Gonzalez 1985, Theor. Comput. Sci. 38; Sener & Savarese 2018, arXiv 1708.00489',
    },
  },
  async finish({ rows }, context) {
    if (rows.n === 0) return { 'k-centre': missing(0, 'no rows') };
    const radius = await greedyRadius(rows, defaultClusters(rows.n), context);
    return { 'k-centre': bare(radius, rows.n, 'an extreme of the sample has no honest interval') };
  },
});

async function greedyRadius(
  { n, vectors, order }: Rows,
  k: number,
  { device = cpu, signal }: ComputeOptions,
): Promise<number> {
  const { dims, blocks } = vectors;
  const norms = blocks.map((block) => negativeHalfNorms(block, dims));
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const centres = new Int32Array(n);
  let centre = centralRow(vectors, order);
  for (let c = 0; c < k; c += 1) {
    throwIfAborted(signal);
    const own = norms[Math.floor(centre / BLOCK_ROWS)]![centre % BLOCK_ROWS]!;
    for (const [b, block] of blocks.entries()) {
      const found = await products(device, rowOf(vectors, centre), block, dims);
      for (let j = 0; j < found.length; j += 1) {
        const distance = -(own + norms[b]![j]!) - found[j]!;
        const i = b * BLOCK_ROWS + j;
        if (distance >= nearest[i]!) continue;
        nearest[i] = distance;
        centres[i] = centre;
      }
    }
    nearest[centre] = 0;
    for (const row of order) if (nearest[row]! > nearest[centre]!) centre = row;
    await breathe();
  }
  let largest = 0;
  for (let i = 0; i < n; i += 1) {
    const distance = squaredDistance(rowOf(vectors, i), rowOf(vectors, centres[i]!));
    largest = Math.max(largest, distance);
  }
  return Math.sqrt(largest);
}
