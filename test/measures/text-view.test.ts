import { expect, test } from 'vitest';
import { cutToWords, TextView } from '../../src/measures/text-view.ts';

test('texts are cut at the end of a word, with what stands between words as it was', () => {
  expect(cutToWords('  one two\n three  four', 3)).toBe('  one two\n three');
  expect(cutToWords('one two', 2)).toBe('one two');
  expect(cutToWords('one two ', 3)).toBe('one two ');
  expect(cutToWords('', 1)).toBe('');
});

test('in scripts without spaces each character is a word', () => {
  const text = '天気がいい and warm';
  const cut = cutToWords(text, 3);
  expect(cut).toBe('天気が');
  expect(new TextView(cut).words).toEqual(new TextView(text).words.slice(0, 3));
});
