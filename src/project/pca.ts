import type { Device } from '../compute/device.ts';
import { symmetricEigen } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { projection } from '../compute/kernels/projection.ts';
import { BLOCK_ROWS, type Vectors } from '../compute/vectors.ts';

/**
 * The rows' coordinates along the directions of largest variance, row-major n × components. Signs
 * follow the eigenvectors' convention (largest component positive), so the result is reproducible.
 * Components beyond the number of dimensions are zero.
 */
export async function principalCoordinates(
  device: Device,
  vectors: Vectors,
  components: number,
): Promise<Float64Array> {
  const { n, dims } = vectors;
  const coordinates = new Float64Array(n * components);
  if (n === 0 || dims === 0) return coordinates;
  const total = new Float64Array(dims * dims);
  const mean = new Float64Array(dims);
  for (const block of vectors.blocks) {
    const part = await gram(device, block, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) mean[i]! += part.sum[i]! / n;
  }
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) total[i * dims + j]! -= n * mean[i]! * mean[j]!;
  }
  const axes = await symmetricEigen(total, dims);
  const found = Math.min(components, dims);
  const basis = new Float32Array(found * dims);
  for (let c = 0; c < found; c += 1) {
    basis.set(axes.vectors.subarray((dims - 1 - c) * dims, (dims - c) * dims), c * dims);
  }
  for (const [b, block] of vectors.blocks.entries()) {
    const part = await projection(device, block, basis, mean, dims);
    const first = b * BLOCK_ROWS;
    for (let at = 0; at < part.length; at += 1) {
      const i = first + Math.floor(at / found);
      coordinates[i * components + (at % found)] = part[at]!;
    }
  }
  return coordinates;
}
