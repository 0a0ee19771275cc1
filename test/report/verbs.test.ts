import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AttributeReport } from '../../src/attribute/report.ts';
import type { CompareReport } from '../../src/compare/report.ts';
import type { About } from '../../src/measures/measure.ts';
import {
  writeAttributionFigures,
  writeTrackFigures,
} from '../../src/report/figures/report-files.ts';
import {
  renderAttributionJunit,
  renderComparisonJunit,
  renderTrackJunit,
} from '../../src/report/verb-junit.ts';
import {
  renderAttributionMarkdown,
  renderComparisonMarkdown,
  renderTrackMarkdown,
} from '../../src/report/verb-markdown.ts';
import type { TrackReport } from '../../src/track/report.ts';
import { fixtures } from '../data/helpers.ts';
import { hostileReports } from './verb-reports.ts';
import { expectOwnTags, expectWellFormed, expectWholeTables } from './well-formed.ts';

const { path } = fixtures();

describe('the reports of track, attribute and compare beside their pages', () => {
  let tracked: TrackReport;
  let attributed: AttributeReport;
  let compared: CompareReport;
  let about: Readonly<Record<string, About>>;
  beforeAll(async () => {
    const found = await hostileReports(path(''));
    ({ tracked, attributed, about } = found);
    compared = await found.compared();
  }, 120_000);

  test('are Markdown: findings first, then tables, and no markup but its own', () => {
    const rounds = renderTrackMarkdown(tracked, about);
    const effects = renderAttributionMarkdown(attributed, about);
    expect(rounds).toMatch(/^# gamut track: 2 rounds at 48 rows each\n/);
    expect(rounds).toContain('## New and forgotten');
    expect(rounds).toContain('| Measure | 0 &lt;b&gt;first | 1 &lt;b&gt;later |');
    expect(effects).toContain('## What moves what');
    const sides = renderComparisonMarkdown(compared, null, about);
    expect(sides).toContain('## Mixtures');
    for (const text of [rounds, effects, sides]) {
      expect(text.indexOf('\n- **')).toBeLessThan(text.indexOf('\n|'));
      expect(text).toMatch(/Vendi score \(vendi\) \| [\d.]+/);
      expectWholeTables(text);
      expectOwnTags(text);
      // Nothing is said of drawings that are not there.
      expect(text).not.toMatch(/^Below|Below,|large dots|Bars are|stroke/m);
    }
  });

  test('are JUnit XML, in which a collapse is the one failed test', () => {
    const collapse = { round: 1, measures: ['vendi'], vendi: null };
    const failed = (text: string): number => text.match(/<failure /g)?.length ?? 0;
    const collapsed = renderTrackJunit({ ...tracked, collapse }, about);
    const effects = renderAttributionJunit(attributed, about);
    expect(failed(collapsed)).toBe(1);
    expect(collapsed).toContain('<failure message="Collapse: from round 1');
    expect(failed(renderTrackJunit({ ...tracked, collapse: null }, about))).toBe(0);
    expect(collapsed).toContain('Vendi score by round: round 0 ');
    expect(effects).toContain('Effects on Vendi score: ');
    const sides = renderComparisonJunit(compared, null, about);
    expect(sides).toContain('Vendi score, higher is more diverse: ');
    for (const text of [collapsed, effects, sides]) {
      const count = Object.keys(tracked.measures).length;
      expect(text).toContain(`<testsuite name="gamut measures" tests="${count}"`);
      expectWellFormed(text);
    }
  });

  test('are figures, the measures of an axis on one sheet', async () => {
    const written = async (name: string): Promise<string[]> =>
      (await readdir(path(name))).filter((file) => file.endsWith('.svg')).toSorted();
    const count = await writeTrackFigures(path('rounds'), tracked, about, 'light');
    await writeAttributionFigures(path('effects'), attributed, about, 'dark');
    const axes = ['axis-complexity.svg', 'axis-diversity.svg', 'axis-quality-rules.svg'];
    expect(await written('rounds')).toEqual(expect.arrayContaining([...axes, 'territory.svg']));
    expect(await written('effects')).toEqual(expect.arrayContaining([...axes, 'variances.svg']));
    expect(await written('rounds')).toHaveLength(count);
    expect(await readdir(path('rounds'))).toContain('territory.png');
  });
});
