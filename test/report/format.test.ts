import { describe, expect, test } from 'vitest';
import {
  comparisonWords,
  directionWords,
  formatCount,
  formatInterval,
  formatNumber,
  formatRows,
  formatShare,
  formatValue,
} from '../../src/report/format.ts';
import { collapsedReport } from './fixture.ts';
import { abouts } from './measured.ts';

/** Narrow spaces are hard to see in a test. */
const plain = (text: string): string => text.replaceAll('\u202f', '_');

describe('numbers', () => {
  test.each([
    [0, '0'],
    [1, '1'],
    [12.347, '12.3'],
    [0.31134, '0.311'],
    [0.045621, '0.0456'],
    [1234.6, '1235'],
    [123_456.7, '123_457'],
    [-0.5, '−0.500'],
    [-1e-5, '−1.00_×_10⁻⁵'],
    [2.5e12, '2.50_×_10¹²'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NaN, '–'],
  ])('%d reads %s: three significant digits', (value, shown) => {
    expect(plain(formatNumber(value))).toBe(shown);
  });

  test('counts are whole and grouped from five digits on', () => {
    expect([1234, 12_345, 1_234_567].map(formatCount).map(plain)).toEqual([
      '1234',
      '12_345',
      '1_234_567',
    ]);
    expect([0, 1, 2].map((count) => formatRows(count))).toEqual(['0 rows', '1 row', '2 rows']);
  });

  test('shares are per cent and never rounded to none or all of it', () => {
    expect([0, 0.0004, 0.0125, 0.61875, 0.9996, 1].map(formatShare).map(plain)).toEqual([
      '0_%',
      '<_0.1_%',
      '1.3_%',
      '62_%',
      '>_99.9_%',
      '100_%',
    ]);
    const all = 0.1 * 3 + 0.7 + 1e-15;
    expect(all).not.toBe(1);
    expect(plain(formatShare(all))).toBe('100_%');
  });

  test('a measure whose unit is a share is shown in per cent, a missing value as a dash', () => {
    expect(plain(formatValue(0.61875, abouts['near-duplicates']))).toBe('62_%');
    expect(formatValue(0.61875, abouts.vendi)).toBe('0.619');
    expect(formatValue(null, abouts.vendi)).toBe('–');
  });

  test('both ends of an interval have the same decimals, enough to tell them apart', () => {
    expect(formatInterval([11.62, 13.05])).toBe('11.6 – 13.1');
    expect(formatInterval([0.9, 12])).toBe('0.9 – 12.0');
    expect(formatInterval([100.01, 100.04])).toBe('100.01 – 100.04');
    expect(plain(formatInterval([0.566, 0.669], abouts['near-duplicates']))).toBe('57 – 67_%');
  });
});

describe('words', () => {
  const vendi = collapsedReport().measures.vendi!;

  test('the direction is named on the axis of the measure', () => {
    expect(directionWords('diversity', 'more')).toBe('higher is more diverse');
    expect(directionWords('diversity', 'less')).toBe('lower is more diverse');
    expect(directionWords('against', 'more')).toBe('higher is closer to the reference');
  });

  test('a comparison at the same n says which side is more diverse', () => {
    expect(comparisonWords(vendi)).toBe('Less diverse than the reference at the same 320 rows.');
    const less = { ...vendi, more: 'less' as const };
    expect(comparisonWords(less)).toBe('More diverse than the reference at the same 320 rows.');
  });

  test('a comparison at another n gives both numbers at that n', () => {
    const thinned = { ...vendi, compared: { n: 200, dataset: 11, reference: 40.25 } };
    expect(comparisonWords(thinned)).toBe(
      'Less diverse than the reference (11 to 40.3 at 200 rows each).',
    );
  });

  test('a reference inside the interval, or within two per cent, is about the same', () => {
    const inside = { ...vendi, compared: { n: 320, dataset: 12.347, reference: 12.9 } };
    expect(comparisonWords(inside)).toMatch(/^About as diverse as the reference/);
    const near = { ...vendi, interval: null, compared: { n: 320, dataset: 100, reference: 101 } };
    expect(comparisonWords(near)).toMatch(/^About as diverse as/);
  });

  test('nothing is said where there is nothing to compare', () => {
    expect(comparisonWords(collapsedReport().measures.recall!)).toBeNull();
    expect(comparisonWords(collapsedReport().measures['log-det']!)).toBeNull();
  });
});
