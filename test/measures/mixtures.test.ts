import { describe, expect, test } from 'vitest';
import { scoresWithout } from '../../src/measures/grouped.ts';
import { decompose, mixturesOf, vendiScores } from '../../src/measures/mixtures.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

const DIMS = 6;

const whole = (rows: Rows): Int32Array => Int32Array.from({ length: rows.n }, (_, i) => i);

describe('scores of parts', () => {
  test.each([4, 5, 6, 7, 90])(
    'are the vendi of those rows, %i of them in 6 dimensions',
    async (n) => {
      const rows = rowsFrom(clusteredRows(n, DIMS, 3, 0.6, n), DIMS);
      const { vendi } = await measureRows(rows, ['vendi']);
      const [score] = await vendiScores([[{ unit: rows.unit, rows: whole(rows) }]], {});
      expect(score).toBeCloseTo(vendi!.value!, 9);
    },
  );

  test.each([5, 80])(
    'without each group are those of the rows that are left (%i rows)',
    async (n) => {
      const rows = rowsFrom(gaussianRows(n, DIMS, 3), DIMS);
      const { whole: all, without, sizes } = await scoresWithout(rows, whole(rows), {});
      expect(all!.weight).toBeCloseTo(n, 4);
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(n);
      for (const g of [0, 7, 31]) {
        const left = whole(rows).filter((row) => rows.groups[row] !== g);
        const [score] = await vendiScores([[{ unit: rows.unit, rows: left }]], {});
        expect(without[g]!.score).toBeCloseTo(score!, 9);
      }
    },
  );

  test('do not exist where no row points anywhere', async () => {
    const rows = rowsFrom(new Float32Array(3 * DIMS), DIMS, 'euclidean');
    expect((await scoresWithout(rows, whole(rows), {})).whole).toBeNull();
  });
});

describe('the decomposition', () => {
  test('is alpha × beta, with alpha the weighted geometric mean', () => {
    const { gamma, alpha, beta } = decompose(6, [
      { score: 2, weight: 3 },
      { score: 8, weight: 1 },
    ]);
    expect(alpha).toBeCloseTo(2 ** 0.75 * 8 ** 0.25, 12);
    expect(alpha * beta).toBeCloseTo(gamma, 12);
  });

  test('leaves out what has no weight', () => {
    expect(decompose(5, [{ score: 0, weight: 0 }]).beta).toBe(1);
    expect(
      decompose(4, [
        { score: 4, weight: 2 },
        { score: 0, weight: 0 },
      ]),
    ).toMatchObject({ alpha: 4 });
  });
});

describe('mixtures', () => {
  const set = rowsFrom(clusteredRows(120, DIMS, 4, 0.4, 5), DIMS);

  test('of a set with itself are that set, whatever the draws', async () => {
    for (const draws of [1, 5]) {
      const { alone, pairs } = await mixturesOf([set, set], 40, { draws });
      expect(pairs[0]!.mixed).toBeCloseTo(alone[0]!, 9);
      expect(pairs[0]!.union).toBeCloseTo(alone[0]!, 9);
    }
  });

  test('of sets that share no direction are as diverse as both together', async () => {
    const one = new Float32Array(40 * DIMS);
    const other = new Float32Array(40 * DIMS);
    for (let i = 0; i < 40; i += 1) {
      one[i * DIMS + (i % 2)] = 1;
      other[i * DIMS + 2 + (i % 2)] = 1;
    }
    const { alone, pairs } = await mixturesOf([rowsFrom(one, DIMS), rowsFrom(other, DIMS)], 40, {});
    // Halves in hash order are nearly even.
    expect(alone[0]).toBeCloseTo(2, 9);
    expect(pairs[0]!.union).toBeCloseTo(4, 9);
    expect(pairs[0]!.mixed).toBeGreaterThan(3.7);
  });
});
