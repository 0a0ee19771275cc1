import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { matchLengths } from '../../src/stats/matching.ts';

const set = (n: number, seed: number, least: number, most: number) => {
  const uniform = random(seed);
  return {
    lengths: Float64Array.from({ length: n }, () => least + Math.floor(uniform() * (most - least))),
    order: Int32Array.from({ length: n }, (_, i) => (i * 7) % n),
  };
};

describe('rows of equal lengths', () => {
  const sets = [set(200, 1, 5, 30), set(300, 2, 10, 60)];
  const meanOf = (rows: Int32Array, s: number): number =>
    rows.reduce((sum, row) => sum + sets[s]!.lengths[row]!, 0) / rows.length;

  test('are as many of each set, and as long', () => {
    const [a, b] = matchLengths(sets);
    expect(a!.length).toBe(b!.length);
    expect(a!.length).toBeGreaterThan(60);
    expect(meanOf(a!, 0) / meanOf(b!, 1)).toBeCloseTo(1, 1);
  });

  test('are no more than asked for, and still as long', () => {
    const all = matchLengths(sets);
    const [a, b] = matchLengths(sets, 40);
    expect([a!.length, b!.length]).toEqual([40, 40]);
    expect(meanOf(a!, 0) / meanOf(b!, 1)).toBeCloseTo(1, 1);
    expect(meanOf(a!, 0) / meanOf(all[0]!, 0)).toBeCloseTo(1, 1);
    expect(new Set([...all[0]!, ...a!]).size).toBe(all[0]!.length);
  });

  test('are none where lengths do not overlap or are not known', () => {
    const unknown = {
      lengths: new Float64Array(3).fill(Number.NaN),
      order: Int32Array.of(0, 1, 2),
    };
    expect(
      matchLengths([set(50, 1, 5, 10), set(50, 2, 60, 70)]).map((rows) => rows.length),
    ).toEqual([0, 0]);
    expect(matchLengths([unknown, unknown]).map((rows) => rows.length)).toEqual([0, 0]);
    expect(matchLengths([])).toEqual([]);
  });
});
