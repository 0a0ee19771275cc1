import { describe, expect, test } from 'vitest';
import { renderJunit } from '../../src/report/junit.ts';
import { collapsedReport } from './fixture.ts';
import { HOSTILE } from './hostile.ts';
import { abouts } from './measured.ts';
import { expectWellFormed } from './well-formed.ts';

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
    expectWellFormed(renderJunit({ ...collapsedReport(), findings }, abouts));
  });
});
