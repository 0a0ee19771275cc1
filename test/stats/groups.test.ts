import { expect, test } from 'vitest';
import { GROUPS, groupSizes } from '../../src/stats/groups.ts';
import { gaussianRows, reorder, shuffled } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 4;
const data = gaussianRows(3200, DIMS, 1);

test('rows are dealt evenly', () => {
  const { sizes, groups } = rowsFrom(data, DIMS);
  expect(sizes).toHaveLength(GROUPS);
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(3200);
  for (const size of sizes) {
    expect(size).toBeGreaterThan(50);
    expect(size).toBeLessThan(160);
  }
  expect(groupSizes(groups)).toEqual(sizes);
});

test('copies of one row are dealt evenly too', () => {
  const copies = reorder(data, DIMS, Array(3200).fill(0));
  for (const size of rowsFrom(copies, DIMS).sizes) expect(size).toBeGreaterThan(50);
});

test('groups do not follow the order of the file: a sorted file has each part in every group', () => {
  const sorted = Float32Array.from({ length: 3200 }, (_, i) => i + 1);
  const { groups } = rowsFrom(sorted, 1, 'euclidean');
  for (let from = 0; from < 3200; from += 800) {
    expect(new Set(groups.subarray(from, from + 800)).size).toBe(GROUPS);
  }
});

test('a row has the same group wherever it stands', () => {
  const order = shuffled(3200, 2);
  const once = rowsFrom(data, DIMS);
  const again = rowsFrom(reorder(data, DIMS, order), DIMS);
  for (const [to, from] of order.entries()) expect(again.groups[to]).toBe(once.groups[from]);
});

test('the order that samples are drawn in is that of the rows, not of the file', () => {
  const order = shuffled(3200, 3);
  const once = rowsFrom(data, DIMS);
  const again = rowsFrom(reorder(data, DIMS, order), DIMS);
  expect(Array.from(again.order, (row) => order[row])).toEqual(Array.from(once.order));
});

test('another seed deals other groups', () => {
  const [zero, one] = [rowsFrom(data, DIMS), rowsFrom(data, DIMS, 'cosine', 1)];
  const same = zero.groups.filter((group, i) => group === one.groups[i]).length;
  expect(same).toBeLessThan(200);
});
