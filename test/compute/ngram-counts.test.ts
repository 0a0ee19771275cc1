import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { OVERLAP_WIDTH, openNgramCounter } from '../../src/compute/ngram-counts.ts';
import { hashNgrams } from '../../src/compute/ngrams.ts';
import { countsOf, gramsOf, wordsOf } from '../support/naive-text.ts';

const BUILDS = ['simd', 'scalar'] as const;

function documents(n: number, seed: number): { texts: string[]; groups: Uint8Array } {
  const uniform = random(seed);
  const texts = Array.from({ length: n }, () =>
    Array.from(
      { length: Math.floor(uniform() * 40) },
      () => `w${Math.floor(uniform() ** 2 * 90)}`,
    ).join(' '),
  );
  return { texts, groups: Uint8Array.from(texts, () => Math.floor(uniform() * 32)) };
}

const termsIn = async (text: string, build: (typeof BUILDS)[number] = 'simd'): Promise<number> =>
  (await hashNgrams([text], { unit: 'terms', size: 1, build }))[0]!.length / 2;

describe.each(BUILDS)('terms, %s', (build) => {
  test.each([
    ['plain words, tabs\tand\u3000spaces', 5],
    ['über-naïve Ελληνικά русский العربية 한국어 문장', 6],
    ['今天天气很好。', 7],
    ['カタカナとひらがな', 9],
    ['ไปไหน', 5],
    ['ที่', 1],
    ['が', 1],
    ['GPT模型3号', 4 + 1],
    ['𠀀𠀁 😀', 3],
    ['', 0],
  ])('%s', async (text, count) => {
    expect(await termsIn(text, build)).toBe(count);
  });

  test('are words where words have spaces between them', async () => {
    const { texts } = documents(30, 4);
    const some = [...texts, 'Ünïcode —dashes— “quotes” é\u0301 ﬁ'];
    const terms = await hashNgrams(some, { unit: 'terms', size: 2, build });
    expect(terms).toEqual(await hashNgrams(some, { unit: 'words', size: 2, build }));
  });
});

describe.each(BUILDS)('counts, %s', (build) => {
  const { texts, groups } = documents(300, 1);
  const open = async (options: { limit?: number; watch?: readonly string[] } = {}) => {
    const counter = await openNgramCounter({ sizes: [1, 2], build, ...options });
    counter.observe(texts.slice(0, 100), groups.slice(0, 100));
    counter.observe(texts.slice(100), groups.slice(100));
    return counter;
  };

  test.each([1, 2])('of %i-grams are those of plain loops', async (size) => {
    const counts = (await open()).counts(size);
    const grams = texts.map((text) => gramsOf(wordsOf(text), size));
    const all = countsOf(grams.flat());
    const inDocuments = countsOf(grams.flatMap((some) => [...new Set(some)]));
    const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
    expect(sorted(counts.occurrences)).toEqual(sorted(all.values()));
    expect(sorted(counts.inDocuments)).toEqual(sorted(inDocuments.values()));
    const masks = new Map<string, number>();
    for (const [i, some] of grams.entries()) {
      for (const gram of some) masks.set(gram, ((masks.get(gram) ?? 0) | (1 << groups[i]!)) >>> 0);
    }
    expect(sorted(counts.groups)).toEqual(sorted(masks.values()));
    expect(counts.totals.reduce((sum, total) => sum + total, 0)).toBe(grams.flat().length);
    expect(Array.from(counts.lengths.grams)).toEqual(
      sorted(new Set(grams.map((some) => some.length))),
    );
  });

  test('by group add up to those of all groups', async () => {
    const counter = await open();
    const { groups: masks, occurrences, inDocuments } = counter.counts(1);
    const shares = counter.shares(1);
    let at = 0;
    for (const [i, mask] of masks.entries()) {
      const width = mask.toString(2).replaceAll('0', '').length;
      const sum = (of: Uint32Array): number => of.slice(at, at + width).reduce((a, b) => a + b, 0);
      expect(sum(shares.occurrences)).toBe(occurrences[i]);
      expect(sum(shares.inDocuments)).toBe(inDocuments[i]);
      at += width;
    }
    expect(at).toBe(shares.occurrences.length);
  });

  test('above the limit are of a sample of the n-grams that depends on neither order nor batches', async () => {
    const exact = (await open()).counts(2);
    const thinned = (await open({ limit: 600 })).counts(2);
    expect(thinned.level).toBeGreaterThan(0);
    const estimate = thinned.occurrences.length * 2 ** thinned.level;
    expect(Math.abs(estimate / exact.occurrences.length - 1)).toBeLessThan(0.2);
    const other = await openNgramCounter({ sizes: [1, 2], build, limit: 600 });
    for (let i = texts.length - 1; i >= 0; i -= 1)
      other.observe([texts[i]!], groups.slice(i, i + 1));
    const again = other.counts(2);
    expect(again.level).toBe(thinned.level);
    expect(again.inDocuments).toEqual(thinned.inDocuments);
    expect(again.groups).toEqual(thinned.groups);
  });

  test('of the n-grams of some texts alone are what those texts share with all', async () => {
    const whole = await open();
    const some = texts.slice(20, 60);
    const watching = await open({ watch: some });
    for (const size of [1, 2]) {
      for (const what of ['matches', 'repetitions'] as const) {
        const shared = watching[what](size, some, groups.slice(20, 60));
        expect(shared).toEqual(whole[what](size, some, groups.slice(20, 60)));
        expect(shared.length).toBe(40 * OVERLAP_WIDTH);
      }
    }
    expect(watching.counts(2).occurrences.length).toBeLessThan(whole.counts(2).occurrences.length);
  });
});
