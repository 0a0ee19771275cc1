import { expect, test, vi } from 'vitest';
import { groupDiversity } from '../../src/attribute/groups.ts';
import { gaussianRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 48;
const factors = [
  { name: 'model', levels: ['x', 'y'] },
  { name: 'prompt', levels: ['p', 'q'] },
];
const cell = (levels: readonly number[], seed: number) => ({
  levels,
  side: { rows: rowsFrom(gaussianRows(60, DIMS, seed), DIMS) },
});

test('a level with two combinations of one source is no more diverse than a level with one', async () => {
  const cells = [cell([0, 0], 1), cell([0, 1], 2), cell([1, 0], 3)];
  const [model, prompt] = await groupDiversity(factors, cells, 60, {});
  expect(model!.n).toBe(60);
  const [x, y] = model!.levels.map(({ vendi }) => vendi);
  expect(Math.abs(x! / y! - 1)).toBeLessThan(0.05);
  const [p, q] = prompt!.levels.map(({ vendi }) => vendi);
  expect(Math.abs(p! / q! - 1)).toBeLessThan(0.05);
  // One source: two levels together are of one kind, and more rows.
  expect(model!.between).toBeLessThan(1.3);
});

test('the same rows twice are exactly as diverse as half of them', async () => {
  const cells = [cell([0, 0], 1), cell([0, 1], 1), cell([1, 0], 1)];
  const [model] = await groupDiversity(factors, cells, 60, {});
  const half = await groupDiversity(
    [{ name: 'model', levels: ['x', 'y'] }],
    [cell([0], 1), cell([1], 1)],
    30,
    {},
  );
  expect(model!.levels[0]!.vendi).toBeCloseTo(half[0]!.levels[0]!.vendi, 6);
  expect(model!.levels[0]!.vendi).toBeLessThan(model!.levels[1]!.vendi);
});

test('rows of a combination are taken once, however many factors there are', async () => {
  const cells = [0, 1, 2, 3].map((i) => cell([i >> 1, i & 1], i + 1));
  const taken = cells.map(({ side }) => vi.spyOn(side.rows.order, 'subarray'));
  await groupDiversity(factors, cells, 60, {});
  expect(taken.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1, 1]);
});
