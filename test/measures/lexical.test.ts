import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import { compareTexts } from '../../src/engine/text-pairs.ts';
import { textSample } from '../../src/engine/text-sample.ts';
import { rougeL as rougeFamily } from '../../src/measures/diversity/rouge-l.ts';
import { DEFAULT_SETTINGS } from '../../src/measures/measure.ts';
import { MEASURES } from '../../src/measures/registry.ts';
import { careful, estimated } from '../../src/measures/value.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { measureRows } from '../support/measure.ts';
import {
  distinct,
  entropyBits,
  hdD,
  jaccard,
  mtld,
  overPairs,
  rougeL,
  selfBleu,
  selfRepetition,
  wordsOf,
} from '../support/naive-text.ts';
import { rowsOfTexts } from '../support/rows.ts';

const LEXICAL = MEASURES.filter(({ section }) => section === 'lexical').map(({ id }) => id);
const VOCABULARY = 60;

/** Texts of 0 to `longest` words, the first words of the vocabulary far more frequent than the last. */
function babble(n: number, longest: number, seed: number): string[] {
  const uniform = random(seed);
  return Array.from({ length: n }, () =>
    Array.from(
      { length: Math.floor(uniform() * (longest + 1)) },
      () => `w${Math.floor(uniform() ** 3 * VOCABULARY)}`,
    ).join(' '),
  );
}

const texts = [...babble(150, 30, 1), 'w0 w0 w0 w0 w0', 'one of a kind', ...babble(20, 200, 2)];
const rows = rowsOfTexts([...texts, ...texts.slice(0, 12)]);
const all = [...texts, ...texts.slice(0, 12)];
const inOrder = Array.from(rows.order, (row) => all[row]!);

describe('beside plain loops over all rows', () => {
  test.each([
    ['distinct-1', distinct(all, 1)],
    ['distinct-2', distinct(all, 2)],
    ['distinct-3', distinct(all, 3)],
    ['distinct-4', distinct(all, 4)],
    ['ngram-diversity', [1, 2, 3, 4].reduce((sum, size) => sum + distinct(all, size), 0)],
    ['token-entropy', entropyBits(all)],
    ['hd-d', hdD(all)],
    ['mtld', mtld(inOrder.flatMap(wordsOf))],
    ['self-bleu', selfBleu(all)],
    ['self-repetition', selfRepetition(all)],
    ['rouge-l', overPairs(all, rougeL)],
    ['pairwise-jaccard', overPairs(all, jaccard)],
  ])('%s', async (id, expected) => {
    const value = (await measureRows(rows, [id]))[id]!;
    expect(value.value).toBeCloseTo(expected, 9);
    expect(value.method).toBe('exact');
  });
});

test('values without a group are those of really leaving it out', async () => {
  const ids = LEXICAL.filter(
    (id) => !['template-rate', 'compression-ratio', 'chao.words', 'mtld'].includes(id),
  );
  const values = await measureRows(rows, ids);
  const left: Record<string, number>[] = [];
  for (let g = 0; g < GROUPS; g += 1) {
    const kept = Array.from({ length: rows.n }, (_, i) => i).filter((i) => rows.groups[i] !== g);
    const found = await measureRows(subsetOf(rows, Int32Array.from(kept)), ids, {
      intervals: false,
    });
    left.push(Object.fromEntries(ids.map((id) => [id, found[id]!.value!])));
  }
  for (const id of ids) {
    const without = left.map((found) => found[id]!);
    const [low, high] = MEASURES.find((measure) => measure.id === id)!.range;
    const range = [low, Number(high)] as const;
    const plain = estimated(values[id]!.value!, without, rows.sizes, rows.n, range);
    const shown = /^distinct|^ngram|^hd-d/.test(id)
      ? careful(plain, without, rows.sizes, range)
      : plain;
    const expected = shown.interval!;
    if (id.startsWith('good-turing')) {
      // What leaving out counts twice is taken off.
      expect(values[id]!.interval![0], id).toBeGreaterThan(expected[0] - 1e-9);
      expect(values[id]!.interval![1], id).toBeLessThan(expected[1] + 1e-9);
      continue;
    }
    expect(values[id]!.interval![0], id).toBeCloseTo(expected[0], 8);
    expect(values[id]!.interval![1], id).toBeCloseTo(expected[1], 8);
  }
});

