import { describe, expect, test } from 'vitest';
import { normaliseRows, vectorsOf } from '../../src/compute/vectors.ts';
import { neighbourGraph } from '../../src/neighbours/graph.ts';
import { crowdingOf } from '../../src/project/density.ts';
import { gaussianRows } from '../support/data.ts';

function unitRows(n: number, dims: number, seed: number): Float32Array {
  const rows = gaussianRows(n, dims, seed);
  normaliseRows(rows, dims);
  return rows;
}

const crowding = async (data: Float32Array, dims: number, k = 15) =>
  crowdingOf(await neighbourGraph(vectorsOf(data, dims), k));

describe('density', () => {
  test('is M / (M + m), m the mean distance to the 15 nearest and M its median', async () => {
    const [n, dims, k] = [61, 5, 15];
    const rows = unitRows(n, dims, 3);
    const found = await crowding(rows, dims);
    const means = Array.from({ length: n }, (_, i) => {
      const distances = Array.from({ length: n }, (_, j) => {
        let dot = 0;
        for (let d = 0; d < dims; d += 1) dot += rows[i * dims + d]! * rows[j * dims + d]!;
        return 1 - dot;
      });
      const nearest = distances.filter((_, j) => j !== i).sort((a, b) => a - b);
      expect(found!.nearest[i]).toBeCloseTo(nearest[0]!, 5);
      return nearest.slice(0, k).reduce((sum, value) => sum + value, 0) / k;
    });
    const median = means.toSorted((a, b) => a - b)[30]!;
    for (const [i, mean] of means.entries()) {
      expect(found!.density[i]).toBeCloseTo(median / (median + mean), 4);
    }
  });

  test('does not depend on how many more neighbours are known', async () => {
    const rows = unitRows(80, 4, 5);
    expect(await crowding(rows, 4, 40)).toEqual(await crowding(rows, 4, 15));
  });

  test('is 1 among equal rows, 0 for what stands alone beside them, null for a single row', async () => {
    const rows = new Float32Array(80).fill(0);
    for (let i = 0; i < 40; i += 1) rows[2 * i] = 1;
    rows.set([0, 1], 78);
    const found = await crowding(rows, 2);
    expect([found!.density[0], found!.density[39]]).toEqual([1, 0]);
    expect([found!.nearest[0], found!.nearest[39]]).toEqual([0, 1]);
    expect(await crowding(Float32Array.of(1, 0), 2)).toBeNull();
  });

  test('of two rows is that of the median for both', async () => {
    const found = await crowding(Float32Array.of(1, 0, 0, 1), 2);
    expect([...found!.density]).toEqual([0.5, 0.5]);
  });
});
