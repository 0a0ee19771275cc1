import { describe, expect, test } from 'vitest';
import { random } from '../../../src/base/random.ts';
import { type Name, overlap, placeNames } from '../../../src/report/plot/place-names.ts';

const AREA = { left: 0, top: 0, right: 800, bottom: 600 };
const NOTHING = { x: new Float32Array(0), y: new Float32Array(0) };

function names(count: number, seed: number): Name[] {
  const uniform = random(seed);
  return Array.from({ length: count }, () => ({
    width: 30 + 90 * uniform(),
    height: uniform() < 0.5 ? 14 : 28,
    x: 800 * uniform(),
    y: 600 * uniform(),
  }));
}

describe('names on a map', () => {
  test.each([1, 2, 12, 100, 400])('never touch, nor leave the map: %i of them', (count) => {
    const placed = placeNames(names(count, count), AREA, NOTHING);
    expect(placed.length).toBeGreaterThan(0);
    for (const [i, { box }] of placed.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(AREA.left);
      expect(box.right).toBeLessThanOrEqual(AREA.right);
      expect(box.top).toBeGreaterThanOrEqual(AREA.top);
      expect(box.bottom).toBeLessThanOrEqual(AREA.bottom);
      for (const other of placed.slice(i + 1)) expect(overlap(box, other.box)).toBe(false);
    }
  });

  test('stand on what they name where they can, without a line', () => {
    const [one] = placeNames([{ width: 80, height: 14, x: 400, y: 300 }], AREA, NOTHING);
    expect(one).toEqual({
      name: 0,
      box: { left: 360, right: 440, top: 293, bottom: 307 },
      line: null,
    });
  });

  test('move off the points where there is room, with a line that leads back', () => {
    const n = 4000;
    const points = {
      x: Float32Array.from({ length: n }, (_, i) => 350 + (i % 100)),
      y: Float32Array.from({ length: n }, (_, i) => 260 + Math.floor(i / 50)),
    };
    const [one] = placeNames([{ width: 60, height: 14, x: 400, y: 300 }], AREA, points);
    expect(one!.line?.slice(2)).toEqual([400, 300]);
    const { left, right, top, bottom } = one!.box;
    expect(right < 350 || left > 450 || bottom < 262 || top > 338).toBe(true);
  });

  test('that have no room are left out, the later ones first', () => {
    const crowd = Array.from({ length: 50 }, () => ({ width: 300, height: 100, x: 400, y: 300 }));
    const placed = placeNames(crowd, AREA, NOTHING);
    expect(placed.length).toBeLessThan(50);
    expect(placed[0]!.name).toBe(0);
    expect(placeNames([{ width: 900, height: 10, x: 1, y: 1 }], AREA, NOTHING)).toEqual([]);
  });
});
