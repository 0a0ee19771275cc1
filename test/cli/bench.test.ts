import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchReport, SensitivityReport } from '../../src/bench/report.ts';
import { tinyModel, writeOnnxModel, writeStaticModel } from '../support/models.ts';
import { makePlace, type Place, writeTexts, writeVectors } from './gamut.ts';

/** The words of `writeTexts`, and its numbers are unknown. */
const WORDS =
  'river lamp seven cloud bread engine quiet paper storm violet market glass winter tiger copper song'.split(
    ' ',
  );
const SHORT = ['--seconds', '0.05', '--repeats', '3', '--rows', '40'];

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeStaticModel(place.at('one'), tinyModel(WORDS, 8, 1));
  await writeOnnxModel(place.at('other'), tinyModel(WORDS, 8, 2));
  await writeTexts(place.at('a.jsonl'), 40, 12);
  await writeTexts(place.at('b.jsonl'), 50, 3);
  await writeVectors(place.at('v.npy'));
});
afterAll(() => place.remove());

describe('gamut bench', () => {
  test('says what embedders cost and what becomes of conclusions, and writes what was asked for', async () => {
    const files = ['t.csv', 't.md', 't.svg', 't.png'].flatMap((name) => ['-o', name]);
    const data = ['a.jsonl', 'b.jsonl', '--models', 'one,other', '--labels', 'topic'];
    const loads = ['--batches', '1,16', '--lengths', 'own,20'];
    const args = ['bench', ...data, ...loads, ...SHORT, ...files, '--json', 'r.json'];
    const { code, stdout, stderr } = await place.gamut(args);
    expect([code, stderr.includes('wrote t.png')]).toEqual([0, true]);
    expect(stdout).toContain('beside one');
    // In a pipe lines are as wide as a terminal of 80; the table comes in parts then.
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout.match(/^embedder +batch +words /gmu)!.length).toBeGreaterThan(1);
    const report = JSON.parse(await readFile(place.at('r.json'), 'utf8')) as BenchReport;
    expect(report).toMatchObject({ schema: 'gamut.bench/1', baseline: 'one', skipped: [] });
    expect(report.datasets.map(({ rows, of }) => [rows, of])).toEqual([
      [40, 40],
      [40, 50],
    ]);
    for (const { timings, task, measures } of report.setups) {
      expect(timings.map(({ batch, length }) => [batch, length])).toEqual([
        [1, 'own'],
        [16, 'own'],
        [1, 20],
        [16, 20],
      ]);
      for (const timing of timings) {
        expect(timing.rowsPerSecond.values).toHaveLength(3);
        expect(timing.latency.p99).toBeGreaterThanOrEqual(timing.latency.p50);
        expect(timing.peakBytes).toBeGreaterThanOrEqual(timing.startBytes);
      }
      expect(task!.knnAccuracy).toBeGreaterThanOrEqual(0);
      expect(measures[0]!.vendi!.value).toBeGreaterThan(1);
    }
    expect(report.setups[0]!.agreement).toBeNull();
    // A table of vectors runs on no device; a model's session waits while texts are tokenised.
    const waits = report.setups.map(({ timings }) => timings.map((each) => each.waitingShare));
    expect(waits[0]).toEqual([null, null, null, null]);
    for (const share of waits[1]!) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    }
    expect(report.setups[1]!.agreement!.neighbours).toBeLessThan(1);
    expect((await readFile(place.at('t.csv'), 'utf8')).trim().split('\n')).toHaveLength(9);
    expect(await readFile(place.at('t.md'), 'utf8')).toContain('| embedder |');
    expect(await readFile(place.at('t.svg'), 'utf8')).toContain('<circle');
    // What an interrupted run would go on from is gone when a run is done.
    expect(await readdir(join(place.cache, 'bench')).catch(() => [])).toEqual([]);
    expect(existsSync(place.at('t.png'))).toBe(true);
  });

  test('finds that a model agrees with itself and keeps every conclusion', async () => {
    const twin = ['--models', `one,${place.at('one')}`];
    const args = [
      'bench',
      'a.jsonl',
      'b.jsonl',
      ...twin,
      ...SHORT,
      '--batches',
      '8',
      '--json',
      '-',
    ];
    const { code, stdout } = await place.gamut(args);
    expect(code).toBe(0);
    const { agreement, conclusions } = (JSON.parse(stdout) as BenchReport).setups[1]!;
    expect(agreement).toMatchObject({ neighbours: 1, clusters: 1 });
    expect(agreement!.similarity).toBeCloseTo(1, 12);
    expect(conclusions).toMatchObject({ kept: conclusions!.decided, swapped: [], lost: [] });
    expect(conclusions!.within).toBe(conclusions!.measured);
  });

  test('leaves out what cannot be opened and says why; the baseline must be there', async () => {
    const args = ['bench', 'a.jsonl', '--models', 'one,missing', ...SHORT, '--batches', '8'];
    const { code, stdout } = await place.gamut(args);
    expect([code, stdout.includes('missing was left out: There is no model')]).toEqual([0, true]);
    const without = await place.gamut([...args, '--baseline', 'missing']);
    expect([without.code, without.stderr.includes("no model 'missing'")]).toEqual([2, true]);
  });

  test.each([
    [['v.npy'], 'holds vectors'],
    [['a.jsonl', '--pair', 'text'], '--pair and --score go together'],
    [['a.jsonl', '--labels', 'nothing'], "has no 'nothing'"],
    [['a.jsonl', '--measures', 'distinct-1'], 'reads no vectors'],
    [['a.jsonl', '-o', 'table.xlsx'], 'the ending says the format'],
    [['a.jsonl', '--batches', '0'], 'whole number from 1'],
    [['a.jsonl', '--devices', 'abacus'], 'is none of cpu'],
  ])('refuses %j', async (args, why) => {
    const { code, stderr } = await place.gamut(['bench', ...args, '--models', 'one,other']);
    expect(code).toBe(2);
    expect(stderr.replaceAll('\n', ' ')).toContain(why);
  });
});

describe('gamut sensitivity', () => {
  test('says which measures depend on the embedder', async () => {
    const args = ['sensitivity', 'a.jsonl', 'b.jsonl', '--models', 'one,other', '--rows', '40'];
    const { code, stdout } = await place.gamut([...args, '--json', '-', '-o', 's.md']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as SensitivityReport;
    expect(report.schema).toBe('gamut.sensitivity/1');
    expect(report.robustness.map(({ measure }) => measure)).toContain('vendi');
    for (const { decided, unanimous, contradicted } of report.robustness) {
      expect(unanimous + contradicted.length).toBeLessThanOrEqual(decided);
    }
    expect(report.similarity[0]![0]).toBeCloseTo(1, 12);
    expect(report.similarity[0]![1]).toBe(report.similarity[1]![0]);
    expect(await readFile(place.at('s.md'), 'utf8')).toContain('| measure |');
    const again = await place.gamut([...args, '--json', '-']);
    expect(again.stdout).toBe(stdout);
  });

  test('needs two embedders', async () => {
    const { code, stderr } = await place.gamut(['sensitivity', 'a.jsonl', '--models', 'one']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('name two or more with --models')]);
  });
});
