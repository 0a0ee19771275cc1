import { describe, expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { GROUPS, MIN_GROUPS } from '../../src/stats/groups.ts';
import { jackknifeError, jackknifeInterval, twoSampleInterval } from '../../src/stats/jackknife.ts';

/** The mean of numbers in groups, and without each group; null for a group that holds them all. */
function meansOf(groups: readonly (readonly number[])[]) {
  const all = groups.flat();
  const sum = all.reduce((a, b) => a + b, 0);
  return {
    whole: sum / all.length,
    without: groups.map((group) =>
      group.length === all.length
        ? null
        : (sum - group.reduce((a, b) => a + b, 0)) / (all.length - group.length),
    ),
    sizes: groups.map((group) => group.length),
  };
}

const draw = (sizes: readonly number[], seed: number): number[][] => {
  const uniform = random(seed);
  return sizes.map((size) => Array.from({ length: size }, () => gaussian(uniform)));
};

function errorOf(groups: readonly (readonly number[])[]): number {
  const { whole, without, sizes } = meansOf(groups);
  return jackknifeError(whole, without, sizes)!.error;
}

describe('the error of a mean', () => {
  test('is s/√n to the last digit when each group is one row', () => {
    const groups = draw(Array(20).fill(1), 1);
    const values = groups.flat();
    const mean = values.reduce((a, b) => a + b, 0) / 20;
    const s = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19);
    expect(errorOf(groups)).toBeCloseTo(s / Math.sqrt(20), 12);
  });

  test.each([
    ['equal groups', Array(32).fill(10)],
    ['unequal groups', Array.from({ length: 32 }, (_, g) => 1 + (g % 8) * 5)],
    ['one group that is half of the rows', [300, ...Array(10).fill(30)]],
    ['empty groups among them', Array.from({ length: 32 }, (_, g) => (g % 3 === 0 ? 0 : 9))],
  ])('is σ/√n in expectation: %s', (_, sizes) => {
    const n = sizes.reduce((a: number, b: number) => a + b, 0);
    const draws = 3000;
    let variance = 0;
    for (let seed = 0; seed < draws; seed += 1) variance += errorOf(draw(sizes, seed)) ** 2 / draws;
    expect(variance * n).toBeGreaterThan(0.95);
    expect(variance * n).toBeLessThan(1.05);
  });

  test('does not depend on how the groups are numbered', () => {
    const groups = draw([3, 8, 1, 9, 4, 7, 2, 6, 5], 4);
    expect(errorOf(groups.toReversed())).toBeCloseTo(errorOf(groups), 12);
  });
});

test('the error follows the formula of Busing, Meijer & van der Leeden for unequal groups', () => {
  const { whole, without, sizes } = meansOf(draw([2, 5, 9, 1, 4, 4, 3, 8, 6], 5));
  const squared = (x: number): number => x ** 2;
  const n = sizes.reduce((a, b) => a + b, 0);
  const statistic = squared(whole);
  const left = without.map((mean) => squared(mean!));
  const g = sizes.length;
  const estimate =
    g * statistic - left.reduce((sum, value, j) => sum + (1 - sizes[j]! / n) * value, 0);
  const variance =
    left.reduce((sum, value, j) => {
      const h = n / sizes[j]!;
      return sum + (h * statistic - (h - 1) * value - estimate) ** 2 / (h - 1);
    }, 0) / g;
  expect(jackknifeError(statistic, left, sizes)).toEqual({
    error: expect.closeTo(Math.sqrt(variance), 12),
    groups: g,
  });
});

test('a statistic that does not vary has no error', () => {
  expect(jackknifeError(3, Array(10).fill(3), Array(10).fill(4))).toEqual({ error: 0, groups: 10 });
});

describe('there is no interval', () => {
  const sizes = (groups: number): number[] =>
    Array.from({ length: GROUPS }, (_, g) => (g < groups ? 5 : 0));

  test('below the fewest groups, and one from there on', () => {
    expect(jackknifeInterval(1, Array(GROUPS).fill(1), sizes(MIN_GROUPS - 1))).toBeNull();
    expect(jackknifeInterval(1, Array(GROUPS).fill(1), sizes(MIN_GROUPS))).not.toBeNull();
  });

  test.each([null, Number.NaN, Number.POSITIVE_INFINITY])('when a value is %s', (value) => {
    const without = [value, ...Array(9).fill(1)];
    expect(jackknifeInterval(1, without, Array(10).fill(3))).toBeNull();
  });

  test('of two samples when one of them has none', () => {
    expect(twoSampleInterval(1, [{ error: 1, groups: 32 }, null])).toBeNull();
  });
});

describe('the interval', () => {
  const without = [1.1, 0.9, 1.05, 0.95, 1, 1.02, 0.98, 1.01, 0.99, 1];
  const sizes = Array(10).fill(6);

  test('is symmetric, of Student’s t with one degree of freedom less than groups', () => {
    const [low, high] = jackknifeInterval(1, without, sizes)!;
    const { error } = jackknifeError(1, without, sizes)!;
    expect(high - 1).toBeCloseTo(2.262 * error, 12);
    expect(1 - low).toBeCloseTo(2.262 * error, 12);
  });

  test('stays in the range of the statistic', () => {
    expect(jackknifeInterval(1, without, sizes, [0.999, 1])).toEqual([0.999, 1]);
  });

  test('of two samples adds their variances and trusts the one with fewer groups', () => {
    const parts = [
      { error: 3, groups: 32 },
      { error: 4, groups: 8 },
    ];
    const [low, high] = twoSampleInterval(10, parts)!;
    expect(high - low).toBeCloseTo(2 * 2.365 * 5, 12);
  });
});
