import { expect, test } from 'vitest';
import { openWaves } from '../../src/compute/waves.ts';

const ANGLES = [0, 0.5, -0.5, 1, -1, 1.5, 2, 3, 4, -7.25, 100.3, -1e4, 0.1, 0.49999];

test('cosines and sines of quarter turns, whatever the place, on both builds alike', async () => {
  // Six in a row: four go side by side, two one by one.
  const [rows, count, scale] = [ANGLES.length, 6, 0.25];
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
      const angle = (angles[row * count + j]! * Math.PI) / 2;
      const [cosine, sine] = [
        found[0]![2 * row * count + j]!,
        found[0]![(2 * row + 1) * count + j]!,
      ];
      expect(Math.abs(cosine - scale * Math.cos(angle))).toBeLessThan(5e-8);
      expect(Math.abs(sine - scale * Math.sin(angle))).toBeLessThan(5e-8);
    }
  }
  expect(found[1]).toEqual(found[0]);
});

test('whole quarters are exact, what is no number stays none', async () => {
  const waves = await openWaves(1, 4);
  waves.angles(1).set([0, 1, 2, -1]);
  const whole = Array.from(waves.features(1, 1), (value) => value + 0);
  expect(whole).toEqual([1, 0, -1, 0, 0, 1, 0, -1]);
  waves.angles(1).set([Number.NaN, Infinity, -Infinity, 1e30]);
  const odd = Array.from(waves.features(1, 1));
  expect(odd.map(Number.isNaN)).toEqual([true, true, true, false, true, true, true, false]);
});
