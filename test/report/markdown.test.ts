import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { code, escaped } from '../../src/report/markdown-parts.ts';
import { collapsedReport } from './fixture.ts';
import { HOSTILE } from './hostile.ts';
import { abouts } from './measured.ts';
import { expectOwnTags, expectWholeTables } from './well-formed.ts';

describe('the report as Markdown', () => {
  test('leads with the findings, then the numbers', () => {
    const text = renderMarkdown(collapsedReport(), abouts);
    expect(text).toMatch(/^# collapsed\.jsonl\n/);
    expect(text).toContain('- **✗ problem** The set is as varied as 12 fully different rows');
    expect(text).toContain('| Vendi score `vendi` | **12.3** | 11.6 – 13.1 | 48.1 |');
    expect(text.indexOf('problem')).toBeLessThan(text.indexOf('## Diversity'));
    expect(text).toContain('## Missing from the dataset');
    expect(text.endsWith('</sub>\n')).toBe(true);
  });

  test('has as many cells in every line of a table, whatever rows say', () => {
    expectWholeTables(renderMarkdown(collapsedReport(), abouts));
  });

  test('has no tag but its own', () => {
    const report = collapsedReport();
    const findings = HOSTILE.map((text) => ({ level: 'notice' as const, text, evidence: [text] }));
    expectOwnTags(renderMarkdown({ ...report, findings, warnings: HOSTILE }, abouts));
  });

  test('calls nobody and links nowhere', () => {
    expect(escaped('@someone fixes #12 [x](y)')).toBe(
      '@\u2060someone fixes \\#\u206012 \\[x\\](y)',
    );
    expect(escaped('1. first')).toBe('1\u2060. first');
    expect(escaped('1.25')).toBe('1.25');
    expect(escaped('320 rows (13 %)')).toBe('320 rows (13 %)');
    expect(escaped('see https://a.example')).toBe('see https:\u2060//a.example');
  });

  test('quotes backticks with more of them', () => {
    expect(code('a `b` | c')).toBe('`` a `b` \\| c ``');
  });
});
