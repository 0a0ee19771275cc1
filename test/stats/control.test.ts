import { describe, expect, test } from 'vitest';
import { afterControl } from '../../src/stats/control.ts';
import { matchLengths } from '../../src/stats/matching.ts';

describe('a difference after control', () => {
  test('stays, vanishes, turns round or is unclear', () => {
    expect(afterControl([10, 5], [9, 5], 1)).toBe('stays');
    expect(afterControl([10, 5], [7, 6.9], 1)).toBe('vanishes');
    expect(afterControl([10, 5], [5, 8], 1)).toBe('turns');
    expect(afterControl([10, 5], [10, 7], 3.5)).toBe('unclear');
  });

  test('is nothing where there was none, by chance or by size, or a value is missing', () => {
    expect(afterControl([10, 9.5], [10, 5], 1)).toBeNull();
    expect(afterControl([1000, 999], [10, 5], 0)).toBeNull();
    expect(afterControl([10, null], [10, 5], 0)).toBeNull();
    expect(afterControl([10, 5], [null, 5], 0)).toBeNull();
  });
});

describe('matched lengths', () => {
  const set = (lengths: number[], order = lengths.map((_, i) => i)) => ({
    lengths: Float64Array.from(lengths),
    order: Int32Array.from(order),
  });

  test('are as many of every set in every stratum, the first in its order', () => {
    const [a, b] = matchLengths([set([5, 50, 5, 5, 7], [3, 2, 4, 1, 0]), set([5, 7, 7, 5, 90])]);
    expect([...a!]).toEqual([2, 3, 4]);
    expect([...b!]).toEqual([0, 1, 3]);
  });

  test('are none where lengths do not overlap, and all of equal sets', () => {
    expect(matchLengths([set([3, 4]), set([40, 41, 60])]).map(({ length }) => length)).toEqual([
      0, 0,
    ]);
    const same = set([3, 0, 12, 12]);
    expect(matchLengths([same, same, same]).map(({ length }) => length)).toEqual([4, 4, 4]);
  });
});
