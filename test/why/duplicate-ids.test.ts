import { expect, test } from 'vitest';
import { duplicatesPart } from '../../src/audit/why/duplicates.ts';
import { rowsFrom } from '../support/rows.ts';

test('a huge group leaves the ids of small ones, and what small ones leave goes to the large', () => {
  const sizes = [40_000, 9_000, 30, 2];
  const groups = sizes.map((size) => ({
    ...{ rows: Array.from({ length: size }, (_, i) => i), distinct: 1, keep: 0, least: 1 },
  }));
  const ids = Array.from({ length: 40_000 }, (_, i) => `row ${i}`);
  const rows = rowsFrom(new Float32Array(2).fill(1), 2);
  const { report } = duplicatesPart(rows, ids, { groups, of: new Int32Array(0) }, null);
  const listed = report((row) => ({ id: ids[row]!, text: null })).groups.map(
    (group) => group.ids.length,
  );
  expect(listed).toEqual([4_984, 4_984, 30, 2]);
  expect(listed.reduce((a, b) => a + b)).toBe(10_000);
});
