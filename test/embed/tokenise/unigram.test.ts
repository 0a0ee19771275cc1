import { describe, expect, test } from 'vitest';
import { createUnigram, type Piece } from '../../../src/embed/tokenise/unigram.ts';

const PIECES: readonly Piece[] = [
  ['?', 0],
  ['<s>', 0],
  ['▁', -3],
  ['a', -2],
  ['b', -2.5],
  ['▁a', -2.2],
  ['ab', -3.5],
  ['aab', -4.5],
  ['é', -4],
  ['S', -5],
  ['s', -4],
];
const tokenise = createUnigram(PIECES, { reserved: 2, unknown: 0 });
const pieces = (text: string): string[] => Array.from(tokenise(text), (id) => PIECES[id]![0]);

describe('the unigram tokeniser', () => {
  test('spells a text with the most probable pieces', () => {
    expect(pieces('ab')).toEqual(['▁a', 'b']); // −4.7 beats ▁ + ab at −6.5
    expect(pieces('bab')).toEqual(['▁', 'b', 'ab']);
    expect(pieces('baab')).toEqual(['▁', 'b', 'aab']);
  });

  test('ends with the shorter piece where two spellings are equally probable', () => {
    const equal = createUnigram(
      [
        ['?', 0],
        ['▁', -1],
        ['x', -1],
        ['xx', -2],
      ],
      { reserved: 1, unknown: 0 },
    );
    expect([...equal('xx')]).toEqual([1, 2, 2]);
  });

  test('begins every word with the mark of a space', () => {
    expect(pieces('a b')).toEqual(['▁a', '▁', 'b']);
  });

  test('folds any white space to one space and trims it', () => {
    const plain = tokenise('a b');
    for (const text of [
      ' a b ',
      'a\nb',
      'a\t \r\n b',
      'a\u00a0b',
      '\u3000a\u2028b\n',
      '\ufeffa b',
    ]) {
      expect(tokenise(text)).toEqual(plain);
    }
  });

  test('keeps case', () => {
    expect(pieces('Ss')).toEqual(['▁', 'S', 's']);
  });

  test('composes combining marks and unfolds compatibility characters', () => {
    expect(tokenise('e\u0301')).toEqual(tokenise('é'));
    expect(tokenise('ａｂ')).toEqual(tokenise('ab'));
  });

  test('makes one unknown token of a run of characters it does not know', () => {
    expect(pieces('aζηθb')).toEqual(['▁a', '?', 'b']);
    expect(pieces('ζ η')).toEqual(['▁', '?', '▁', '?']);
  });

  test('takes characters beyond the basic plane and lone surrogates as unknown', () => {
    expect(pieces('a🙂👍🏽b')).toEqual(['▁a', '?', 'b']);
    expect(pieces('a\ud83db')).toEqual(['▁a', '?', 'b']);
  });

  test('cannot be made to give a reserved token by its spelling', () => {
    expect(pieces('<s>')).toEqual(['▁', '?', 's', '?']);
  });

  test('gives no tokens for nothing and for white space', () => {
    expect(tokenise('')).toHaveLength(0);
    expect(tokenise(' \n\t\u00a0')).toHaveLength(0);
  });

  test('spells the whole text: pieces joined are the text', () => {
    const text = 'aab abab baa bb aabaab '.repeat(2000);
    expect(pieces(text).join('')).toBe(`▁${text.trim().replaceAll(' ', '▁')}`);
  });
});
