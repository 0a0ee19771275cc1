import { describe, expect, test } from 'vitest';
import { renderJunit } from '../../src/report/junit.ts';
import { abouts, collapsedReport, HOSTILE } from './fixture.ts';

describe('the report as JUnit XML', () => {
  test('fails for problems, skips what has no value, counts both', () => {
    const text = renderJunit(collapsedReport(), abouts);
    expect(text).toContain(
      '<testsuite name="gamut findings" tests="4" failures="2" errors="0" skipped="0">',
    );
    expect(text).toContain(
      '<testsuite name="gamut measures" tests="17" failures="0" errors="0" skipped="1">',
    );
    expect(text).toContain(
      '<skipped message="The rank of the covariance is below its dimensions."/>',
    );
    expect(text).toContain('Vendi score: 12.3, 95 % interval 11.6 – 13.1 (higher is more diverse)');
  });

  test('is well formed whatever a dataset says', () => {
    const findings = HOSTILE.map((text) => ({ level: 'problem' as const, text, evidence: [text] }));
    const text = renderJunit({ ...collapsedReport(), findings }, abouts);
    const open: string[] = [];
    for (const [, close, name, empty] of text.matchAll(/<(\/?)([a-z-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name!);
    }
    expect(open).toEqual([]);
    const left = text.replace(/<\?xml[^>]*>|<\/?[a-z-]+(?:\s+[a-z]+="[^"<]*")*\/?>/g, '');
    expect(left).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  });
});
