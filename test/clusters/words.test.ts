import { describe, expect, test } from 'vitest';
import { ClusterWords, wordsOf } from '../../src/clusters/words.ts';

describe('the words of a text', () => {
  test('are lower-cased, without stop words', () => {
    expect(wordsOf('The Cat sat on THE mat, didn’t it?')).toEqual(['cat', 'sat', 'mat', 'didn’t']);
  });

  test('are no bare numbers and no single letters, but may hold digits', () => {
    expect(wordsOf('In 2024 a GPT4 x 3 model: mp3, 1,000')).toEqual(['gpt4', 'model', 'mp3']);
  });

  test('keep accents and marks in one word', () => {
    expect(wordsOf('Über naïve café résumé')).toEqual(['über', 'naïve', 'café', 'résumé']);
    expect(wordsOf('हिन्दी भाषा')).toEqual(['हिन्दी', 'भाषा']);
  });

  test('of languages that write no spaces are words, not whole sentences', () => {
    const words = wordsOf('我喜欢编程语言。机器学习很有趣。');
    expect(words).toContain('机器');
    expect(words.every((word) => [...word].length <= 4)).toBe(true);
  });

  test('of nothing, emoji or punctuation are none', () => {
    expect(wordsOf('')).toEqual([]);
    expect(wordsOf('😀 … — !!! 🎉')).toEqual([]);
  });
});

describe('the words of clusters', () => {
  test('are those that are frequent in one and rare in the others', () => {
    const words = new ClusterWords(2);
    for (const text of ['bread flour yeast recipe', 'bread oven recipe', 'flour bread recipe']) {
      words.observe(0, text);
    }
    for (const text of ['python function recipe', 'python loop recipe', 'python list recipe']) {
      words.observe(1, text);
    }
    const [baking, code] = words.finish(2);
    expect(baking).toEqual(['bread', 'flour']);
    expect(code![0]).toBe('python');
  });

  test('count a row once, however often it says a word', () => {
    const words = new ClusterWords(1);
    words.observe(0, 'spam '.repeat(500));
    for (let i = 0; i < 3; i += 1) words.observe(0, 'garden');
    expect(words.finish(2)[0]).toEqual(['garden', 'spam']);
  });

  test('that tie come in alphabetical order', () => {
    const words = new ClusterWords(1);
    words.observe(0, 'pear apple fig');
    expect(words.finish(5)).toEqual([['apple', 'fig', 'pear']]);
  });

  test('are none where a cluster has none', () => {
    const words = new ClusterWords(2);
    words.observe(1, 'only garden');
    expect(words.finish(3)).toEqual([[], ['garden']]);
    expect(new ClusterWords(0).finish(3)).toEqual([]);
  });
});
