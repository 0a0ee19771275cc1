import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/audit/report.ts';
import { packagePath } from '../../src/base/package.ts';
import type { ScorerReport } from '../../src/engine/scoring.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import { baselineWords, parseBaseline, READERS } from '../../src/report/baseline.ts';
import { buildView } from '../../src/report/html/build-view.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { collapsedReport } from './fixture.ts';
import { abouts } from './measured.ts';

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

type Change = Partial<Omit<Report, 'settings'>> & {
  readonly settings?: Partial<Report['settings']>;
};

/** Why a measure, the same in both, is not compared with that of a report made otherwise; '' where it is. */
function refusal(id: string, then: Change, now: Change = {}): string {
  const measures = { [id]: report.measures.vendi! };
  const made = ({ settings, ...rest }: Change): Report => ({
    ...{ ...report, ...rest, measures },
    settings: { ...report.settings, ...settings },
  });
  const baseline = parseBaseline(JSON.stringify(made({ ...now, ...then })), 'before.json');
  const words = baselineWords(id, measures[id]!, baseline, made(now), findMeasure(id));
  return /not compared, for it is of (.*)\.$/.exec(words!)?.[1] ?? '';
}

describe('a number beside that of an earlier report', () => {
  test('is more or less of its axis where intervals say so, and no more than chance where not', () => {
    expect(said({ value: 20, interval: [19, 21] })).toBe(
      'Less diverse than the baseline (20, 19.0 – 21.0), by more than chance.',
    );
    expect(said({ value: 5, interval: [4, 6] })).toContain('More diverse than the baseline');
    expect(said({ value: 12.9, interval: [12, 13.8] })).toContain('than chance explains');
    expect(said({})).toContain('than chance explains');
    // Two intervals of no width say nothing of how far either may be off.
    const sure = (value: number): Report['measures'][string] => ({
      ...report.measures.vendi!,
      ...{ value, interval: [value, value] },
    });
    const before = parseBaseline(
      JSON.stringify({ ...report, measures: { vendi: sure(12) } }),
      'before.json',
    );
    expect(baselineWords('vendi', sure(20), before, report, abouts.vendi)).toContain(
      'than chance explains',
    );
  });

  test('is not compared at another number of rows, or without an interval', () => {
    expect(said({ n: 1000 })).toContain('at 1000 rows: it moves with the rows');
    expect(said({ value: 3, interval: null })).toContain('cannot be told from chance');
    expect(said({ value: null })).toBeNull();
  });

  const embedder = report.embedder!;
  const dataset = report.dataset;
  const reference = report.reference!;
  const asked = { answer: 'final', truth: 'gold', prompt: null, match: 'auto' } as const;

  test.each<readonly [id: string, refusal: string, then: Change]>([
    ['distinct-2', 'another version of gamut', { gamut: '0.0.9' }],
    ['vendi', 'other vectors', { embedder: { ...embedder, hash: 'another' } }],
    ['vendi', 'other vectors', { embedder: null }],
    ['vendi', 'other vectors', { embedder: { ...embedder, dims: 256 } }],
    ['vendi', 'other vectors', { embedder: { ...embedder, prefix: 'query: ' } }],
    ['vendi', 'other vectors', { embedder: { ...embedder, pooling: 'cls' } }],
    ['vendi', 'other vectors', { embedder: { ...embedder, dtype: 'q8' } }],
    [
      'vendi',
      'other vectors',
      { dataset: { ...dataset, long: { ...dataset.long!, treatment: 'truncate' } } },
    ],
    ['cell-coverage', 'other vectors', { embedder: { ...embedder, hash: 'another' } }],
    ['qd-score', 'other vectors', { embedder: { ...embedder, hash: 'another' } }],
    ['pareto', 'other vectors', { embedder: { ...embedder, hash: 'another' } }],
    ['length.tokens', 'other tokens', { embedder: { ...embedder, hash: 'another' } }],
    ['magnitude', 'another space', { settings: { space: 'euclidean' } }],
    ['near-duplicates', 'another --duplicate-at', { settings: { duplicateAt: 0.9 } }],
    ['vendi.rbf', 'another --bandwidth', { settings: { bandwidth: 2 } }],
    ['mauve', 'another --buckets', { settings: { buckets: 50 } }],
    ['silhouette', 'other clusters', { settings: { clusters: { k: 9, source: 'found' } } }],
    ['qd-score', 'other clusters', { settings: { clusters: { k: 9, source: 'found' } } }],
    ['coverage', 'another reference', { reference: { ...reference, rows: 300 } }],
    ['surprisal', 'another reference', { reference: { ...reference, sources: dataset.sources } }],
    [
      'kid',
      'another reference',
      { reference: { ...reference, tokens: { mean: 50, median: 49, max: 126 } } },
    ],
    ['qd-score', 'another --quality', { settings: { quality: 'score' } }],
    ['archive-coverage', 'other --cells', { settings: { cells: 'clusters' } }],
    ['pareto', 'another --pareto', { settings: { pareto: 'score,length.words' } }],
    ['correct', 'other answers', { settings: { answers: asked } }],
  ])('%s is not compared with one of %s', (id, words, then) => {
    expect(refusal(id, then)).toBe(words);
    expect(refusal(id, {})).toBe('');
  });

  test('of a model that reads the rows is compared with one of that model only', () => {
    const scorer: ScorerReport = {
      ...{ name: 'small', source: 'small', revision: '1', licence: 'MIT', hash: 'sha256:1' },
      ...{ dtype: 'fp32', device: 'cpu', maxTokens: 512 },
      role: 'language model',
      measures: ['perplexity', 'ifd'],
    };
    const now = { scorers: [scorer] };
    const words = 'another model that reads the rows';
    expect(refusal('perplexity', {}, now)).toBe('');
    const others: Partial<ScorerReport>[] = [{ hash: 'sha256:2' }, { dtype: 'q8' }, { chat: true }];
    for (const other of others) {
      expect(refusal('perplexity', { scorers: [{ ...scorer, ...other }] }, now)).toBe(words);
    }
    expect(refusal('vendi', { scorers: [] }, now)).toBe('');
  });

  test('is compared where what differs is nothing to it', () => {
    const other = { embedder: { ...embedder, hash: 'another' }, reference: null };
    const settings: Partial<Report['settings']> = {
      space: 'euclidean',
      ...{ duplicateAt: 0.9, bandwidth: 2, buckets: 7, quality: 'score' },
      ...{ cells: 'topic', pareto: 'a,b', answers: asked, clusters: null },
    };
    for (const id of ['distinct-2', 'quality.rules', 'chao.rows', 'quality:score', 'readability']) {
      expect(refusal(id, { ...other, settings })).toBe('');
    }
    expect(refusal('vendi', { settings, reference: null })).toBe('');
    expect(
      refusal('archive-coverage', other, { reference: null, settings: { cells: 'topic' } }),
    ).toBe('');
    const labels = (k: number): Change => ({ settings: { clusters: { k, source: 'given' } } });
    expect(refusal('chao.labels', { ...other, ...labels(9) }, labels(8))).toBe('');
  });

  test('knows every measure that reads a setting', async () => {
    const files = await readdir(packagePath('src', 'measures'), { recursive: true });
    const sources = await Promise.all(
      files
        .filter((name) => name.includes('/') && name.endsWith('.ts'))
        .map((name) => readFile(packagePath('src', 'measures', name), 'utf8')),
    );
    for (const [setting, { ids }] of Object.entries(READERS)) {
      const reads = new RegExp(`settings\\.${setting}\\b|\\b${setting}\\b.*= context`);
      const declares = (id: string): RegExp =>
        new RegExp(`^ +(?:'${id}'|${id}): (?:\\{|about\\()`, 'm');
      const readers = sources.filter((source) => reads.test(source));
      expect(readers.length).toBeGreaterThan(0);
      expect(readers).toEqual(
        sources.filter((source) => ids.some((id) => declares(id).test(source))),
      );
    }
  });

  test('stands on the terminal and in Markdown beside the number', () => {
    const vendi = { ...report.measures.vendi!, value: 20, interval: [19, 21] };
    const before = { ...report, measures: { vendi } };
    const baseline = parseBaseline(JSON.stringify(before), 'before.json');
    const words = 'Less diverse than the baseline (20, 19.0 – 21.0), by more than chance.';
    const text = renderTerminal(report, abouts, { width: 80, colour: false, baseline });
    expect(text.replace(/\s+/g, ' ')).toContain(words);
    expect(text).toContain('beside the baseline before.json');
    const lines = renderMarkdown(report, abouts, baseline).split('\n');
    expect(lines.find((line) => line.includes('| Vendi score `vendi` |'))).toContain(
      `| ${words} |`,
    );
    expect(lines.find((line) => line.includes(' `mean-distance` |'))).toContain('| – |');
    const cells = lines
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split(' | ').length);
    expect(new Set(cells.slice(0, 4)).size).toBe(1);
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
  const measure = report.measures.vendi!;
  const broken = [
    ...[{ measures: null }, { settings: null }, { dataset: [] }, { embedder: 'use-lite' }],
    { scorers: {} },
    ...[
      { ...measure, interval: undefined },
      { ...measure, interval: [1] },
      { ...measure, interval: [1, null] },
      { ...measure, value: '12.3' },
      { ...measure, n: undefined },
      null,
    ].map((vendi) => ({ measures: { vendi } })),
  ].map((change) => JSON.stringify({ ...report, ...change }));
  for (const text of ['', '{"schema":"gamut.compare/1"}', '[1]', 'null', ...broken]) {
    expect(() => parseBaseline(text, 'x.json')).toThrow(
      '--baseline x.json is no report of an audit; give a file that gamut audit --json wrote.',
    );
  }
});
