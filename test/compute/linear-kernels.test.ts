import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Device, openDevice } from '../../src/compute/device.ts';
import { gram } from '../../src/compute/kernels/gram.ts';
import { projection } from '../../src/compute/kernels/projection.ts';
import { quadraticForm } from '../../src/compute/kernels/quadratic-form.ts';
import { drawFrequencies, randomFeatures } from '../../src/compute/kernels/random-features.ts';
import { rowOf, vectorsOf } from '../../src/compute/vectors.ts';
import { gaussianRows } from '../support/data.ts';
import { expectClose, names, rows, SHAPES } from '../support/kernels.ts';
import { dot, gramOf, total } from '../support/oracle.ts';

/** Kernels that take rows along axes; on WebGPU kernels.test.ts runs this file too. */
describe.each(names)('on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name);
  });
  afterAll(() => device.close());

  describe.each(SHAPES)('$what ($n rows, d = $d)', ({ n, d }) => {
    const x = rows(n, d, 1);
    const data = x.blocks[0]!;

    test('a Gram matrix is Xᵀ X in float64, with the sums of columns', async () => {
      const found = await gram(device, data, d);
      expect(found.gram).toBeInstanceOf(Float64Array);
      expectClose(found.gram, gramOf(data, d), 1e-12 * n);
      const sums = Array.from({ length: d }, (_, j) =>
        total(Array.from({ length: n }, (_, i) => data[i * d + j]!)),
      );
      expectClose(found.sum, sums, 1e-12 * n);
    });

    test('a projection is the coordinates from an origin', async () => {
      const basis = gaussianRows(2, d, 3);
      const origin = gaussianRows(1, d, 4);
      const found = await projection(device, data, basis, origin, d);
      const wanted = Array.from({ length: n }, (_, i) =>
        [0, 1].map((c) => {
          const axis = basis.subarray(c * d, (c + 1) * d);
          return dot(rowOf(x, i), axis) - dot(origin, axis);
        }),
      );
      expectClose(found, wanted.flat(), 1e-5 * d);
    });

    test('a quadratic form is the squared length along a basis', async () => {
      const basis = gaussianRows(3, d, 6);
      const found = await quadraticForm(device, data, basis, d);
      const wanted = Array.from({ length: n }, (_, i) =>
        [0, 1, 2].reduce(
          (sum, c) => sum + dot(rowOf(x, i), basis.subarray(c * d, (c + 1) * d)) ** 2,
          0,
        ),
      );
      expectClose(found, wanted, 1e-5 * Math.max(1, ...wanted));
    });

    test('random features are cosines and sines of w·x', async () => {
      const frequencies = drawFrequencies(6, d, 2, 5);
      const found: number[] = [];
      for await (const tile of randomFeatures(device, x, frequencies)) {
        expect(tile.first).toBe(found.length / 12);
        found.push(...tile.data);
      }
      const wanted = Array.from({ length: n }, (_, i) => {
        const angles = Array.from({ length: 6 }, (_, f) =>
          dot(rowOf(x, i), frequencies.weights.subarray(f * d, (f + 1) * d)),
        );
        return [...angles.map(Math.cos), ...angles.map(Math.sin)].map((v) => v / Math.sqrt(6));
      });
      expectClose(found, wanted.flat(), 1e-4);
    });
  });

  test.each([
    { n: 255, d: 200, what: 'too few rows for panels' },
    { n: 256, d: 389, what: 'panels of unlike width' },
    { n: 300, d: 256, what: 'panels of like width' },
  ])('a Gram matrix of $what is Xᵀ X, the same every time', async ({ n, d }) => {
    const data = gaussianRows(n, d, 6);
    const found = await gram(device, data, d);
    expectClose(found.gram, gramOf(data, d), 1e-12 * n);
    const again = await gram(device, data.slice(), d);
    expect(again.gram.every((value, at) => value === found.gram[at])).toBe(true);
    expect(again.sum.every((value, at) => value === found.sum[at])).toBe(true);
  });

  test('of no rows there is nothing, and a Gram matrix of zeros', async () => {
    const none = new Float32Array(0);
    expect((await gram(device, none, 3)).gram).toEqual(new Float64Array(9));
    expect(await projection(device, none, gaussianRows(2, 3, 1), [0, 0, 0], 3)).toHaveLength(0);
    const features = randomFeatures(device, vectorsOf(none, 3), drawFrequencies(2, 3, 1, 0));
    expect((await features.next()).done).toBe(true);
  });
});
