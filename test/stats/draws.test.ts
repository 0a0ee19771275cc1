import { expect, test } from 'vitest';
import { drawRows } from '../../src/stats/draws.ts';

const order = Int32Array.from({ length: 50 }, (_, i) => (i * 7) % 50);

test('a draw is rows without repetition, in ascending order, the same for the same seed', () => {
  const drawn = drawRows(order, 20, 3, 1);
  expect(drawn).toEqual(drawRows(order, 20, 3, 1));
  expect(drawn).toEqual(drawn.toSorted());
  expect(new Set(drawn).size).toBe(20);
  for (const row of drawn) expect(row).toBeLessThan(50);
  expect(drawn).not.toEqual(drawRows(order, 20, 3, 2));
});

test('drawing as many as there are, or more, gives all rows; none of none', () => {
  const all = Int32Array.from({ length: 50 }, (_, i) => i);
  expect(drawRows(order, 50, 1, 0)).toEqual(all);
  expect(drawRows(order, 80, 1, 0)).toEqual(all);
  expect(drawRows(new Int32Array(0), 5, 1, 0)).toEqual(new Int32Array(0));
});

test('every row is drawn as often as any other', () => {
  const counts = new Int32Array(50);
  for (let draw = 0; draw < 4000; draw += 1) {
    for (const row of drawRows(order, 10, 5, draw)) counts[row]! += 1;
  }
  // 800 expected, standard deviation 25.
  for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(125);
});

test('a draw follows what rows are, not where they stand', () => {
  // Row r of the first order stands at 49 − r in the second.
  const moved = order.map((row) => 49 - row);
  const here = drawRows(order, 12, 9, 4);
  const there = drawRows(moved, 12, 9, 4).map((row) => 49 - row);
  expect(there.sort()).toEqual(here);
});
