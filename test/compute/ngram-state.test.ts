import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import {
  distinctNgrams,
  estimateDistinct,
  jaccard,
  mergeNgrams,
  type NgramState,
} from '../../src/compute/ngram-state.ts';
import { type NgramOptions, openNgrams } from '../../src/compute/ngrams.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `w${from + i}`);

async function stateOf(
  texts: readonly string[],
  options: Partial<NgramOptions> = {},
): Promise<NgramState> {
  const ngrams = await openNgrams({ unit: 'words', sizes: [1], ...options });
  for (let at = 0; at < texts.length; at += 1000) ngrams.observe(texts.slice(at, at + 1000));
  return ngrams.states()[0]!;
}

/** Texts that share words and runs of words. */
function overlapping(count: number, seed: number): string[] {
  const uniform = random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 30 }, () => `w${Math.floor(uniform() ** 3 * 400)}`).join(' '),
  );
}

test.each([
  ['all are kept', 100_000],
  ['no shard has too many, but the whole has', 5000],
  ['every shard has too many', 100],
])('merging shards gives the state of one pass, in any order, when %s', async (_, limit) => {
  const texts = overlapping(400, 1);
  const options = { sizes: [2], limit, keep: 64 };
  const whole = await stateOf(texts, options);
  const shards = await Promise.all(
    [0, 130, 270].map((at, i) => stateOf(texts.slice(at, [130, 270, 400][i]), options)),
  );
  const [a, b, c] = shards as [NgramState, NgramState, NgramState];
  expect(mergeNgrams(mergeNgrams(a, b), c)).toEqual(whole);
  expect(mergeNgrams(b, mergeNgrams(c, a))).toEqual(whole);
  expect(await stateOf(texts.toReversed(), options)).toEqual(whole);
  expect(mergeNgrams(await stateOf([], options), whole)).toEqual(whole);
});

test.each([0, 1, 100, 5000, 20_000, 60_000, 300_000])(
  '%i different n-grams are estimated within four standard errors',
  async (count) => {
    const state = await stateOf(numbered(0, count), { limit: 0 });
    const { value, error } = distinctNgrams({ ...state, exact: null });
    expect(error).toBeCloseTo(0.0081, 3);
    expect(Math.abs(value - count)).toBeLessThanOrEqual(4 * error * count);
  },
);

test('estimates are unbiased: the error of their mean shrinks with the number of sets', async () => {
  for (const count of [3000, 40_000]) {
    let sum = 0;
    const sets = 25;
    for (let set = 0; set < sets; set += 1) {
      const words = numbered(set * 1e6, set * 1e6 + count).join(' ');
      sum += estimateDistinct((await stateOf([words], { limit: 0 })).registers) / count;
    }
    expect(Math.abs(sum / sets - 1)).toBeLessThan((4 * 0.0081) / Math.sqrt(sets));
  }
});

test('full registers are as many as can be told apart', () => {
  expect(estimateDistinct(new Uint8Array(2 ** 14))).toBe(0);
  expect(estimateDistinct(new Uint8Array(2 ** 14).fill(51))).toBe(Infinity);
  expect(estimateDistinct(new Uint8Array(2 ** 14).fill(40))).toBeGreaterThan(1e15);
});

test('repetition changes totals, not sets', async () => {
  const once = await stateOf(numbered(0, 3000));
  const twice = await stateOf([...numbered(0, 3000), ...numbered(0, 3000)]);
  expect(twice.total).toBe(2 * once.total);
  expect(twice.smallest).toEqual(once.smallest);
  expect(twice.registers).toEqual(once.registers);
  expect(twice.exact!.hashes).toEqual(once.exact!.hashes);
  expect(new Set(twice.exact!.documents)).toEqual(new Set([2]));
});

test('the smallest hashes are the first of all of them', async () => {
  for (const count of [10, 127, 128, 129, 5000]) {
    const state = await stateOf(numbered(0, count), { keep: 128 });
    expect(state.smallest).toEqual(state.exact!.hashes.slice(0, 2 * 128));
  }
});

test('the Jaccard index is exact while every n-gram is kept, or the sketches hold them all', async () => {
  const a = numbered(0, 3000);
  const b = numbered(1000, 4000);
  const exact = jaccard(await stateOf(a), await stateOf(b));
  expect(exact).toEqual({ value: 0.5, method: 'exact', error: 0 });
  const small = { limit: 0, keep: 5000 };
  expect(jaccard(await stateOf(a, small), await stateOf(b, small))).toEqual(exact);
});

test('above the limit it is estimated, with its standard error', async () => {
  const sketch = { limit: 0, keep: 2048 };
  const a = await stateOf(numbered(0, 30_000), sketch);
  const b = await stateOf(numbered(10_000, 40_000), sketch);
  const { value, method, error } = jaccard(a, b);
  expect(method).toBe('estimated');
  expect(error).toBeCloseTo(0.011, 3);
  expect(Math.abs(value - 0.5)).toBeLessThan(4 * error);
  expect(jaccard(a, a).value).toBe(1);
});

test('two sets without n-grams are alike', async () => {
  const nothing = await stateOf(['', ' ']);
  expect(jaccard(nothing, nothing)).toEqual({ value: 1, method: 'exact', error: 0 });
  expect(jaccard(nothing, await stateOf(['a'])).value).toBe(0);
});

test('states that were counted differently cannot be merged or compared', async () => {
  const words = await stateOf(['a b']);
  const pairs = await stateOf(['a b'], { sizes: [2] });
  const characters = await stateOf(['a b'], { unit: 'characters' });
  expect(() => mergeNgrams(words, pairs)).toThrow('size 1 cannot be merged with those with size 2');
  expect(() => mergeNgrams(words, characters)).toThrow('unit');
  expect(() => jaccard(words, pairs)).toThrow('nothing in common');
});
