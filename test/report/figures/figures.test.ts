import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/audit/report.ts';
import { figuresOf } from '../../../src/report/figures/figures.ts';
import type { Figure } from '../../../src/report/figures/marks.ts';
import { legendRows } from '../../../src/report/figures/marks.ts';
import { collapsedReport } from '../fixture.ts';
import { abouts } from '../measured.ts';
import { expectWhole } from './whole.ts';

const of = (change: Partial<Report> = {}): Figure[] =>
  figuresOf({ ...collapsedReport(), ...change }, abouts);
const one = (id: string, figures = of()): Figure | undefined =>
  figures.find((figure) => figure.id === id);

describe('the figures of a report', () => {
  test('are drawn of what the report has, every place a number within reach of the drawing', () => {
    const figures = of();
    expect(figures.map(({ id }) => id)).toEqual([
      'spectrum',
      'clusters-by-rank',
      'pair-similarities',
      'nearest-similarities',
      'lengths',
    ]);
    for (const figure of figures) expectWhole(figure);
  });

  test('are none where nothing was measured', () => {
    const distributions = { spectrum: null, pairs: null, nearest: null, lengths: null };
    expect(of({ distributions, clusters: [] })).toEqual([]);
  });

  test('say in words and in a table what they show', () => {
    const spectrum = one('spectrum')!;
    expect(spectrum.caption).toContain(
      'in 3 directions, nine tenths in 18 (of the reference in 11 and 97)',
    );
    expect(spectrum.table.rows[0]).toEqual(['1', '0.387', '0.447']);
    const lengths = one('lengths')!;
    expect(lengths.table.columns).toEqual([
      'tokens in a row',
      'Share, dataset',
      'Share, reference',
    ]);
    expect(lengths.table.rows.at(-1)![0]).toBe('65 and more');
    expect(lengths.caption).toContain('The last step holds everything beyond.');
  });

  test('show the dataset alone where there is no reference, without a legend', () => {
    const { distributions } = collapsedReport();
    const pairs = { ...distributions.pairs!, reference: null };
    const figure = one('pair-similarities', of({ distributions: { ...distributions, pairs } }))!;
    expect(figure.table.columns).toEqual(['cosine similarity of two rows', 'Share, dataset']);
    expect(figure.marks.some((mark) => mark.kind === 'text' && mark.text === 'reference')).toBe(
      false,
    );
  });

  test('draw a curve over the rows for the leading measures that have one', () => {
    const report = collapsedReport();
    const vendi = {
      ...report.measures.vendi!,
      size: {
        curve: [40, 80, 160, 320].map((n, i) => ({ n, value: 9 + i })),
        trend: 'rising' as const,
        method: 'closed form' as const,
      },
    };
    const figure = one('curve-vendi', of({ measures: { ...report.measures, vendi } }))!;
    expect(figure.table.rows).toEqual([
      ['40', '9'],
      ['80', '10'],
      ['160', '11'],
      ['320', '12'],
    ]);
    expect(figure.caption).toContain('Still rising');
    expect(figure.marks.filter(({ kind }) => kind === 'dot')).toHaveLength(4);
  });
});

test('names of many series take as many rows as keep them on the paper', () => {
  const series = Array.from({ length: 9 }, (_, i) => ({
    name: `a dataset with a name, ${i}`,
    tone: 's0' as const,
  }));
  const { marks, height } = legendRows(series, 480, 20);
  const lefts = marks.flatMap((mark) => (mark.kind === 'line' ? [mark.points[0]!] : []));
  expect(lefts).toHaveLength(9);
  expect(Math.min(...lefts)).toBeGreaterThan(0);
  expect(height).toBe(
    20 * new Set(marks.flatMap((m) => (m.kind === 'text' ? [m.at[1]] : []))).size,
  );
  expect(legendRows([], 480, 20)).toEqual({ marks: [], height: 0 });
});
