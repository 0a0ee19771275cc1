import { NEIGHBOURS } from '../engine/artefacts.ts';
import type { NeighbourGraph } from '../neighbours/neighbours.ts';

/** How crowded it is around each row, from its nearest neighbours; null where there is no other row. */
export interface Crowding {
  /** Distance to the nearest other row. */
  readonly nearest: Float64Array;
  /** From 0 (far from everything) over 0.5 (as crowded as the median row) to 1 (equal rows only). */
  readonly density: Float64Array;
}

/**
 * Local density from the k-nearest-neighbour distances (Loftsgaarden & Quesenberry 1965: density falls
 * as the distance to near neighbours grows). With mᵢ the mean cosine distance of row i to its 15 nearest
 * other rows (or as many as there are) and M the median of m over all rows,
 *
 *   densityᵢ = M / (M + mᵢ)
 *
 * which is unitless, needs no bandwidth and stays finite among duplicates: 1 where mᵢ = 0, also where
 * M = 0; then 0 for all other rows. It compares rows of one dataset, not one dataset with another.
 */
export function crowdingOf({ n, k, distances }: NeighbourGraph): Crowding | null {
  const width = Math.min(k, NEIGHBOURS);
  if (width === 0) return null;
  const nearest = new Float64Array(n);
  const means = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let j = 0; j < width; j += 1) sum += distances[i * k + j]!;
    nearest[i] = distances[i * k]!;
    means[i] = sum / width;
  }
  const sorted = means.toSorted();
  const half = n >> 1;
  const median = n % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  const density = means.map((mean) => (mean === 0 ? 1 : median / (median + mean)));
  return { nearest, density };
}
