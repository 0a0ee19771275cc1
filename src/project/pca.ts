import { symmetricEigen } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { rowOf, type Vectors } from '../compute/vectors.ts';

/**
 * The rows' coordinates along the directions of largest variance, row-major n × components. Signs
 * follow the eigenvectors' convention (largest component positive), so the result is reproducible.
 * Components beyond the number of dimensions are zero.
 */
export async function principalCoordinates(
  vectors: Vectors,
  components: number,
): Promise<Float64Array> {
  const { n, dims } = vectors;
  const coordinates = new Float64Array(n * components);
  if (n === 0 || dims === 0) return coordinates;
  const total = new Float64Array(dims * dims);
  const mean = new Float64Array(dims);
  for (const block of vectors.blocks) {
    const part = await gram(block, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) mean[i]! += part.sum[i]! / n;
  }
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) total[i * dims + j]! -= n * mean[i]! * mean[j]!;
  }
  const basis = await symmetricEigen(total, dims);
  for (let c = 0; c < Math.min(components, dims); c += 1) {
    const axis = basis.vectors.subarray((dims - 1 - c) * dims, (dims - c) * dims);
    for (let i = 0; i < n; i += 1) {
      const row = rowOf(vectors, i);
      let sum = 0;
      for (let j = 0; j < dims; j += 1) sum += (row[j]! - mean[j]!) * axis[j]!;
      coordinates[i * components + c] = sum;
    }
  }
  return coordinates;
}
