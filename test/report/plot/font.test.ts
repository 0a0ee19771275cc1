import { expect, test } from 'vitest';
import { fitted, outline, textWidth } from '../../../src/report/plot/font.ts';

test('widths grow with the text, its size and its weight', () => {
  expect(textWidth('', 16, 400)).toBe(0);
  expect(textWidth('Hamburg', 32, 400)).toBeCloseTo(2 * textWidth('Hamburg', 16, 400), 6);
  expect(textWidth('Hamburg', 16, 600)).toBeGreaterThan(textWidth('Hamburg', 16, 400));
  expect(textWidth('i', 16, 400)).toBeLessThan(textWidth('W', 16, 400));
});

test('letters of every script that Inter has become outlines', () => {
  for (const text of [
    'plain',
    'Größe, façade',
    'Привет',
    'Αθήνα',
    'Việt Nam',
    'Łódź',
    '61\u202f%',
  ]) {
    const { path, rest } = outline(text, 10, 20, 16, 600);
    expect(rest).toEqual([]);
    expect(path).toMatch(/^(?:[MLCQ]-?\d[-\d. ]*|Z)+$/);
  }
});

test('others are left to the fonts of the system, each at its place', () => {
  const { path, rest } = outline('ab 测试 c', 10, 20, 16, 400);
  expect(path).not.toBe('');
  expect(rest).toHaveLength(1);
  expect(rest[0]!.text).toBe('测试');
  expect(rest[0]!.x).toBeCloseTo(10 + textWidth('ab ', 16, 400), 6);
});

test('a text that is too wide is cut with an ellipsis, never inside a character', () => {
  expect(fitted('short', 200, 16, 400)).toBe('short');
  const cut = fitted('a rather long name of a cluster', 80, 16, 400);
  expect(cut.endsWith('…')).toBe(true);
  expect(textWidth(cut, 16, 400)).toBeLessThanOrEqual(80);
  expect(fitted('😀😀😀😀😀😀😀😀😀😀', 60, 16, 400)).toMatch(/^(?:😀)*…$/u);
});
