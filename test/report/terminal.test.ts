import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text.ts';
import { collapsedReport } from './fixture.ts';
import { HOSTILE } from './hostile.ts';
import { abouts } from './measured.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what must never reach a terminal
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const plain = { width: 80, colour: false };
const rendered = renderTerminal(collapsedReport(), abouts, plain);

describe('the terminal summary', () => {
  test('fits the width that it is given', () => {
    for (const width of [60, 80, 100]) {
      const text = renderTerminal(collapsedReport(), abouts, { width, colour: false });
      expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
    }
  });

  test('says what was read, then the findings, then the numbers', () => {
    const places = [
      '320 rows of text',
      '✗ problem',
      'Vendi score',
      'Recall',
      'Largest clusters',
    ].map((words) => rendered.indexOf(words));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('gives value, interval and reference of a measure in one line, its meaning below', () => {
    const lines = rendered.split('\n');
    const at = lines.findIndex((line) => line.startsWith('  Vendi score'));
    expect(lines[at]).toMatch(/12\.3 +11\.6 – 13\.1 +48\.1$/);
    expect(lines[at + 1]).toContain('vendi: How many fully different rows');
  });

  test('says which direction is better, and marks the measures that go the other way', () => {
    expect(rendered).toContain('higher is more diverse; where marked ↓, lower is');
    expect(rendered).toContain('Near-duplicates ↓');
  });

  test('leads with few numbers and says how many more there are', () => {
    const numbers = rendered.split('\n').filter((line) => /\d – \d/.test(line));
    expect(numbers.length).toBeLessThanOrEqual(25);
    expect(rendered).toContain('8 more measures');
    expect(rendered).toContain('4 skipped: quality.rules, mauve');
  });

  test('shows every measure that was asked for by name', () => {
    const report = collapsedReport();
    const named = { ...report, settings: { ...report.settings, measures: 'diameter,log-det' } };
    const text = renderTerminal(named, abouts, plain);
    expect(text).toContain('Diameter');
    expect(text).toContain('The rank of the covariance is below its dimensions.');
  });

  test('has escape sequences only where colour is asked for', () => {
    expect(rendered).not.toContain('\u001b');
    const coloured = renderTerminal(collapsedReport(), abouts, { width: 80, colour: true });
    expect(coloured).toContain('\u001b[31m✗ problem');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences themselves
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(rendered);
  });

  test('lets no row, name or path send anything to the terminal', () => {
    const report = collapsedReport();
    const attack = HOSTILE.join(' ');
    const text = renderTerminal(
      {
        ...report,
        dataset: { ...report.dataset, sources: [{ path: attack, format: 'csv', text: attack }] },
        findings: [{ level: 'notice', text: attack, evidence: [] }],
        warnings: [attack],
        skipped: [{ id: attack, why: attack }],
        clusters: report.clusters.map((cluster) => ({ ...cluster, words: [attack] })),
        uncovered: report.uncovered.map((region) => ({ ...region, name: attack })),
        nearestPairs: [
          {
            similarity: 1,
            identical: true,
            a: { id: attack, text: attack },
            b: { id: '1', text: attack },
          },
        ],
      },
      abouts,
      plain,
    );
    expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
  });

  test('leaves out what there is nothing to say about', () => {
    const report = collapsedReport();
    const bare = renderTerminal(
      {
        ...report,
        reference: null,
        embedder: null,
        findings: [],
        warnings: [],
        skipped: [],
        clusters: [],
        uncovered: [],
        nearestPairs: [],
        measures: {},
        why: { ...report.why, influence: null, templates: [], openings: [] },
      },
      abouts,
      plain,
    );
    expect(bare.trimEnd().split('\n')).toHaveLength(4);
    expect(bare).toContain('vectors as given');
  });
});
