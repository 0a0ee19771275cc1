import { describe, expect, test } from 'vitest';
import { gaussian, random } from '../../src/base/random.ts';
import { carefulCorrelation, differenceOf, verdictOf } from '../../src/stats/difference.ts';
import { fTest, holm, tTest } from '../../src/stats/student.ts';

describe('p-values of t', () => {
  // scipy.stats.t.sf(t, df) * 2
  test.each([
    [1, 1, 0.5],
    [2.0395134, 31, 0.05],
    [12.7062047, 1, 0.05],
    [3.5, 10, 0.00572650542988521],
    [0, 5, 1],
    [8, 31, 4.940263701903391e-9],
  ])('t = %d with %d degrees of freedom', (t, freedom, p) => {
    expect(tTest(t, freedom) / p).toBeCloseTo(1, 3);
    expect(tTest(-t, freedom)).toBe(tTest(t, freedom));
  });
  test('an infinite one leaves no chance', () => {
    expect(tTest(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });
});

test('p-values of F, of which t squared is one', () => {
  // scipy.stats.f.sf
  expect(fTest(3.2, 2, 31)).toBeCloseTo(0.0545250936683966, 9);
  expect(fTest(4, 1, 12)).toBeCloseTo(tTest(2, 12), 12);
});

describe("Holm's correction", () => {
  test('multiplies by what is left, never falls and stops at one', () => {
    expect(holm([0.01, 0.04, 0.03, 0.9])).toEqual([0.04, 0.09, 0.09, 0.9]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
  });
  test('passes over what was not tested', () => {
    expect(holm([null, 0.02, null])).toEqual([null, 0.02, null]);
    expect(holm([])).toEqual([]);
  });
});

describe('differences', () => {
  const estimate = (value: number, low: number, high: number) => ({
    ...{ value, groups: 32 },
    interval: [low, high] as const,
  });

  test('of symmetric intervals add their squares', () => {
    const { value, interval } = differenceOf(estimate(10, 7, 13), estimate(4, 0, 8));
    expect(value).toBe(6);
    expect(interval).toEqual([1, 11]);
  });

  test('take from each interval the side that faces the other', () => {
    // a may be far lower, b hardly higher: only a's lower arm and b's upper one count below.
    const { interval } = differenceOf(estimate(10, 6, 10.1), estimate(4, 3.9, 7));
    expect(interval[0]).toBeCloseTo(6 - 5, 12);
    expect(interval[1]).toBeCloseTo(6 + Math.hypot(0.1, 0.1), 12);
  });

  test('shows nothing where an interval stops at zero, since its number cannot be less', () => {
    const none = { value: 0, groups: 32, interval: [0, 0] as const };
    const { interval, p } = differenceOf({ ...estimate(0.02, 0, 0.05), groups: 20 }, none);
    expect(interval[0]).toBe(0);
    expect(p).toBeGreaterThanOrEqual(0.05);
  });

  test('p is 5 % where the interval just touches zero, and mirrors when sides change', () => {
    const touching = differenceOf(estimate(5, 2, 8), estimate(0, -4, 4));
    expect(touching.p).toBeCloseTo(0.05, 3);
    expect(differenceOf(estimate(0, -4, 4), estimate(5, 2, 8)).p).toBe(touching.p);
  });

  test('are shown below a chance of 5 %, of what more is better or worse of', () => {
    expect(verdictOf(1, 0.049, 'more')).toBe('more');
    expect(verdictOf(1, 0.049, 'less')).toBe('less');
    expect(verdictOf(-1, 0.049, 'more')).toBe('less');
    expect(verdictOf(1, 0.05, 'more')).toBeNull();
    expect(verdictOf(1, null, 'more')).toBeNull();
    expect(verdictOf(0, 0, 'more')).toBeNull();
  });

  test('numbers that move together differ sooner', () => {
    const [a, b] = [estimate(5, 2, 8), estimate(2, -1, 5)];
    expect(differenceOf(a, b, 0.8).p!).toBeLessThan(differenceOf(a, b).p!);
  });

  test('numbers without any spread are not tested', () => {
    expect(differenceOf(estimate(1, 1, 1), estimate(0, 0, 0)).p).toBeNull();
  });
});

describe('correlations', () => {
  test('are taken a standard error too low, and never for few draws', () => {
    const uniform = random(1);
    const x = Array.from({ length: 24 }, () => gaussian(uniform));
    const y = x.map((value) => value + 0.5 * gaussian(uniform));
    const found = carefulCorrelation(x, y);
    expect(found).toBeGreaterThan(0.5);
    expect(found).toBeLessThan(0.9);
    expect(
      carefulCorrelation(
        x,
        x.map(() => 1),
      ),
    ).toBe(0);
    expect(carefulCorrelation([1, 2, 3], [1, 2, 3])).toBe(0);
  });
});
