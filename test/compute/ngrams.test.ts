import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import { distinctNgrams, type NgramUnit } from '../../src/compute/ngram-state.ts';
import { hashNgrams, type NgramOptions, openNgrams } from '../../src/compute/ngrams.ts';
import type { WasmBuild } from '../../src/compute/wasm.ts';

beforeAll(() => {
  execFileSync(process.execPath, [packagePath('native', 'build.mjs')]);
});

const BUILDS: readonly WasmBuild[] = ['simd', 'scalar'];

/** Words of 1 … 20 letters of several scripts, between white space of every kind. */
function randomTexts(count: number, seed: number, vocabulary = 300): string[] {
  const uniform = random(seed);
  const pick = (from: readonly string[]): string => from[Math.floor(uniform() * from.length)]!;
  const letters = [...'abcdefgxyzABC019,.-éüßжщ中文字한😀👩\u0301\u200b\ufeff'];
  const spaces = [...' \t\n\v\f\r\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000  '];
  const word = (): string =>
    Array.from({ length: 1 + Math.floor(uniform() ** 2 * 20) }, () => pick(letters)).join('');
  const words = Array.from({ length: vocabulary }, word);
  return Array.from({ length: count }, () => {
    const length = Math.floor(uniform() * 40);
    const parts = Array.from({ length }, () => pick(words) + pick(spaces));
    return (uniform() < 0.3 ? pick(spaces) : '') + parts.join('');
  });
}

/** The n-grams of a text as strings, from the language's own means. */
function plainNgrams(text: string, unit: NgramUnit, size: number): string[] {
  const tokens =
    unit === 'characters'
      ? [...text]
      : text.split(/\p{White_Space}+/u).filter((word) => word !== '');
  const count = Math.max(0, tokens.length - size + 1);
  return Array.from({ length: count }, (_, i) => JSON.stringify(tokens.slice(i, i + size)));
}

/** In how many texts each n-gram is. */
function plainDocuments(
  texts: readonly string[],
  unit: NgramUnit,
  size: number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const gram of new Set(plainNgrams(text, unit, size))) {
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}

const hex = (hashes: Uint32Array): string[] =>
  Array.from({ length: hashes.length / 2 }, (_, i) =>
    [hashes[2 * i + 1]!, hashes[2 * i]!].map((half) => half.toString(16).padStart(8, '0')).join(''),
  );

/** The definition of the hash of a word n-gram, in integers of any size. */
function plainHash(gram: string): string {
  const wrap = (x: bigint): bigint => BigInt.asUintN(64, x);
  const finish = (x: bigint): bigint => {
    const y = wrap((x ^ (x >> 33n)) * 0xff51afd7ed558ccdn);
    const z = wrap((y ^ (y >> 33n)) * 0xc4ceb9fe1a85ec53n);
    return z ^ (z >> 33n);
  };
  const words = gram.split(' ').map((word) => {
    const bytes = Buffer.from(word);
    let hash = 0xa0761d6478bd642fn ^ wrap(BigInt(bytes.length) * 0x9fb21c651e98df25n);
    for (let at = 0; at < bytes.length; at += 8) {
      const eight = Buffer.alloc(8);
      bytes.copy(eight, 0, at, at + 8);
      hash = wrap((hash ^ eight.readBigUInt64LE()) * 0x9fb21c651e98df25n);
      if (at + 8 <= bytes.length) hash ^= hash >> 32n;
    }
    return finish(hash);
  });
  const sum = words.reduce((rolling, word) => wrap(rolling * 0xd1342543de82ef9bn + word), 0n);
  const salt = BigInt(words.length) * 0xa0761d6478bd642fn;
  return finish(wrap(sum + salt))
    .toString(16)
    .padStart(16, '0');
}

async function stateOf(texts: readonly string[], options: NgramOptions) {
  const ngrams = await openNgrams(options);
  ngrams.observe(texts);
  return ngrams.states()[0]!;
}

