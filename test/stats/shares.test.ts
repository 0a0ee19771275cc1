import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { jackknifeInterval } from '../../src/stats/jackknife.ts';
import { shareInterval } from '../../src/stats/shares.ts';

describe('the interval of a share', () => {
  test('is Wilson’s', () => {
    // scipy.stats.binomtest(8, 20).proportion_ci(method='wilson')
    const [low, high] = shareInterval(0.4, Math.sqrt(0.012), 1.959964, 20);
    expect(low).toBeCloseTo(0.2188065, 5);
    expect(high).toBeCloseTo(0.6134185, 5);
  });

  test('has a width where all draws are alike', () => {
    expect(shareInterval(0, 0, 2, 100)).toEqual([0, expect.closeTo(4 / 104, 12)]);
    expect(shareInterval(1, 0, 2, 100)).toEqual([expect.closeTo(100 / 104, 12), 1]);
  });

  test('holds the share, and what the parts say where the whole says nothing', () => {
    const [low, high] = shareInterval(0, 0.1, 2, 1000);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(0.2, 12);
  });

  test('reaches down to the shares that one or two of many come from most often', () => {
    const [low] = shareInterval(1 / 400, Math.sqrt(1 / 400) / 20, 2, 400);
    expect(low).toBeCloseTo(0.0513 / 400, 6);
  });

  test('has no width where nobody knows how many draws there were', () => {
    expect(shareInterval(1, 0, 2, 0)).toEqual([1, 1]);
  });

  test('has the width of its error where the draws are unknown and not all alike', () => {
    expect(shareInterval(1, 0.01, 2, 0)).toEqual([expect.closeTo(0.98, 12), 1]);
    expect(shareInterval(0, 0.01, 2, 0)).toEqual([0, expect.closeTo(0.02, 12)]);
    expect(shareInterval(1, 9, 2, 0)).toEqual([0, 1]);
  });

  test('is that of all statistics from 0 to 1, by the rows in the groups', () => {
    const sizes = new Int32Array(32).fill(10);
    const [low, high] = jackknifeInterval(1, new Array(32).fill(1), sizes, [0, 1])!;
    expect(low).toBeGreaterThan(0.98);
    expect(low).toBeLessThan(0.99);
    expect(high).toBe(1);
  });

  test('holds a rare share about as often as it says', () => {
    const n = 320;
    const share = 0.02;
    const uniform = random(5);
    let held = 0;
    for (let draw = 0; draw < 400; draw += 1) {
      const counts = new Int32Array(32);
      for (let i = 0; i < n; i += 1) if (uniform() < share) counts[i % 32]! += 1;
      const count = counts.reduce((a, b) => a + b, 0);
      const without = Array.from(counts, (own) => (count - own) / (n - 10));
      const sizes = new Int32Array(32).fill(10);
      const [low, high] = jackknifeInterval(count / n, without, sizes, [0, 1])!;
      if (low <= share && share <= high) held += 1;
    }
    expect(held / 400).toBeGreaterThan(0.92);
  });
});
