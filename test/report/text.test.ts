import { describe, expect, test } from 'vitest';
import { cut, displayWidth, oneLine, pad, reveal, sparkline, wrap } from '../../src/report/text.ts';

describe('hostile texts', () => {
  test('control characters become visible symbols', () => {
    expect(reveal('\u001b[31mred\u0007\u0000\u007f')).toBe('␛[31mred␇␀␡');
    expect(reveal('\u009b31m')).toBe('⟨U+009B⟩31m');
  });

  test('marks that turn the reading direction become visible', () => {
    expect(reveal('a\u202eb\u2066c')).toBe('a⟨U+202E⟩b⟨U+2066⟩c');
  });

  test('half a character becomes the sign for what cannot be shown', () => {
    expect(reveal('a\ud800b 🙂')).toBe('a\ufffdb 🙂');
  });

  test('every kind of line break is one, and letters of any script stay', () => {
    expect(reveal('a\r\nb\u2028c\u0085d')).toBe('a\nb\nc\nd');
    expect(reveal('שלום 你好 é 👩‍👩‍👧')).toBe('שלום 你好 é 👩‍👩‍👧');
  });

  test('one line has no line breaks or tabs', () => {
    expect(oneLine('  a\n\tb\u2028c\u0085d ')).toBe('a b c d');
  });
});

describe('columns of a terminal', () => {
  test('wide characters and emoji take two, combining marks none', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('你好')).toBe(4);
    expect(displayWidth('🙂')).toBe(2);
    expect(displayWidth('👩‍👩‍👧')).toBe(2);
    expect(displayWidth('e\u0301')).toBe(1);
  });

  test('a cut text ends in an ellipsis and fits', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
    expect(displayWidth(cut('你好你好你好', 6))).toBeLessThanOrEqual(6);
  });

  test('padding counts columns, not characters', () => {
    expect(pad('你', 4)).toBe('你  ');
    expect(pad('7', 3, 'left')).toBe('  7');
  });

  test('wrapping breaks at spaces and, where it must, within a word', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('a 你好你好', 5)).toEqual(['a', '你好', '你好']);
    expect(wrap('', 5)).toEqual([]);
  });
});

describe('a sparkline', () => {
  test('goes from the least to the largest, and is flat where nothing moves', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([3, 1, 3])).toBe('█▁█');
    expect(sparkline([5, 5, 5])).toBe('▅▅▅');
    // The least may come out a rounding error below the lowest block.
    for (const values of [
      [9.12, 8.02, 9.03],
      [2.14, 9.29, 6.41],
    ]) {
      expect(sparkline(values)).toHaveLength(values.length);
    }
    expect(sparkline([0, 0])).toBe('▅▅');
    // 1 % apart is hardly a step.
    expect(sparkline([100, 101])).toBe('▄▅');
    expect(sparkline([])).toBe('');
  });
});
