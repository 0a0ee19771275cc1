import { expect, test } from 'vitest';
import { rasterise } from '../../../src/report/plot/raster.ts';

const SIZE = { width: 20, height: 10 };
const draw = (at: readonly (readonly [number, number])[], radius: number, opacity = 1) =>
  rasterise(
    SIZE,
    { x: Float32Array.from(at, ([x]) => x), y: Float32Array.from(at, ([, y]) => y) },
    Int32Array.from(at, (_, i) => i),
    (i) => (i === 0 ? [200, 100, 50] : [0, 0, 255]),
    radius,
    opacity,
  );
const area = ({ pixels }: { pixels: Uint8Array }): number =>
  pixels.reduce((sum, value, at) => sum + (at % 4 === 3 ? value / 255 : 0), 0);

test.each([0.3, 1, 2.5, 4])('a disc of radius %d covers about its area', (radius) => {
  const exact = Math.PI * radius * radius;
  expect(Math.abs(area(draw([[10.25, 5.5]], radius)) - exact)).toBeLessThan(0.15 * exact + 0.2);
});

test('the colour is straight, the paper shows through', () => {
  const { pixels } = draw([[10, 5]], 3, 0.5);
  expect([...pixels.subarray(4 * (5 * 20 + 10), 4 * (5 * 20 + 10) + 4)]).toEqual([
    200, 100, 50, 128,
  ]);
  expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
});

test('later points lie over earlier ones', () => {
  const { pixels } = draw(
    [
      [10, 5],
      [10, 5],
    ],
    3,
  );
  expect([...pixels.subarray(4 * (5 * 20 + 10), 4 * (5 * 20 + 10) + 4)]).toEqual([0, 0, 255, 255]);
});

test('points at and beyond the edges are cut off there', () => {
  const corners = draw(
    [
      [0, 0],
      [19.99, 9.99],
      [-100, 5],
      [500, 500],
      [-2, 5],
    ],
    3,
  );
  expect(area(corners)).toBeLessThan(Math.PI * 9);
  expect(area(draw([], 3))).toBe(0);
});
