import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/audit/report.ts';
import { baselineWords, parseBaseline } from '../../src/report/baseline.ts';
import { buildView } from '../../src/report/html/build-view.ts';
import { abouts, collapsedReport } from './fixture.ts';

const report = collapsedReport();

/** What is said of vendi, 12.3 (11.6 – 13.1), beside a report in which it was otherwise. */
function said(
  vendi: Partial<Report['measures'][string]>,
  rest: Partial<Report> = {},
): string | null {
  const measures = { ...report.measures, vendi: { ...report.measures.vendi!, ...vendi } };
  const before = { ...report, ...rest, measures };
  const baseline = parseBaseline(JSON.stringify(before), 'runs/before.json');
  return baselineWords('vendi', report.measures.vendi!, baseline, report, abouts.vendi);
}

describe('a number beside that of an earlier report', () => {
  test('is more or less of its axis where intervals say so, and no more than chance where not', () => {
    expect(said({ value: 20, interval: [19, 21] })).toBe(
      'Less diverse than the baseline (20, 19.0 – 21.0), by more than chance.',
    );
    expect(said({ value: 5, interval: [4, 6] })).toContain('More diverse than the baseline');
    expect(said({ value: 12.9, interval: [12, 13.8] })).toContain('than chance explains');
    expect(said({})).toContain('than chance explains');
  });

  test('is not compared at another number of rows, of other vectors, or without an interval', () => {
    expect(said({ n: 1000 })).toContain('at 1000 rows: it moves with the rows');
    const embedder = { ...report.embedder!, hash: 'another' };
    expect(said({}, { embedder })).toContain('not compared, for it is of other vectors');
    const settings = { ...report.settings, duplicateAt: 0.9 };
    expect(said({}, { settings })).toContain('not compared, for it is of other settings');
    expect(said({ value: 3, interval: null })).toContain('cannot be told from chance');
    expect(said({ value: null })).toBeNull();
  });

  test('is on the page with every measure that both have', () => {
    const { vendi: _, ...measures } = report.measures;
    const baseline = parseBaseline(JSON.stringify({ ...report, measures }), 'before.json');
    const view = buildView(report, null, abouts, [], baseline);
    const lines = view.axes.flatMap(({ key, rest }) => [...key, ...rest]);
    const without = lines.filter(({ baseline: words }) => words === null).map(({ id }) => id);
    expect(without).toContain('vendi');
    expect(without.every((id) => id === 'vendi' || report.measures[id]!.value === null)).toBe(true);
    expect(view.against).toContain('beside the baseline before.json');
  });
});

test('what is no report of an audit is refused with what to give instead', () => {
  for (const text of ['', '{"schema":"gamut.compare/1"}', '[1]', 'null']) {
    expect(() => parseBaseline(text, 'x.json')).toThrow(
      '--baseline x.json is no report of an audit; give a file that gamut audit --json wrote.',
    );
  }
});
