import { describe, expect, test } from 'vitest';
import { code, escaped, renderMarkdown } from '../../src/report/markdown.ts';
import { abouts, collapsedReport, HOSTILE } from './fixture.ts';

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
    const lines = renderMarkdown(collapsedReport(), abouts).split('\n');
    let width = 0;
    for (const line of lines) {
      const cells = line.startsWith('|') ? line.replaceAll('\\|', '').split('|').length : 0;
      if (cells > 0 && width > 0) expect(cells).toBe(width);
      width = cells;
    }
  });

  test('has no tag but its own', () => {
    const report = collapsedReport();
    const findings = HOSTILE.map((text) => ({ level: 'notice' as const, text, evidence: [text] }));
    const text = renderMarkdown({ ...report, findings, warnings: HOSTILE }, abouts);
    const outside = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    const tags = [...outside.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    expect(new Set(tags)).toEqual(
      new Set(['<details>', '<summary>', '</summary>', '</details>', '<sub>', '</sub>']),
    );
  });

  test('calls nobody and links nowhere', () => {
    expect(escaped('@someone fixes #12 [x](y)')).toBe(
      '@\u2060someone fixes \\#\u206012 \\[x\\](y)',
    );
    expect(escaped('1. first')).toBe('1\u2060. first');
    expect(escaped('320 rows (13 %)')).toBe('320 rows (13 %)');
    expect(escaped('see https://a.example')).toBe('see https:\u2060//a.example');
  });

  test('quotes backticks with more of them', () => {
    expect(code('a `b` | c')).toBe('`` a `b` \\| c ``');
  });
});