describe.each(BUILDS)('the %s build', (build) => {
  describe.each(['words', 'characters'] as const)('of %s', (unit) => {
    test.each([1, 2, 3, 4, 13, 64])(
      'gives equal %i-grams equal hashes and different ones different ones',
      async (size) => {
        const texts = ['', ' \n', ...randomTexts(150, size)];
        const hashes = await hashNgrams(texts, { unit, size, build });
        expect(hashes).toHaveLength(texts.length);
        const byGram = new Map<string, string>();
        const byHash = new Map<string, string>();
        for (const [i, text] of texts.entries()) {
          const grams = plainNgrams(text, unit, size);
          const found = hex(hashes[i]!);
          expect(found).toHaveLength(grams.length);
          for (const [at, gram] of grams.entries()) {
            if ((byGram.get(gram) ?? found[at]) !== found[at]) expect.fail(`two hashes of ${gram}`);
            if ((byHash.get(found[at]!) ?? gram) !== gram) expect.fail(`one hash with ${gram}`);
            byGram.set(gram, found[at]!);
            byHash.set(found[at]!, gram);
          }
        }
      },
    );

    test('counts n-grams and the documents that each is in', async () => {
      const texts = randomTexts(300, 5, 40);
      const state = await stateOf(texts, { unit, sizes: [2], build });
      const expected = plainDocuments(texts, unit, 2);
      expect(state.documents).toBe(300);
      expect(state.total).toBe(
        texts.reduce((sum, text) => sum + plainNgrams(text, unit, 2).length, 0),
      );
      expect(distinctNgrams(state)).toEqual({ value: expected.size, method: 'exact', error: 0 });
      const byCount = (a: number, b: number): number => a - b;
      expect([...state.exact!.documents].sort(byCount)).toEqual(
        [...expected.values()].sort(byCount),
      );
      expect(hex(state.exact!.hashes)).toEqual(hex(state.exact!.hashes).sort());
    });

    test('tells in how many documents each n-gram of a text is', async () => {
      const texts = randomTexts(200, 6, 40);
      const ngrams = await openNgrams({ unit, sizes: [3, 1], build });
      ngrams.observe(texts.slice(0, 120));
      ngrams.observe(texts.slice(120));
      const expected = plainDocuments(texts, unit, 3);
      const asked = [...texts.slice(0, 20), 'not seen', ...randomTexts(20, 7, 40)];
      const found = ngrams.documentsOf(asked)!;
      expect(found.map((counts) => [...counts])).toEqual(
        asked.map((text) => plainNgrams(text, unit, 3).map((gram) => expected.get(gram) ?? 0)),
      );
    });
  });

  test('hashes are those of their definition', async () => {
    const [hashes] = await hashNgrams(['the quick brown fox, über-naïve'], {
      unit: 'words',
      size: 2,
      build,
    });
    expect(hex(hashes!)).toEqual(
      ['the quick', 'quick brown', 'brown fox,', 'fox, über-naïve'].map(plainHash),
    );
  });

  test('watched n-grams alone are counted: those of a reference that a dataset contains', async () => {
    const reference = ['a b c d e', 'v w x y z'];
    const dataset = ['q a b c d r', 'a b c d', 'w x y', 'no', 'a b c d'];
    const size = 4;
    const known = await stateOf(reference, { unit: 'words', sizes: [size], build });
    const ngrams = await openNgrams({
      unit: 'words',
      sizes: [size],
      watch: known.exact!.hashes,
      build,
    });
    for (const text of dataset) ngrams.observe([text]);
    expect(ngrams.documentsOf(reference)).toEqual([Uint32Array.of(3, 0), Uint32Array.of(0, 0)]);
    expect(ngrams.documentsOf(['q a b c d r'])).toEqual([Uint32Array.of(0, 3, 0)]);
    expect(ngrams.states()[0]).toMatchObject({ documents: 5, total: 5, exact: null });
  });

  test('above the limit n-grams are estimated, and never looked up', async () => {
    const texts = randomTexts(200, 8);
    const distinct = plainDocuments(texts, 'words', 2).size;
    const options = { unit: 'words', sizes: [2], build } as const;
    const all = await stateOf(texts, { ...options, limit: distinct });
    expect(all.exact?.documents).toHaveLength(distinct);
    const ngrams = await openNgrams({ ...options, limit: distinct - 1 });
    ngrams.observe(texts);
    expect(ngrams.documentsOf(texts)).toBe(null);
    const [state] = ngrams.states();
    expect(state!.exact).toBe(null);
    expect(state!.registers).toEqual(all.registers);
    const { value, method, error } = distinctNgrams(state!);
    expect(method).toBe('estimated');
    expect(Math.abs(value - distinct)).toBeLessThan(4 * error * distinct);
  });

  test('documents longer than a batch are hashed whole', async () => {
    const long = 'wörd '.repeat(200_000);
    const [first, second, third] = await hashNgrams(['a b', long, 'a b'], {
      unit: 'words',
      size: 2,
      build,
    });
    expect(second).toHaveLength(2 * 199_999);
    expect(new Set(hex(second!)).size).toBe(1);
    expect(third).toEqual(first);
  });

  test('thousands of documents, most of them empty, keep their places', async () => {
    const texts = Array.from({ length: 10_000 }, (_, i) => (i % 97 === 0 ? `x${i}` : ''));
    const hashes = await hashNgrams(texts, { unit: 'words', size: 1, build });
    expect(hashes.map((list) => list.length)).toEqual(texts.map((text) => (text === '' ? 0 : 2)));
  });
});

