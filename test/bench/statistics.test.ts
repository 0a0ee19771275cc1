import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  adjustedRand,
  median,
  percentile,
  ranksOf,
  spearman,
  vMeasure,
} from '../../src/bench/statistics.ts';

/** What scikit-learn and SciPy make of labels that both sides draw alike. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/partitions.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };
interface Case {
  readonly n: number;
  readonly ka: number;
  readonly kb: number;
  readonly noise: number;
  readonly ari: number;
  readonly v: number;
  readonly spearman: number | null;
}

function labelsOf({ n, ka, kb, noise }: Case): [a: number[], b: number[]] {
  let x = n;
  const draw = (): number => {
    x = (75 * x + 74) % 65537;
    return x;
  };
  const a = Array.from({ length: n }, () => draw() % ka);
  const b = a.map((label) => {
    const keep = draw() % 100 >= noise;
    const other = draw();
    return (keep ? label : other) % kb;
  });
  return [a, b];
}

describe('ranks and quantiles', () => {
  test('ties share the mean of their ranks', () => {
    expect([...ranksOf([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
  });

  test('the median of an even number lies between; percentiles are values that occur', () => {
    expect([median([4, 1, 3]), median([4, 1, 3, 2])]).toEqual([3, 2.5]);
    expect([percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.99)]).toEqual([2, 3]);
    expect(median([])).toBeNaN();
  });
});

describe('spearman', () => {
  test('is 1 whatever grows with the other, −1 the other way round', () => {
    expect(spearman([1, 2, 3, 4], [1, 8, 27, 64])).toBe(1);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  });

  test("has scipy's value with ties", () => {
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [2, 1, 3, 3, 5]): ranks 1 2.5 2.5 4 5 and 2 1 3.5 3.5 5.
    expect(spearman([1, 2, 2, 4, 5], [2, 1, 3, 3, 5])).toBeCloseTo(7.25 / 9.5, 12);
  });

  test('is null where one side is all equal, and of fewer than two', () => {
    expect([spearman([1, 1], [1, 2]), spearman([1], [1]), spearman([], [])]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('partitions', () => {
  test('the same under other numbers agree wholly', () => {
    expect(adjustedRand([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBe(1);
    expect(vMeasure([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBe(1);
  });

  test("have scikit-learn's documented values", () => {
    // The examples in the documentation of adjusted_rand_score and v_measure_score.
    expect(adjustedRand([0, 0, 1, 2], [0, 0, 1, 1])).toBeCloseTo(0.5714285714, 9);
    expect(adjustedRand([0, 0, 0, 0], [0, 1, 2, 3])).toBe(0);
    expect(vMeasure([0, 0, 1, 2], [0, 0, 1, 1])).toBeCloseTo(0.8, 9);
    expect(vMeasure([0, 0, 1, 1], [0, 1, 2, 3])).toBeCloseTo(2 / 3, 9);
    expect(vMeasure([0, 0, 1, 1], [0, 0, 0, 0])).toBe(0);
  });

  test.each(golden.cases)(
    'have scikit-learn’s values for $n labels of $ka and $kb kinds',
    (some) => {
      const [a, b] = labelsOf(some);
      expect(adjustedRand(a, b)).toBeCloseTo(some.ari, 12);
      expect(vMeasure(a, b)).toBeCloseTo(some.v, 12);
      const correlation = spearman(a, b);
      if (some.spearman === null) expect(correlation).toBeNull();
      else expect(correlation).toBeCloseTo(some.spearman, 12);
    },
  );

  test('in one cluster, or of one row, are the same', () => {
    expect([adjustedRand([1, 1, 1], [2, 2, 2]), adjustedRand([0], [4])]).toEqual([1, 1]);
    expect(vMeasure([1, 1, 1], [2, 2, 2])).toBe(1);
  });
});
