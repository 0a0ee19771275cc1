import { rowOf, type Vectors } from '../compute/vectors.ts';

/**
 * The row nearest to the mean, the first in `order` of equals; −1 without rows. Among unit rows it is the
 * medoid by cosine: the row with the least total distance to all rows.
 */
export function centralRow(vectors: Vectors, order: Int32Array): number {
  const { n, dims } = vectors;
  const mean = new Float64Array(dims);
  for (const row of order) {
    const values = rowOf(vectors, row);
    for (let j = 0; j < dims; j += 1) mean[j]! += values[j]!;
  }
  for (let j = 0; j < dims; j += 1) mean[j]! /= n;
  let central = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (const row of order) {
    const values = rowOf(vectors, row);
    let score = 0;
    for (let j = 0; j < dims; j += 1) score += values[j]! * (mean[j]! - values[j]! / 2);
    if (score <= best) continue;
    best = score;
    central = row;
  }
  return central;
}