test('mirrored and shifted n-grams of the same words have different hashes', async () => {
  const texts = [
    'a b b a',
    'b a a b',
    'a b a b',
    'b a b a',
    'a a b b',
    'b b a a',
    'a a a a',
    'b b b b',
  ];
  const hashes = await hashNgrams(texts, { unit: 'words', size: 4 });
  expect(new Set(hashes.flatMap(hex)).size).toBe(texts.length);
});

test('half a surrogate pair counts as the replacement character', async () => {
  const [half, whole] = await hashNgrams(['a\ud83d', 'a\ufffd'], { unit: 'characters', size: 2 });
  expect(half).toEqual(whole);
});

const REFERENCE = packagePath('..', 'shared', 'reference');
test.skipIf(!existsSync(REFERENCE))('distinct-n is what nltk counts', async () => {
  const { text } = JSON.parse(readFileSync(`${REFERENCE}/expected.json`, 'utf8')) as {
    text: Record<string, number>;
  };
  const lines = readFileSync(`${REFERENCE}/texts.txt`, 'utf8').trimEnd().split('\n');
  const ngrams = await openNgrams({ unit: 'words', sizes: [1, 2, 3] });
  ngrams.observe(lines);
  for (const state of ngrams.states()) {
    expect(distinctNgrams(state).value / state.total).toBeCloseTo(
      text[`distinct_${state.size}`]!,
      6,
    );
  }
});

describe('is refused with the reason', () => {
  const words = { unit: 'words' } as const;
  test.each([
    [{ ...words, sizes: [0] }, '1 … 64'],
    [{ ...words, sizes: [] }, '1 … 64'],
    [{ ...words, sizes: [65] }, '65'],
    [{ ...words, sizes: [2, 2] }, 'must differ'],
    [{ ...words, sizes: [1, 2], watch: new Uint32Array(2) }, 'one to watch'],
    [{ ...words, sizes: [1], watch: new Uint32Array(3) }, 'n-grams'],
    [{ ...words, sizes: [1], limit: -1 }, 'not -1'],
    [{ ...words, sizes: [1], keep: 0 }, 'and 0'],
  ] as const)('%j', async (options, reason) => {
    await expect(openNgrams(options as NgramOptions)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(reason),
    });
  });
});
