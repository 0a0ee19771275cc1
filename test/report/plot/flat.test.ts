import { describe, expect, test } from 'vitest';
import { flatOf } from '../../../src/report/plot/flat.ts';
import { gaussianRows } from '../../support/data.ts';

describe('on paper', () => {
  test('two dimensions stay as they are', () => {
    const { x, y } = flatOf(Float32Array.of(1, 2, 3, 4), 2);
    expect([[...x], [...y]]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('three are seen along the direction in which they are thinnest', () => {
    const n = 500;
    const rows = gaussianRows(n, 3, 1);
    // Wide along (1, 1, 0), less so along the third axis, thin along (1, −1, 0).
    const layout = Float32Array.from({ length: 3 * n }, (_, at) => {
      const [a, b, c] = rows.subarray(3 * Math.floor(at / 3), 3 * Math.floor(at / 3) + 3);
      return [5 * a! + 0.1 * c!, 5 * a! - 0.1 * c!, 2 * b!][at % 3]!;
    });
    const { x, y } = flatOf(layout, 3);
    for (let i = 0; i < n; i += 1) {
      expect(x[i]).toBeCloseTo((layout[3 * i]! + layout[3 * i + 1]!) / Math.SQRT2, 0);
      expect(Math.abs(y[i]!)).toBeCloseTo(Math.abs(layout[3 * i + 2]!), 0);
    }
  });

  test('no points, one, equal ones and points on a line give numbers', () => {
    for (const layout of [[], [1, 2, 3], [1, 1, 1, 1, 1, 1], [0, 0, 0, 1, 2, 3, 2, 4, 6]]) {
      const { x, y } = flatOf(Float32Array.from(layout), 3);
      expect([...x, ...y].every(Number.isFinite)).toBe(true);
      expect(x.length).toBe(layout.length / 3);
    }
  });
});
