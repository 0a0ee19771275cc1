import { expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import { rowOf, vectorsOf } from '../../src/compute/vectors.ts';
import { coordinatesOn, principalAxes } from '../../src/project/pca.ts';
import { project } from '../../src/project/project.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { gaussianRows } from '../support/data.ts';

const { path } = fixtures();

/** Rows stretched 8, 4, 2, 1, … times along the dimensions, and far from the origin. */
function stretched(n: number, dims: number): Float32Array {
  return gaussianRows(n, dims, 1).map((value, at) => 5 + value * 2 ** (3 - (at % dims)));
}

test('axes are the directions of largest variance, with the share of it that each holds', async () => {
  const vectors = vectorsOf(stretched(5000, 6), 6);
  const found = await principalAxes(cpu, vectors, 3);
  const variances = [64, 16, 4, 1, 1 / 4, 1 / 16];
  const all = variances.reduce((sum, variance) => sum + variance, 0);
  for (let c = 0; c < 3; c += 1) {
    expect(found.axes[c * 6 + c]).toBeGreaterThan(0.99);
    expect(found.explained[c]).toBeCloseTo(variances[c]! / all, 1);
  }
  const coordinates = await coordinatesOn(cpu, vectors, found);
  for (const i of [0, 1234, 4999]) {
    for (let c = 0; c < 3; c += 1) {
      let along = 0;
      for (let j = 0; j < 6; j += 1) {
        along += (rowOf(vectors, i)[j]! - found.mean[j]!) * found.axes[c * 6 + j]!;
      }
      expect(coordinates[3 * i + c]).toBeCloseTo(along, 4);
    }
  }
});

test.each([1, 2, 3, 40])('%i rows, also equal ones and of one dimension', async (n) => {
  for (const [dims, data] of [
    [4, gaussianRows(n, 4, 2)],
    [4, new Float32Array(n * 4).fill(1)],
    [1, gaussianRows(n, 1, 2)],
  ] as const) {
    const file = path(`rows-${n}-${dims}.npy`, npyBytes('<f4', `${n}, ${dims}`, bytesOf(data)));
    const projection = await project(file, { method: 'pca', components: 3, metric: 'euclidean' });
    await projection.close();
    expect(projection.layout).toHaveLength(3 * n);
    expect(projection.layout.every(Number.isFinite)).toBe(true);
    expect(projection.index).toBeNull();
    for (const share of projection.explained!) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  }
});
