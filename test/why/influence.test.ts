import { describe, expect, test } from 'vitest';
import { type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import type { Moments } from '../../src/measures/folds/moments.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { entropy } from '../../src/stats/hill.ts';
import { entropyInfluence, vendiInfluence, vendiWithout } from '../../src/why/influence.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

const momentsOf = (rows: Rows): Promise<Moments> =>
  artefactsOf(rows, null, { seed: 0, index: 'exact' })('moments');

const others = (rows: Rows, left: number): Rows =>
  subsetOf(
    rows,
    Int32Array.from(Array.from({ length: rows.n }, (_, i) => i).filter((i) => i !== left)),
  );

const vendiOf = async (rows: Rows): Promise<number> =>
  (await measureRows(rows, ['vendi'], { intervals: false })).vendi!.value!;

/** The score less what it is without the row, for every row: each left out and everything measured afresh. */
async function leftOut(rows: Rows): Promise<number[]> {
  const whole = await vendiOf(rows);
  const found: number[] = [];
  for (let i = 0; i < rows.n; i += 1) found.push(whole - (await vendiOf(others(rows, i))));
  return found;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** The first hundred rows all equal. */
function clumped(): Float32Array {
  const data = clusteredRows(240, 12, 6, 0.6, 3);
  for (let i = 1; i < 100; i += 1) data.set(data.subarray(0, 12), 12 * i);
  return data;
}

const SETS: readonly (readonly [string, Float32Array, number])[] = [
  ['clusters', clusteredRows(240, 12, 6, 0.6, 1), 12],
  ['rows in all directions', gaussianRows(240, 12, 2), 12],
  ['a clump of copies', clumped(), 12],
];

describe.each(SETS)('influence on the Vendi score of %s', (_, data, dims) => {
  const rows = rowsFrom(data, dims);

  test('orders rows as leaving out every one of them does, and sums to 0', async () => {
    const found = (await vendiInfluence(rows.unit, await momentsOf(rows)))!;
    const direct = await leftOut(rows);
    expect(found.vendi).toBeCloseTo(await vendiOf(rows), 8);
    expect(correlation(found.perRow, direct)).toBeGreaterThan(0.999);
    expect(Math.abs(mean(found.perRow))).toBeLessThan(1e-6);
    // Once what one row less costs every row is taken off, sizes agree as well.
    const [centre, spread] = [mean(direct), Math.max(...direct) - Math.min(...direct)];
    for (const [i, value] of direct.entries()) {
      expect(Math.abs(found.perRow[i]! - (value - centre)) / spread).toBeLessThan(0.1);
    }
  });

  test('is exact where it is measured again', async () => {
    const moments = await momentsOf(rows);
    const sets = [Int32Array.of(0), Int32Array.of(17), Int32Array.of(3, 5, 200)];
    const removals = [
      ...sets.map((set) => ({ rows: set })),
      // On top of the removal before: two rows more.
      { rows: Int32Array.of(8, 9), more: true },
    ];
    sets.push(Int32Array.of(3, 5, 200, 8, 9));
    const found = await vendiWithout(rows.unit, moments, removals);
    for (const [i, set] of sets.entries()) {
      const kept = Array.from({ length: rows.n }, (__, row) => row).filter(
        (row) => !set.includes(row),
      );
      expect(found[i]).toBeCloseTo(await vendiOf(subsetOf(rows, Int32Array.from(kept))), 6);
    }
  });
});

test('a row alone in its direction carries most, and a copy is a burden', async () => {
  const data = new Float32Array(40 * 4);
  for (let i = 0; i < 40; i += 1) data[4 * i + (i < 30 ? 0 : i < 39 ? 1 : 2)] = 1;
  const rows = rowsFrom(data, 4);
  const { perRow } = (await vendiInfluence(rows.unit, await momentsOf(rows)))!;
  expect(perRow[39]).toBe(Math.max(...perRow));
  expect(perRow[0]).toBeLessThan(0);
  expect(perRow[0]).toBe(perRow[29]);
});

test('adding a group of rows up says what all of them add, while they are few', async () => {
  const rows = rowsFrom(clusteredRows(3000, 8, 5, 0.8, 4), 8);
  const moments = await momentsOf(rows);
  const { vendi, perRow } = (await vendiInfluence(rows.unit, moments))!;
  const few = Int32Array.from({ length: 30 }, (_, i) => 97 * i);
  const [left] = await vendiWithout(rows.unit, moments, [{ rows: few }]);
  const sum = few.reduce((total, row) => total + perRow[row]!, 0);
  expect(sum).toBeCloseTo(vendi - left!, 2);
});

test('equal rows add nothing, rows of zeros neither, and one row has no others', async () => {
  const equal = rowsFrom(new Float32Array(24).fill(1), 4);
  const same = (await vendiInfluence(equal.unit, await momentsOf(equal)))!;
  expect(same.vendi).toBeCloseTo(1, 10);
  expect(Array.from(same.perRow, Math.abs).every((value) => value < 1e-6)).toBe(true);

  const zeros = gaussianRows(20, 4, 5).fill(0, 0, 8);
  const partly = rowsFrom(zeros, 4, 'euclidean');
  const found = (await vendiInfluence(partly.unit, await momentsOf(partly)))!;
  expect([found.perRow[0], found.perRow[1]]).toEqual([0, 0]);
  expect(mean(found.perRow)).toBeCloseTo(0, 6);

  const one = rowsFrom(gaussianRows(1, 4, 6), 4);
  expect(await vendiInfluence(one.unit, await momentsOf(one))).toBeNull();
  const none: Vectors = vectorsOf(new Float32Array(8), 4);
  const nowhere = rowsFrom(new Float32Array(8), 4, 'euclidean');
  expect(await vendiInfluence(none, await momentsOf(nowhere))).toBeNull();
});

test('nothing is left without all rows', async () => {
  const rows = rowsFrom(gaussianRows(5, 4, 7), 4);
  const all = Int32Array.from({ length: 5 }, (_, i) => i);
  expect(await vendiWithout(rows.unit, await momentsOf(rows), [{ rows: all }])).toEqual([null]);
});

test('influence on the cluster entropy is that of leaving out a row of each cluster', () => {
  const sizes = [50, 20, 9, 1];
  const shares = (counts: readonly number[]): number[] => {
    const n = counts.reduce((a, b) => a + b, 0);
    return counts.map((count) => count / n);
  };
  const found = entropyInfluence(sizes)!;
  for (let c = 0; c < 4; c += 1) {
    const left = sizes.map((size, i) => (i === c ? size - 1 : size));
    expect(found[c]).toBeCloseTo(entropy(shares(sizes)) - entropy(shares(left)), 12);
  }
  expect(entropyInfluence([7])![0]).toBeCloseTo(0, 12);
  expect(entropyInfluence([1])).toBeNull();
  expect(entropyInfluence([])).toBeNull();
});
