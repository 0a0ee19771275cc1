import type { NeighbourGraph } from '../neighbours/neighbours.ts';

/** Nearest rows that count for how far a row is from everything; as many as `knn-distance` looks at. */
export const NEAREST = 5;

/** Every row's mean distance to its NEAREST nearest rows; null where there is no other row. */
export function distancesToNearest({ n, k, distances }: NeighbourGraph): Float64Array | null {
  if (k === 0) return null;
  const width = Math.min(NEAREST, k);
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = i * k; j < i * k + width; j += 1) sum += distances[j]!;
    return sum / width;
  });
}
