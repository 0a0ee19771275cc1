import { throwIfAborted } from '../base/errors.ts';
import type { Device } from '../compute/device.ts';
import { products } from '../compute/kernels/products.ts';
import {
  allNegativeHalfNorms,
  QUERY_ROWS,
  TARGET_ROWS,
  tilesOf,
} from '../compute/kernels/tiles.ts';
import { rowOf, squaredDistance, type Vectors } from '../compute/vectors.ts';

/** Below this part of the rows' squared lengths a distance from float32 products is taken again. */
const CLOSE = 1e-4;

/**
 * A function of ‖x − y‖² for all pairs of a few thousand rows, a symmetric n×n matrix: what has no way
 * around it. Distances of near-duplicates are taken in float64, so those of equal rows are exactly 0.
 */
export async function squareOf(
  device: Device,
  rows: Vectors,
  of: (squared: number) => number,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { n, dims } = rows;
  const matrix = new Float64Array(n * n);
  const norms = allNegativeHalfNorms(rows);
  for (const asked of tilesOf(rows, QUERY_ROWS)) {
    for (const tile of tilesOf(rows, TARGET_ROWS)) {
      throwIfAborted(signal);
      const found = await products(device, asked.data, tile.data, dims);
      for (let a = 0; a < asked.rows; a += 1) {
        const i = asked.first + a;
        // The lower triangle; the upper one is its mirror.
        const end = Math.min(tile.rows, i + 1 - tile.first);
        for (let b = 0; b < end; b += 1) {
          const j = tile.first + b;
          const lengths = norms[i]! + norms[j]!;
          let squared = -2 * (lengths + found[a * tile.rows + b]!);
          if (squared < -CLOSE * lengths) squared = squaredDistance(rowOf(rows, i), rowOf(rows, j));
          const value = of(squared);
          matrix[i * n + j] = value;
          matrix[j * n + i] = value;
        }
      }
    }
  }
  return matrix;
}