test('a few rows that repeat themselves at length leave open how varied the words are without them', async () => {
  const endless = Array.from({ length: 5 }, (_, i) => `again${i} `.repeat(300));
  const values = await measureRows(rowsOfTexts([...babble(60, 14, 5), ...endless]), LEXICAL);
  for (const id of ['distinct-2', 'hd-d', 'mtld']) {
    const { value, interval } = values[id]!;
    expect(interval![1] - value!, id).toBeGreaterThan(value! - interval![0]);
    expect(Number.isFinite(interval![1]), id).toBe(true);
  }
});

test('distinct n-grams of fewer rows are in closed form what draws of rows have on average', async () => {
  const source = artefactsOf(rows, null, { seed: 0, index: 'exact' });
  const { family } = MEASURES.find(({ id }) => id === 'distinct-2')!;
  const context = { seed: 0, settings: DEFAULT_SETTINGS };
  const closed = await family.rarefy!(await inputs(['ngrams']), context, 40);
  const uniform = random(5);
  let different = 0;
  let total = 0;
  for (let draw = 0; draw < 300; draw += 1) {
    const ranks = Array.from(all, () => uniform());
    const chosen = all.filter((_, i) => ranks.filter((rank) => rank < ranks[i]!).length < 40);
    const grams = chosen.flatMap((text) =>
      wordsOf(text)
        .slice(1)
        .map((word, i) => `${wordsOf(text)[i]} ${word}`),
    );
    different += new Set(grams).size;
    total += grams.length;
  }
  expect(closed['distinct-2']).toBeCloseTo(different / total, 1.9);

  async function inputs(needs: readonly ['ngrams']): Promise<never> {
    return Object.fromEntries(
      await Promise.all(needs.map(async (need) => [need, await source(need)])),
    ) as never;
  }
});

describe('degenerate texts', () => {
  const measure = async (some: readonly string[]) => measureRows(rowsOfTexts(some), LEXICAL);
  const expectSound = (values: Awaited<ReturnType<typeof measure>>): void => {
    for (const id of LEXICAL) {
      const { value, interval, why } = values[id]!;
      expect(Number.isNaN(value), id).toBe(false);
      if (value === null || interval === null) expect(why, id).toBeTruthy();
    }
  };

  test.each([
    ['no rows', []],
    ['one row', ['one row of words']],
    ['one word', ['word']],
    ['empty texts', ['', ' ', '\t\n']],
    ['one empty text among others', ['', 'a b c d e', 'a b c d f']],
    ['a megabyte in one row', [`${'many words and '.repeat(70_000)}end`, 'short']],
    ['lone surrogates and controls', ['\ud800 \u0000 a', '\udfff b\u0007']],
  ])('%s', async (_name, some) => expectSound(await measure(some)));

  test('rows that are all equal: as alike as can be', async () => {
    const values = await measure(Array.from({ length: 40 }, () => 'the cat sat on the mat today'));
    expectSound(values);
    for (const id of ['self-bleu', 'rouge-l', 'pairwise-jaccard', 'template-rate']) {
      expect(values[id]!.value, id).toBeCloseTo(1, 12);
    }
    expect(values['self-repetition']!.value).toBeCloseTo(Math.log(1 + 4 * 39), 12);
    expect(values['distinct-4']!.value).toBeCloseTo(1 / 40, 12);
  });

  test('rows without a common word: as different as can be', async () => {
    const values = await measure(
      Array.from({ length: 40 }, (_, i) => `a${i} b${i} c${i} d${i} e${i}`),
    );
    expectSound(values);
    for (const id of [
      'self-bleu',
      'self-repetition',
      'rouge-l',
      'pairwise-jaccard',
      'template-rate',
    ]) {
      expect(values[id]!.value, id).toBe(0);
    }
    expect(values['ngram-diversity']!.value).toBeCloseTo(4, 12);
    expect(values['token-entropy']!.value).toBeCloseTo(Math.log2(200), 12);
    expect(values.mtld!.value).toBeNull();
  });

  test('in scripts without spaces words are characters, not whole sentences', async () => {
    const values = await measure(['今天天气很好', '今天天气不好', '明日は雨です']);
    expect(values['distinct-1']!.value).toBeCloseTo(12 / 18, 12);
    expect(values['rouge-l']!.value).toBeGreaterThan(0.2);
  });
});

