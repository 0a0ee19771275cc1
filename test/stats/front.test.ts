import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { paretoFront } from '../../src/stats/front.ts';
import { kneeOf } from '../../src/stats/knee.ts';

const brute = (columns: readonly (readonly number[])[]): number[] =>
  columns[0]!.flatMap((_, i) => {
    const beaten = columns[0]!.some(
      (__, j) =>
        columns.every((column) => column[j]! >= column[i]!) &&
        columns.some((column) => column[j]! > column[i]!),
    );
    return beaten || columns.some((column) => Number.isNaN(column[i]!)) ? [] : [i];
  });

describe('the Pareto front', () => {
  test.each([1, 2, 3, 4])('of %i columns is that of all pairs, ties included', (width) => {
    const uniform = random(width);
    for (const n of [1, 5, 60]) {
      const columns = Array.from({ length: width }, () =>
        Array.from({ length: n }, () => Math.floor(uniform() * 6)),
      );
      expect(paretoFront(columns)).toEqual(brute(columns));
    }
  });

  test('equal rows do not dominate each other', () => {
    expect(
      paretoFront([
        [1, 1, 0],
        [2, 2, 2],
      ]),
    ).toEqual([0, 1]);
  });

  test('rows without a number take no part', () => {
    expect(
      paretoFront([
        [1, Number.NaN, 0],
        [0, 9, 1],
      ]),
    ).toEqual([0, 2]);
    expect(paretoFront([])).toEqual([]);
    expect(paretoFront([[]])).toEqual([]);
  });
});

describe('the knee', () => {
  const x = [0, 1, 2, 3, 4];
  const none = x.map(() => 0);

  test('is where a curve that held starts to fall', () => {
    expect(kneeOf(x, [10, 10, 10, 5, 0], none)).toBe(2);
  });

  test('is not there on a straight line, on a curve that falls at once, or within errors', () => {
    expect(kneeOf(x, [4, 3, 2, 1, 0], none)).toBeNull();
    expect(kneeOf(x, [10, 2, 1, 0.5, 0], none)).toBeNull();
    expect(kneeOf(x, [10, 10, 10, 5, 0], [9, 9, 9, 9, 9])).toBeNull();
  });

  test('needs three points and ends that are apart', () => {
    expect(kneeOf([0, 1], [1, 0], [0, 0])).toBeNull();
    expect(kneeOf(x, [1, 2, 3, 2, 1], none)).toBeNull();
  });
});
