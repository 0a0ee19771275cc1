import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { recipesReport } from '../../src/recipes/board.ts';
import { COMPONENTS, KNOWN } from '../../src/recipes/known.ts';
import { recordRun } from '../../src/recipes/record.ts';
import { type RecipeFile, readStore } from '../../src/recipes/store.ts';
import { recipesMarkdown, renderRecipes } from '../../src/report/recipes.ts';
import { fixtures } from '../data/helpers.ts';

const { path } = fixtures();

/** As much of a report as is read of it. */
const auditReport = (vendi: number, { rows = 100, model = 'use-lite', at = 0 } = {}): object => ({
  schema: 'gamut.report/1',
  gamut: '0.1.0',
  dataset: { rows, sources: [{ path: `made-${vendi}.jsonl` }] },
  embedder: { model, hash: `sha256:${model}`, prefix: '' },
  settings: { space: 'cosine', duplicateAt: 0.95, bandwidth: 1, seed: 3 },
  measures: {
    vendi: {
      ...{
        axis: 'diversity',
        more: 'more',
        value: vendi,
        interval: [vendi - 1, vendi + 1],
        n: rows,
      },
      ...(at === 0 ? {} : { size: { at: { n: at, value: vendi / 2 } } }),
    },
    'length.words': { axis: 'complexity', more: 'more', value: 30, interval: null, n: rows },
    perplexity: { axis: 'complexity', more: 'more', value: null, interval: null, n: rows },
    sampled: { axis: 'diversity', more: 'more', value: 3, interval: null, n: 50 },
  },
});

let count = 0;
const reportFile = (report: object): string =>
  path(`report-${count++}.json`, JSON.stringify(report));

describe('recipes', () => {
  test('say of every part what it is, and have no numbers of their own', () => {
    expect(new Set(KNOWN.map(({ id }) => id)).size).toBe(KNOWN.length);
    for (const { id, title, components, cite } of KNOWN) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect([title, cite].every((words) => words !== '')).toBe(true);
      for (const name of COMPONENTS) expect(components[name], id).not.toBe('');
    }
    const report = recipesReport({ schema: 'gamut.recipes/1', recipes: [], runs: [] });
    expect(report).toMatchObject({ board: null, apart: [] });
    expect(renderRecipes(report, 80)).toMatch(/^No run is recorded yet/);
    for (const line of renderRecipes(report, 80).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

describe('a run', () => {
  test('is kept in a file, and gives way to one of its name', async () => {
    const store = path('runs.json');
    await recordRun('alpaca', reportFile(auditReport(20)), { store, name: 'mine' });
    await recordRun('magpie', reportFile(auditReport(40)), { store });
    await recordRun('alpaca', reportFile(auditReport(30)), { store, name: 'mine' });
    const { runs } = await readStore(store);
    expect(runs.map(({ recipe, name, n }) => [recipe, name, n])).toEqual([
      ['magpie', 'made-40.jsonl', 100],
      ['alpaca', 'mine', 100],
    ]);
    // Neither what has no value nor what was measured on other rows.
    expect(Object.keys(runs[1]!.values)).toEqual(['vendi', 'length.words']);
    expect(runs[1]!.values.vendi).toEqual({
      ...{ axis: 'diversity', more: 'more', value: 30, interval: [29, 31] },
    });
  });

  test('is of the rows that --at asked for, where the audit has that', async () => {
    const store = path('at.json');
    const run = await recordRun('alpaca', reportFile(auditReport(20, { at: 50 })), { store });
    expect(run.n).toBe(50);
    expect(run.values.vendi).toMatchObject({ value: 10, interval: null });
  });

  test('may come from a comparison, by the name of its dataset', async () => {
    const comparison = {
      schema: 'gamut.compare/1',
      ...{ gamut: '0.1.0', n: 80, datasets: [{ name: 'a' }, { name: 'b' }], embedder: null },
      settings: { space: 'cosine', duplicateAt: 0.95, bandwidth: 1 },
      measures: {
        vendi: {
          ...{ axis: 'diversity', more: 'more' },
          values: [
            { value: 5, interval: null },
            { value: 7, interval: [6, 8] },
          ],
        },
      },
    };
    const store = path('compared.json');
    const file = reportFile(comparison);
    const run = await recordRun('star', file, { store, dataset: 'b' });
    expect(run).toMatchObject({ name: 'b', n: 80, values: { vendi: { value: 7 } } });
    await expect(recordRun('star', file, { store })).rejects.toThrow('--dataset: a, b');
  });

  test('of no known recipe is refused, unless the file describes it', async () => {
    const store = path('own.json');
    const report = reportFile(auditReport(20));
    await expect(recordRun('mine', report, { store })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining("There is no recipe 'mine' (self-instruct, alpaca"),
    });
    const components = Object.fromEntries(COMPONENTS.map((name) => [name, 'ours']));
    const recipes = [{ id: 'mine', title: 'Mine', components, cite: 'us' }];
    await writeFile(store, JSON.stringify({ schema: 'gamut.recipes/1', recipes, runs: [] }));
    await recordRun('mine', report, { store });
    const file = JSON.parse(await readFile(store, 'utf8')) as RecipeFile;
    expect(file.recipes).toEqual(recipes);
    expect(file.runs).toHaveLength(1);
  });

  test.each([
    ['what is no report', '{"schema":"other"}', /is no report of gamut audit/],
    ['what is no JSON', '{', /is no JSON/],
    ['a report without values', JSON.stringify({ ...auditReport(1), measures: {} }), /no measure/],
  ])('cannot come from %s', async (name, content, message) => {
    const store = path('bad.json');
    const file = path(`${name}.json`, content);
    await expect(recordRun('alpaca', file, { store })).rejects.toThrow(message);
    await expect(recordRun('alpaca', path('nowhere.json'), { store })).rejects.toThrow('Could not');
  });

  test.each([
    ['{"schema":"gamut.report/1"}', /is no file of recipes/],
    ['{"schema":"gamut.recipes/1","runs":[{}]}', /run 1 lacks/],
    ['{"schema":"gamut.recipes/1","recipes":[{"id":"x","title":"X"}]}', /needs components.seed/],
  ])('is not looked for in a broken file: %s', async (content, message) => {
    await expect(readStore(path('broken.json', content))).rejects.toThrow(message);
  });
});

describe('the leaderboard', () => {
  test('compares runs of one n, model and settings, and says why others stand apart', async () => {
    const store = path('board.json');
    await recordRun('alpaca', reportFile(auditReport(20)), { store });
    await recordRun('magpie', reportFile(auditReport(40)), { store });
    await recordRun('lima', reportFile(auditReport(60, { rows: 90 })), { store });
    await recordRun('gsm8k', reportFile(auditReport(10, { model: 'other' })), { store });
    const report = recipesReport(await readStore(store));
    expect(report.board).toMatchObject({ n: 100, columns: ['vendi', 'length.words'], by: 'vendi' });
    expect(report.board!.runs.map(({ recipe }) => recipe)).toEqual(['magpie', 'alpaca']);
    expect(report.apart.map(({ run, why }) => [run.recipe, why])).toEqual([
      ['lima', '90 rows, not 100'],
      ['gsm8k', 'model other, not use-lite'],
    ]);
    const markdown = recipesMarkdown(report);
    expect(markdown).toContain('| Magpie | `made-40.jsonl` | 40 (39.0 – 41.0) | 30 |');
    expect(markdown).toContain('- GSM8K');
    expect(renderRecipes(report, 80)).toContain('Runs at 100 rows (model use-lite)');
    expect(recipesReport(await readStore(store), 90).board!.runs).toHaveLength(1);
  });
});