describe('direction', () => {
  test('repeating every row once more is less diverse under every measure that says so', async () => {
    const some = babble(80, 25, 9).map((text, i) => `${text} own${i} mark${i}`);
    const once = await measureRows(rowsOfTexts(some), LEXICAL);
    const twice = await measureRows(rowsOfTexts([...some, ...some]), LEXICAL);
    for (const id of ['distinct-1', 'distinct-4', 'ngram-diversity']) {
      expect(twice[id]!.value!, id).toBeCloseTo(once[id]!.value! / 2, 9);
    }
    for (const id of ['self-bleu', 'self-repetition', 'rouge-l', 'pairwise-jaccard']) {
      expect(twice[id]!.value!, id).toBeGreaterThan(once[id]!.value!);
    }
    expect(twice['token-entropy']!.value).toBeCloseTo(once['token-entropy']!.value!, 9);
  });
});

describe('a sample of the rows', () => {
  test('is a beginning of their order, bounded in rows and in characters', async () => {
    const few = await textSample(rows, { rows: 30 });
    expect(Array.from(few.rows)).toEqual(Array.from(rows.order.slice(0, 30)));
    expect(few.texts).toEqual(inOrder.slice(0, 30));
    const short = await textSample(rows, { characters: 2000 });
    expect(short.texts).toEqual(inOrder.slice(0, short.texts.length));
    const length = short.texts.reduce((sum, text) => sum + text.length, 0);
    expect(length).toBeLessThanOrEqual(2000);
    expect(length + inOrder[short.texts.length]!.length).toBeGreaterThan(2000);
  });

  test('always has one row', async () => {
    expect((await textSample(rows, { characters: 1 })).texts).toEqual(inOrder.slice(0, 1));
  });

  test('pairs within a budget: each row is in equally many, and the mean is near that of all', async () => {
    const sample = await textSample(rows);
    const some = await compareTexts(sample, { budget: 4e4 });
    expect(some.compared).toBeLessThan(some.possible / 2);
    expect(some.compared % rows.n).toBe(0);
    const context = { seed: 0, settings: DEFAULT_SETTINGS };
    const values = await rougeFamily.finish({ textPairs: some }, context);
    const { value, method, interval } = values['rouge-l']!;
    expect(method).toBe('sampled');
    const exact = overPairs(all, rougeL);
    expect(value).not.toBe(exact);
    expect(interval![0]).toBeLessThan(exact);
    expect(interval![1]).toBeGreaterThan(exact);
  });
});

test('templates that hardly enough rows share make a wider interval than one that many share', async () => {
  const width = async (templates: number): Promise<number> => {
    const texts = Array.from({ length: 96 }, (_, i) =>
      i < 36
        ? `opening${i % templates} words that never change here ${i}`
        : Array.from({ length: 6 }, (_, j) => `w${i}x${j}`).join(' '),
    );
    const { value, interval } = (await measureRows(rowsOfTexts(texts), ['template-rate']))[
      'template-rate'
    ]!;
    expect(value).toBe(36 / 96);
    return interval![1] - interval![0];
  };
  expect(await width(12)).toBeGreaterThan(1.2 * (await width(1)));
});
