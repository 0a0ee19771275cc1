import { throwIfAborted } from '../base/errors.ts';
import { breathe } from '../base/progress.ts';
import { cpu } from '../compute/device.ts';
import { products } from '../compute/kernels/products.ts';
import {
  BLOCK_ROWS,
  rowOf,
  selectRows,
  squaredDistance,
  type Vectors,
} from '../compute/vectors.ts';
import { type HalfNorms, halfNorm } from './half-norms.ts';
import type { NeighbourLists, SearchOptions } from './neighbours.ts';

/**
 * Candidates kept beyond k. Products are float32, so rows whose distances agree to 1e-7 may come back
 * in the wrong order; the final order is made in float64 among k + SLACK candidates.
 */
export const SLACK = 4;

/**
 * Error of a score relative to ½‖x‖² + ½‖y‖². Where it could hide a nearer row from the candidates
 * (clumps of near-duplicates, euclidean rows far from the origin), the query is searched again.
 */
const ROUNDING = 4e-6;

/** Error of a score whose squares are too small for float32 to hold all their digits. */
const UNDERFLOW = 1e-38;

/**
 * Whether a row that is not among the candidates may be nearer than `reach`: `outside` is the rounded
 * distance of the last candidate, `own` the query's half norm. What is not a number is unsure.
 */
export const isUnsure = (outside: number, own: number, norms: HalfNorms, reach: number): boolean =>
  !(outside - ROUNDING * (own + norms.largest) - UNDERFLOW >= reach);

/** Rows that are searched again at a time: a tile of products comes back, and must stay small. */
const WIDE_ROWS = 256;

/**
 * Searches the queries at `rows` once more, rescoring in float64 every row whose rounded distance is
 * not clearly beyond the k-th found so far. Among themselves, where the queries are the targets, no row
 * is its own neighbour.
 */
export async function searchAgain(
  queries: Vectors,
  rows: readonly number[],
  targets: Vectors,
  norms: HalfNorms,
  found: Pick<NeighbourLists, 'k' | 'ids' | 'distances'>,
  { device = cpu, signal, among = false }: SearchOptions & { readonly among?: boolean },
): Promise<void> {
  const { k } = found;
  for (let first = 0; first < rows.length; first += WIDE_ROWS) {
    const part = rows.slice(first, first + WIDE_ROWS);
    const asked = selectRows(queries, part).blocks[0]!;
    const own = part.map((row) => halfNorm(rowOf(queries, row)));
    const candidates: number[][] = part.map(() => []);
    for (const [b, block] of targets.blocks.entries()) {
      throwIfAborted(signal);
      const tile = await products(device, asked, block, targets.dims);
      const width = block.length / targets.dims;
      for (const [a, row] of part.entries()) {
        const reach = found.distances[(row + 1) * k - 1]!;
        for (let j = 0; j < width; j += 1) {
          const both = own[a]! + norms.each[b * BLOCK_ROWS + j]!;
          if (both - tile[a * width + j]! - ROUNDING * both - UNDERFLOW > reach) continue;
          const id = b * BLOCK_ROWS + j;
          if (!among || id !== row) candidates[a]!.push(id);
        }
      }
    }
    for (const [a, row] of part.entries()) {
      const query = rowOf(queries, row);
      const nearest = candidates[a]!.map((id) => ({
        id,
        distance: squaredDistance(query, rowOf(targets, id)) / 2,
      })).sort((x, y) => x.distance - y.distance || x.id - y.id);
      for (let j = 0; j < k; j += 1) {
        found.ids[row * k + j] = nearest[j]!.id;
        found.distances[row * k + j] = nearest[j]!.distance;
      }
    }
    await breathe();
  }
}
