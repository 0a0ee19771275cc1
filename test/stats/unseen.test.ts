import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { chao, chaoParts, chaoSlopes, onceVariance } from '../../src/stats/unseen.ts';

const seen = { kinds: 100, once: 40, twice: 20, draws: 200 };

test('Chao’s interval is wider for kinds that come in bundles, around the same value', () => {
  const [alone, bundled] = [chao(seen), chao(seen, 4)];
  expect(bundled.value).toBe(alone.value);
  expect(bundled.interval![0]).toBeLessThan(alone.interval![0]);
  expect(bundled.interval![1]).toBeGreaterThan(alone.interval![1]);
});

test.each([
  [40, 20],
  [7, 0],
])('the slopes of Chao’s estimate are those of its formula: %d once, %d twice', (once, twice) => {
  const at = (more: number, moreTwice: number): number =>
    chaoParts({ kinds: 100, once: once + more, twice: twice + moreTwice, draws: 1e9 }).value;
  const slopes = chaoSlopes({ ...seen, once, twice });
  const step = 1e-3;
  expect(slopes.once).toBeCloseTo((at(step, 0) - at(-step, 0)) / (2 * step), 4);
  if (twice > 0) {
    expect(slopes.twice).toBeCloseTo((at(0, step) - at(0, -step)) / (2 * step), 4);
  }
});

describe('how many kinds are seen once', () => {
  /** Counts of kinds with these means, by Poisson's law. */
  function drawn(
    means: readonly number[],
    seed: number,
  ): { once: number; twice: number; thrice: number } {
    const uniform = random(seed);
    const counts = { once: 0, twice: 0, thrice: 0 };
    for (const mean of means) {
      let count = 0;
      for (let left = uniform(); left > Math.exp(-mean); left *= uniform()) count += 1;
      if (count === 1) counts.once += 1;
      if (count === 2) counts.twice += 1;
      if (count === 3) counts.thrice += 1;
    }
    return counts;
  }

  test.each([
    ['rare', Array.from({ length: 2000 }, () => 0.2)],
    ['common', Array.from({ length: 2000 }, () => 4)],
    ['of all kinds', Array.from({ length: 2000 }, (_, i) => 20 / (1 + i / 4))],
  ])(
    'varies as fresh draws do, where leaving out rows would say up to six times as much: %s',
    (_, means) => {
      const draws = Array.from({ length: 300 }, (_, d) => drawn(means, 50 + d));
      const mean = draws.reduce((sum, { once }) => sum + once, 0) / draws.length;
      const truth = draws.reduce((sum, { once }) => sum + (once - mean) ** 2, 0) / draws.length;
      const said = draws.map((counts) => {
        // Of kinds that come by themselves a jackknife sees these squares, and no more.
        const kinds = counts.once + 2 * counts.twice;
        return onceVariance(counts, { jackknife: kinds, kinds, ones: counts.once });
      });
      const average = said.reduce((sum, one) => sum + one, 0) / said.length;
      expect(average / truth).toBeGreaterThan(0.8);
      expect(average / truth).toBeLessThan(1.35);
    },
  );

  test('keeps what kinds have in common, and is never more than the jackknife found', () => {
    const counts = { once: 100, twice: 50, thrice: 30 };
    const alone = onceVariance(counts, { jackknife: 200, kinds: 200, ones: 100 });
    const together = onceVariance(counts, { jackknife: 1200, kinds: 200, ones: 100 });
    expect(together - alone).toBeCloseTo(1000, 9);
    expect(onceVariance(counts, { jackknife: 10, kinds: 200, ones: 100 })).toBe(10);
  });
});
