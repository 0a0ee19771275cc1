import { expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import { drawFrequencies, randomFeatures } from '../../src/compute/kernels/random-features.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { openWaves, takeWaves } from '../../src/compute/waves.ts';
import { gaussianRows } from '../support/data.ts';

const ANGLES = [0, 0.25, -0.25, 0.5, -0.5, 0.75, 1, 1.5, 2, 3, -3.625, 100.3, -1e4, 0.1, 0.24999];

test('cosines and sines of half turns, whatever the place, on both builds alike', async () => {
  // Eleven in a row: eight go side by side, three one by one.
  const [rows, count, scale] = [ANGLES.length, 11, 0.25];
  const angles = Float32Array.from({ length: rows * count }, (_, at) => ANGLES[at % rows]!);
  const found = await Promise.all(
    (['simd', 'scalar'] as const).map(async (build) => {
      const waves = await openWaves(rows, count, build);
      waves.angles(rows).set(angles);
      return waves.features(rows, scale).slice();
    }),
  );
  for (let row = 0; row < rows; row += 1) {
    for (let j = 0; j < count; j += 1) {
      const angle = angles[row * count + j]! * Math.PI;
      const [cosine, sine] = [
        found[0]![2 * row * count + j]!,
        found[0]![(2 * row + 1) * count + j]!,
      ];
      expect(Math.abs(cosine - scale * Math.cos(angle))).toBeLessThan(1e-6 * scale);
      expect(Math.abs(sine - scale * Math.sin(angle))).toBeLessThan(1e-6 * scale);
    }
  }
  expect(found[1]).toEqual(found[0]);
});

test('whole half turns are exact, what is no number stays none', async () => {
  const waves = await openWaves(1, 4);
  waves.angles(1).set([0, 1, 2, -1]);
  const whole = Array.from(waves.features(1, 1), (value) => value + 0);
  expect(whole).toEqual([1, -1, 1, -1, 0, 0, 0, 0]);
  waves.angles(1).set([Number.NaN, Infinity, -Infinity, 1e30]);
  const odd = Array.from(waves.features(1, 1));
  expect(odd.map(Number.isNaN)).toEqual([true, true, true, false, true, true, true, false]);
});

test('are kept for the next pass, though one is given up or fails', async () => {
  const rows = vectorsOf(gaussianRows(7, 3, 1), 3);
  const frequencies = drawFrequencies(5, 3, 1, 1);
  for await (const tile of randomFeatures(cpu, rows, frequencies)) {
    expect(tile.rows).toBe(7);
    break;
  }
  const kept = takeWaves(7, 5);
  expect(kept).not.toBeNull();
  expect(takeWaves(7, 5)).toBeNull();
  const failing = async (): Promise<void> => {
    for await (const _ of randomFeatures(cpu, rows, frequencies)) throw new Error('stopped');
  };
  await expect(failing()).rejects.toThrow('stopped');
  expect(takeWaves(7, 5)).not.toBeNull();
});
