import { expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { bundling, chao } from '../../src/stats/unseen.ts';

const GROUPS = 32;

/** How many kinds seen once each group has, when they come so many at a time. */
function seenOnce(bundles: number, each: number): Float64Array {
  const uniform = random(3);
  const found = new Float64Array(GROUPS);
  for (let b = 0; b < bundles; b += 1) found[Math.floor(GROUPS * uniform())]! += each;
  return found;
}

const sizes = new Float64Array(GROUPS).fill(100);

test('kinds that come by themselves vary as single ones do, and bundles as much more as they are large', () => {
  expect(bundling(seenOnce(3200, 1), sizes)).toBeLessThan(1.5);
  const ten = bundling(seenOnce(320, 10), sizes);
  expect(ten).toBeGreaterThan(6);
  expect(ten).toBeLessThan(16);
});

test('groups of which there is more have more, which is no bundling', () => {
  const uneven = Float64Array.from({ length: GROUPS }, (_, g) => 10 * (1 + (g % 4)));
  expect(bundling(uneven, uneven)).toBe(1);
});

test('nothing seen once, and a single group, say nothing of it', () => {
  expect(bundling(new Float64Array(GROUPS), sizes)).toBe(1);
  expect(bundling(Float64Array.of(5), Float64Array.of(10))).toBe(1);
});

test('Chao’s interval is wider for bundles, around the same value', () => {
  const seen = { kinds: 100, once: 40, twice: 20, draws: 200 };
  const [alone, bundled] = [chao(seen), chao(seen, 4)];
  expect(bundled.value).toBe(alone.value);
  expect(bundled.interval![0]).toBeLessThan(alone.interval![0]);
  expect(bundled.interval![1]).toBeGreaterThan(alone.interval![1]);
});
