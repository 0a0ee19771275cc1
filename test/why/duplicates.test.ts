import { describe, expect, test } from 'vitest';
import { rowOf } from '../../src/compute/vectors.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { type DuplicateGroups, equalGroups, nearGroups } from '../../src/why/duplicates.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';
import { dot } from '../support/oracle.ts';
import { rowsFrom } from '../support/rows.ts';

async function groupsAt(rows: Rows, at: number): Promise<DuplicateGroups> {
  const artefacts = artefactsOf(rows, null, { seed: 0, index: 'exact' });
  return nearGroups(rows, await artefacts('cosineNeighbours'), at);
}

/** Components of all pairs at cosine `at` or above, by plain loops; each as its rows. */
function components({ unit, n }: Rows, at: number): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let i = 0; i < n; i += 1) {
    if (seen.has(i)) continue;
    seen.add(i);
    const own = [i];
    for (const row of own) {
      for (let j = 0; j < n; j += 1) {
        if (seen.has(j) || dot(rowOf(unit, row), rowOf(unit, j)) < at) continue;
        seen.add(j);
        own.push(j);
      }
    }
    if (own.length > 1) found.push(own.sort((a, b) => a - b));
  }
  return found.sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

/** Two clumps of 40 copies each, at cosine 0.97, and rows in other directions. */
function clumps(): Float32Array {
  const data = gaussianRows(100, 5, 9);
  for (let i = 0; i < 80; i += 1) {
    const angle = i % 2 === 0 ? 0 : Math.acos(0.97);
    data.set([Math.cos(angle), Math.sin(angle), 0, 0, 0], 5 * i);
  }
  return data;
}

describe('near-duplicate groups', () => {
  test.each([
    ['tight clusters', clusteredRows(150, 8, 10, 0.2, 1), 8, 0.95],
    ['loose ones, chained', clusteredRows(200, 3, 4, 0.5, 2), 3, 0.99],
    ['two clumps of more copies than a list of neighbours holds', clumps(), 5, 0.95],
    ['the same clumps, apart', clumps(), 5, 0.98],
  ])('are the components of all pairs: %s', async (_, data, dims, at) => {
    const rows = rowsFrom(data, dims);
    const { groups, of } = await groupsAt(rows, at);
    expect(groups.map((group) => group.rows)).toEqual(components(rows, at));
    for (const [place, group] of groups.entries()) {
      for (const row of group.rows) expect(of[row]).toBe(place);
    }
  });

  test('keep the row that is most like all of them', async () => {
    const rows = rowsFrom(clusteredRows(150, 8, 10, 0.2, 1), 8);
    for (const { rows: own, keep, least } of (await groupsAt(rows, 0.95)).groups) {
      const likeness = own.map((row) =>
        own.reduce((sum, other) => sum + dot(rowOf(rows.unit, row), rowOf(rows.unit, other)), 0),
      );
      expect(likeness[own.indexOf(keep)]).toBeCloseTo(Math.max(...likeness), 5);
      const cosines = own.map((row) => dot(rowOf(rows.unit, row), rowOf(rows.unit, keep)));
      expect(least).toBeCloseTo(Math.min(...cosines), 5);
    }
  });

  test('are the same rows in any order', async () => {
    const data = clusteredRows(150, 8, 10, 0.2, 1);
    const order = shuffled(150, 4);
    const [one, two] = await Promise.all([
      groupsAt(rowsFrom(data, 8), 0.95),
      groupsAt(rowsFrom(reorder(data, 8, order), 8), 0.95),
    ]);
    const places = (groups: DuplicateGroups, of: (row: number) => number): string[] =>
      groups.groups
        .map(({ rows }) =>
          rows
            .map(of)
            .sort((a, b) => a - b)
            .join(),
        )
        .sort();
    expect(places(two, (row) => order[row]!)).toEqual(places(one, (row) => row));
  });
});

test('equal rows are told apart from alike ones, and found without neighbours', async () => {
  const data = gaussianRows(9, 4, 6);
  data.set(data.subarray(0, 4), 4 * 5);
  data.set(data.subarray(0, 4), 4 * 7);
  for (let j = 0; j < 4; j += 1) data[4 * 8 + j] = data[j]! + 0.01;
  const rows = rowsFrom(data, 4);
  expect(equalGroups(rows).groups).toEqual([{ rows: [0, 5, 7], distinct: 1, keep: 0, least: 1 }]);
  const [near] = (await groupsAt(rows, 0.99)).groups;
  expect(near).toMatchObject({ rows: [0, 5, 7, 8], distinct: 2, keep: 0 });
});

test('all rows equal are one group; one row is none', async () => {
  const equal = rowsFrom(new Float32Array(60).fill(1), 3);
  for (const { groups } of [equalGroups(equal), await groupsAt(equal, 0.95)]) {
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ distinct: 1, keep: 0, least: 1 });
    expect(groups[0]!.rows).toHaveLength(20);
  }
  const one = rowsFrom(gaussianRows(1, 3, 8), 3);
  expect((await groupsAt(one, 0.95)).groups).toEqual([]);
  expect(equalGroups(one).groups).toEqual([]);
});
