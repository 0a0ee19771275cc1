import { expect, test } from 'vitest';
import type { Report } from '../../src/audit/report.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { fillerWords, sharedForms, withoutWords } from '../../src/report/why.ts';
import { collapsedReport } from './fixture.ts';
import { abouts } from './measured.ts';

const report = collapsedReport();
const terminal = (of: Report): string =>
  renderTerminal(of, abouts, { width: 80, colour: false }).replaceAll('\u202f', ' ');
const nothing: Report = {
  ...report,
  why: { ...report.why, influence: null, templates: [], openings: [], outliers: null },
};

test('what to remove is duplicates first, then the rows that add least', () => {
  expect(withoutWords(report, 'remove').map(({ vendi }) => vendi)).toEqual(['16.9', '15.2']);
  const [copies, least] = withoutWords(report, 'remove').map(({ words }) => words);
  expect(copies!.replaceAll('\u202f', ' ')).toBe(
    'without 121 rows (38 %) that nearly repeat another, one row of each of 25 groups kept',
  );
  expect(least).toMatch(/^without 32 rows \(10.%\) that add least$/);
  expect(withoutWords(report, 'carry')[0]!.words).toMatch(/that add most$/);
  expect(withoutWords(nothing, 'remove')).toEqual([]);
});

test('one row is one row', () => {
  const { why } = report;
  const one = { what: 'duplicates' as const, rows: 1, share: 1 / 320, vendi: 12.4 };
  const duplicates = { ...why.duplicates, at: null, groupCount: 1 };
  const [told] = withoutWords(
    { ...report, why: { ...why, duplicates, influence: { ...why.influence!, without: [one] } } },
    'remove',
  );
  expect(told!.words).toMatch(
    /^without 1 row \(.*\) that equals another, one row of each of 1 group kept$/,
  );
});

test('templates and openings are one list, each text once', () => {
  const [template] = report.why.templates;
  const openings = [template!, ...report.why.openings];
  const forms = sharedForms({ ...report, why: { ...report.why, openings } });
  expect(forms.map(({ text }) => text)).toEqual(['Give ___ tips for ___.', 'Write a ___']);
  expect(fillerWords(template!)).toBe('staying healthy and 63 more');
  expect(fillerWords({ ...template!, slots: [] })).toBeNull();
});

test('the terminal says in a few lines what to remove, what carries and how lines begin', () => {
  const text = terminal(report);
  expect(text).toContain('What to remove (Vendi score, now 12.3)');
  expect(text).toMatch(/^ +16\.9 {2}without 121 rows \(38 %\) that nearly repeat another/m);
  expect(text).toContain('What carries the diversity');
  expect(text).toMatch(/^ +25 % {2}Give ___ tips for ___\. {2}staying healthy and 63 more$/m);
  expect(terminal(nothing)).not.toMatch(/What to remove|carries|How lines begin/);
});

test('Markdown has the same with more rows, lists behind a line to click', () => {
  const text = renderMarkdown(report, abouts).replaceAll('\u202f', ' ');
  expect(text).toContain('## What to remove, what carries the diversity');
  expect(text).toContain('- **16.9** without 121 rows (38 %)');
  expect(text).toContain('<details><summary>How lines begin</summary>');
  expect(text).toContain('`Give ___ tips for ___.`');
  expect(text).toContain('<details><summary>Rows far from everything</summary>');
  expect(renderMarkdown(nothing, abouts)).not.toMatch(/What to remove|How lines begin|far from/);
});
