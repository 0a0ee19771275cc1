import { rowOf, type Vectors } from '../../src/compute/vectors.ts';

/** ½‖x − y‖² in float64. */
export function halfSquared(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0) / 2;
}

/** Distances from one row to all rows in ascending order, itself left out when it is one of them. */
export function sortedDistances(vectors: Vectors, query: Float32Array, self = -1): Float64Array {
  const others = Array.from({ length: vectors.n }, (_, j) => j).filter((j) => j !== self);
  return Float64Array.from(others, (j) => halfSquared(query, rowOf(vectors, j))).sort();
}

/** The distance from a row to the row farthest from it. */
export function farthestDistance(vectors: Vectors, query: Float32Array): number {
  return sortedDistances(vectors, query).at(-1)!;
}
