import { describe, expect, test } from 'vitest';
import { linear, logarithmic, roundValues } from '../../../src/report/figures/scale.ts';

describe('scales of figures', () => {
  test('have ticks at round values inside their ends', () => {
    expect(roundValues(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(roundValues(-0.13, 0.42, 5)).toEqual([0, 0.2, 0.4]);
    expect(roundValues(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(roundValues(3, 3, 4)).toEqual([3]);
  });

  test('place values evenly, and one value alone in the middle', () => {
    const { of, ticks } = linear(0, 10, [100, 200], 2);
    expect([of(0), of(5), of(10)]).toEqual([100, 150, 200]);
    expect(ticks).toEqual([
      { at: 100, text: '0' },
      { at: 150, text: '5' },
      { at: 200, text: '10' },
    ]);
    expect(linear(7, 7, [0, 10]).of(7)).toBe(5);
  });

  test('place values by their logarithm, with powers of ten and steps between few of them', () => {
    const { of, ticks } = logarithmic(1, 10_000, [0, 100]);
    expect(of(100)).toBeCloseTo(50);
    expect(ticks.map(({ text }) => text.replaceAll('\u202f', ' '))).toEqual([
      '1',
      '10',
      '100',
      '1000',
      '10 000',
    ]);
    expect(logarithmic(20, 320, [0, 1]).ticks.map(({ text }) => text)).toEqual([
      '20',
      '50',
      '100',
      '200',
    ]);
    expect(logarithmic(5, 5, [0, 10]).of(5)).toBe(5);
  });
});
