import type { Device } from '../compute/device.ts';
import { symmetricEigen } from '../compute/eigen.ts';
import { gram } from '../compute/kernels/gram.ts';
import { projection } from '../compute/kernels/projection.ts';
import type { Vectors } from '../compute/vectors.ts';

/** The directions of largest variance through the mean of some rows. */
export interface PrincipalAxes {
  readonly dims: number;
  readonly components: number;
  /** Rounded to float32, so that it is the same when it was saved. */
  readonly mean: Float32Array;
  /** Row-major components × dims, of length one; zeros beyond the number of dimensions. */
  readonly axes: Float32Array;
  /** The share of the variance along each axis; zeros where there is no variance. */
  readonly explained: Float64Array;
}

/**
 * The exact principal axes, from the d × d covariance. Signs follow the eigenvectors' convention
 * (largest component positive), so the result is reproducible.
 */
export async function principalAxes(
  device: Device,
  vectors: Vectors,
  components: number,
): Promise<PrincipalAxes> {
  const { n, dims } = vectors;
  const total = new Float64Array(dims * dims);
  const exact = new Float64Array(dims);
  for (const block of vectors.blocks) {
    const part = await gram(device, block, dims);
    for (let i = 0; i < total.length; i += 1) total[i]! += part.gram[i]!;
    for (let i = 0; i < dims; i += 1) exact[i]! += part.sum[i]! / n;
  }
  for (let i = 0; i < dims; i += 1) {
    for (let j = 0; j < dims; j += 1) total[i * dims + j]! -= n * exact[i]! * exact[j]!;
  }
  const axes = new Float32Array(components * dims);
  const explained = new Float64Array(components);
  if (n > 0 && dims > 0) {
    const { values, vectors: found } = await symmetricEigen(total, dims);
    const all = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    for (let c = 0; c < Math.min(components, dims); c += 1) {
      const at = dims - 1 - c;
      axes.set(found.subarray(at * dims, (at + 1) * dims), c * dims);
      explained[c] = all > 0 ? Math.max(0, values[at]!) / all : 0;
    }
  }
  return { dims, components, mean: Float32Array.from(exact), axes, explained };
}

/** The rows' coordinates along the axes, from their mean: row-major n × components. */
export async function coordinatesOn(
  device: Device,
  { n, dims, blocks }: Vectors,
  { components, mean, axes }: PrincipalAxes,
): Promise<Float32Array> {
  const coordinates = new Float32Array(n * components);
  let at = 0;
  for (const block of blocks) {
    const end = at + (block.length / dims) * components;
    await projection(device, block, axes, mean, dims, coordinates.subarray(at, end));
    at = end;
  }
  return coordinates;
}
