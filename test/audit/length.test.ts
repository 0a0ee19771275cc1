import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { random } from '../../src/base/random.ts';
import { compare } from '../../src/compare/compare.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import { renderComparison } from '../../src/report/compare.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text.ts';
import { fixtures, npyBytes } from '../data/helpers.ts';
import { jsonl } from '../support/texts.ts';

const { path } = fixtures();

/** Rows of words drawn from a vocabulary of that size, between so many and so many of them. */
function drawn(name: string, seed: number, words: number, least: number, most: number): string {
  const uniform = random(seed);
  const rows = Array.from({ length: 120 }, (_, i) => {
    const length = least + Math.floor(uniform() * (most - least + 1));
    const text = Array.from({ length }, () => `w${Math.floor(uniform() * words)}`).join(' ');
    return { id: `${name}${i}`, text };
  });
  return path(`${name}.jsonl`, jsonl(rows));
}

const short = drawn('short', 1, 900, 6, 20);
const long = drawn('long', 2, 900, 8, 40);
const narrow = drawn('narrow', 3, 60, 6, 20);
const measures = 'mean-distance,distinct-1,distinct-2,length.words';
const options = {
  ...({ control: 'length', measures, map: false } as const),
  ...{ curves: false, model: 'use-lite-static' },
};

describe('--control length', () => {
  test('says that a difference which length alone makes goes with length', async () => {
    const { report } = await audit(short, { ...options, reference: long });
    const length = report.length!;
    expect(length.matched.done).toBe(true);
    expect(length.sets.map(({ name }) => name)).toEqual(['dataset', 'reference']);
    expect(length.cut).toBeLessThan(length.sets[0]!.words.median);
    const distinct = length.measures['distinct-1']!;
    expect(distinct.plain[0]! / distinct.plain[1]!).toBeGreaterThan(1.15);
    expect(distinct.matched![0]! / distinct.matched![1]!).toBeCloseTo(1, 1);
    // All texts have as many words then.
    expect(distinct.cut![0]! / distinct.cut![1]!).toBeCloseTo(1, 1);
    expect(distinct.pairs[0]).toMatchObject({
      ...{ matched: 'vanishes', cut: 'vanishes', goesWithLength: true },
    });
    const words = length.measures['length.words']!;
    expect(words.matched![0]! / words.matched![1]!).toBeCloseTo(1, 1);
    expect(words).toMatchObject({ cut: null, pairs: [] });
    expect(report.findings.some(({ text }) => /go(es)? with length/.test(text))).toBe(true);
    for (const text of [
      renderTerminal(report, ABOUT, { width: 80, colour: false }),
      renderMarkdown(report, ABOUT),
    ]) {
      expect(text).toContain('Length held equal');
      expect(text.replace(/\s+/g, ' ')).toContain('goes with length: it vanishes');
    }
    const terminal = renderTerminal(report, ABOUT, { width: 80, colour: false });
    for (const line of terminal.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('leaves a difference that is not of length', async () => {
    const { report } = await audit(narrow, { ...options, reference: long });
    const { 'distinct-1': words, 'distinct-2': pairs } = report.length!.measures;
    expect(words!.pairs[0]).toMatchObject({
      matched: 'stays',
      cut: 'stays',
      goesWithLength: false,
    });
    expect(pairs!.pairs[0]).toMatchObject({ matched: 'stays', goesWithLength: false });
  });

  test('gives values of cut texts without a reference, beside the plain ones', async () => {
    const { report } = await audit(long, options);
    const { matched, measures: all, n, cut, sets } = report.length!;
    expect(matched).toEqual({ done: false, why: 'needs a --reference' });
    expect(n).toBe(Math.round(120 * (1 - sets[0]!.shorter)));
    expect(n).toBeGreaterThanOrEqual(90);
    expect(sets[0]!.longer + sets[0]!.shorter).toBeLessThanOrEqual(1);
    expect(all['distinct-1']!.cut![0]).toBeGreaterThan(all['distinct-1']!.plain[0]!);
    expect(all['distinct-1']!.pairs).toEqual([]);
    expect(cut).toBeGreaterThan(12);
  });

  test('says why where lengths hardly overlap', async () => {
    const far = drawn('far', 4, 900, 60, 70);
    const { report } = await audit(short, { ...options, measures: 'distinct-1', reference: far });
    expect(report.length!.matched).toMatchObject({
      done: false,
      why: expect.stringContaining('hardly overlap: no rows'),
    });
    expect(report.length!.measures['distinct-1']!.matched).toBeNull();
  });

  test('holds every two datasets of a comparison against each other', async () => {
    const { report } = await compare([short, long, narrow], {
      ...{ control: 'length', measures: 'distinct-1', map: false },
      model: 'use-lite-static',
    });
    const { pairs } = report.length!.measures['distinct-1']!;
    expect(pairs.map(({ a, b, goesWithLength }) => [a, b, goesWithLength])).toEqual([
      [0, 1, true],
      [0, 2, false],
      [1, 2, false],
    ]);
    const text = renderComparison(report, ABOUT, 80);
    expect(text).toContain('short : long');
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('refuses vectors', async () => {
    const vectors = path('v.npy', npyBytes('<f4', '30, 4', Buffer.alloc(480, 1)));
    await expect(audit(vectors, { control: 'length' })).rejects.toThrow(/needs texts/);
  });
});
