import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { entropy, hillNumber } from '../../src/stats/hill.ts';

const ORDERS = [0, 0.1, 0.5, 0.999, 1, 1.001, 2, 5, 50, Number.POSITIVE_INFINITY];

function shares(n: number, seed: number): number[] {
  const uniform = random(seed);
  const weights = Array.from({ length: n }, () => uniform() ** 3);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

describe('the Hill number', () => {
  test.each(ORDERS)('of order %d of n equal shares is n', (q) => {
    expect(hillNumber(Array(7).fill(1 / 7), q)).toBeCloseTo(7, 6);
  });

  test.each(ORDERS)('of order %d of one share is 1', (q) => {
    expect(hillNumber([1], q)).toBe(1);
  });

  test.each(ORDERS)('of order %d of no shares is 0', (q) => {
    expect(hillNumber([], q)).toBe(0);
    expect(hillNumber([0, 0], q)).toBe(0);
  });

  test('counts kinds at order 0, zero shares for nothing', () => {
    expect(hillNumber([0.9, 0.1, 0, 0], 0)).toBe(2);
  });

  test('is exp of the entropy at order 1, one over Simpson at 2, one over the largest share at ∞', () => {
    const p = [0.5, 0.25, 0.125, 0.125];
    expect(hillNumber(p, 1)).toBeCloseTo(2 ** 1.75, 12);
    expect(hillNumber(p, 2)).toBeCloseTo(1 / (0.25 + 0.0625 + 2 * 0.015625), 12);
    expect(hillNumber(p, Number.POSITIVE_INFINITY)).toBe(2);
  });

  test('has no step at order 1 and reaches order ∞ in the limit', () => {
    const p = shares(40, 1);
    expect(hillNumber(p, 1 + 1e-6)).toBeCloseTo(hillNumber(p, 1), 4);
    expect(hillNumber(p, 1 - 1e-6)).toBeCloseTo(hillNumber(p, 1), 4);
    expect(hillNumber(p, 200)).toBeCloseTo(hillNumber(p, Number.POSITIVE_INFINITY), 0);
  });

  test.each([2, 3, 4, 5])('never grows with the order (shares %i)', (seed) => {
    const values = ORDERS.map((q) => hillNumber(shares(30, seed), q));
    for (let i = 1; i < values.length; i += 1) {
      expect(values[i]).toBeLessThanOrEqual(values[i - 1]! + 1e-9);
    }
  });
});

test('entropy is in nats, and 0 of one kind or none', () => {
  expect(entropy([0.5, 0.5])).toBeCloseTo(Math.LN2, 12);
  expect(entropy([1])).toBe(0);
  expect(entropy([])).toBe(0);
});
