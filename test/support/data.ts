import { gaussian, random } from '../../src/base/random.ts';

/** Row-major standard normal rows. */
export function gaussianRows(n: number, dims: number, seed: number): Float32Array {
  const uniform = random(seed);
  return Float32Array.from({ length: n * dims }, () => gaussian(uniform));
}

/** Rows around `clusters` centres; `spread` is the standard deviation beside centres of length ~1. */
export function clusteredRows(
  n: number,
  dims: number,
  clusters: number,
  spread: number,
  seed: number,
): Float32Array {
  const uniform = random(seed);
  const centres = gaussianRows(clusters, dims, seed + 1);
  const rows = new Float32Array(n * dims);
  for (let i = 0; i < n; i += 1) {
    const c = Math.floor(uniform() * clusters);
    for (let j = 0; j < dims; j += 1) {
      const centre = centres[c * dims + j]! / Math.sqrt(dims);
      rows[i * dims + j] = centre + (spread * gaussian(uniform)) / Math.sqrt(dims);
    }
  }
  return rows;
}

/** The rows in another order: row i of the result is row `order[i]`. */
export function reorder(rows: Float32Array, dims: number, order: readonly number[]): Float32Array {
  const result = new Float32Array(order.length * dims);
  for (const [to, from] of order.entries()) {
    result.set(rows.subarray(from * dims, (from + 1) * dims), to * dims);
  }
  return result;
}

/** 0 … n − 1, shuffled. */
export function shuffled(n: number, seed: number): number[] {
  const uniform = random(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
