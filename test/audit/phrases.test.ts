import { describe, expect, test } from 'vitest';
import { PhraseCounter } from '../../src/audit/phrases.ts';

function phrasesOf(texts: readonly string[], count = 5): { phrase: string; share: number }[] {
  const counter = new PhraseCounter();
  for (const text of texts) counter.observe(text);
  return counter.finish(count);
}

const varied = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `w${i}a w${i}b w${i}c w${i}d w${i}e`);

test('a phrase that many rows share is found whole, with its share of the rows', () => {
  const shared = Array.from({ length: 10 }, (_, i) => `Once upon a time there was a fox${i}`);
  const [first] = phrasesOf([...shared, ...varied(10)]);
  expect(first).toEqual({ phrase: 'once upon a time there was a', share: 0.5 });
});

test('overlapping parts of one phrase are not listed again', () => {
  const shared = Array.from({ length: 10 }, (_, i) => `Once upon a time there was a fox${i}`);
  expect(phrasesOf([...shared, ...varied(10)])).toHaveLength(1);
});

test('two templates are two phrases, the more frequent first', () => {
  const one = Array.from({ length: 12 }, (_, i) => `What is the capital of land${i}`);
  const two = Array.from({ length: 6 }, (_, i) => `List three kinds of thing${i}`);
  expect(phrasesOf([...two, ...one]).map(({ phrase }) => phrase)).toEqual([
    'what is the capital of',
    'list three kinds of',
  ]);
});

test('a row counts once however often it says a phrase', () => {
  const loud = 'say this again and '.repeat(50);
  expect(phrasesOf([loud, ...varied(40)])).toEqual([]);
});

test('case and punctuation do not matter', () => {
  const texts = ['In conclusion, it is clear', 'in conclusion it is', 'In Conclusion: it IS so'];
  expect(phrasesOf(texts)[0]!.phrase).toBe('in conclusion it is');
});

describe('there is no phrase', () => {
  test('where rows share nothing, are short, or are none', () => {
    expect(phrasesOf(varied(50))).toEqual([]);
    expect(phrasesOf(Array(20).fill('too short'))).toEqual([]);
    expect(phrasesOf([])).toEqual([]);
  });

  test('that fewer than three rows share', () => {
    expect(phrasesOf(['a b c d e', 'a b c d f'])).toEqual([]);
  });
});

test('a phrase that repeats itself ends at a bounded length', () => {
  const [first] = phrasesOf(Array(5).fill('ha '.repeat(100)));
  expect(first!.phrase.split(' ').length).toBeLessThanOrEqual(14);
});

test('ties are broken by the words, so the order of rows changes nothing', () => {
  const texts = [
    ...Array(4).fill('alpha beta gamma delta'),
    ...Array(4).fill('one two three four'),
  ];
  expect(phrasesOf(texts.toReversed())).toEqual(phrasesOf(texts));
});
