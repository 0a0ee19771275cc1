import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attribute } from '../../src/attribute/attribute.ts';
import { random } from '../../src/base/random.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import { renderAttribution } from '../../src/report/attribute.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-attribute-'));
  file = join(folder, 'rows.jsonl');
  const uniform = random(5);
  const rows = Array.from({ length: 160 }, (_, i) => {
    const model = i % 2 === 0 ? 'plain' : 'rich';
    const words = model === 'rich' ? 80 : 12;
    const text = Array.from({ length: 14 }, () => `w${Math.floor(uniform() * words)}`).join(' ');
    const odd = i % 40 === 0 ? 'rare' : i % 3 === 0 ? 'yes' : 'no';
    return {
      text,
      model,
      odd,
      same: 'x',
      twin: model,
      shift: Math.floor(i / 2) % 2 === 0 ? 'day' : 'night',
    };
  });
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const measures = 'distinct-1,distinct-2';

test('what moved a number is found, and what did not is not', async () => {
  const report = await attribute(file, { factors: ['model', 'shift'], measures });
  expect(report).toMatchObject({ schema: 'gamut.attribute/1', n: 40, balanced: true });
  expect(report.cells.map(({ levels }) => levels.join())).toEqual([
    'plain,day',
    'plain,night',
    'rich,day',
    'rich,night',
  ]);
  const [model, shift, both] = report.measures['distinct-2']!.effects;
  expect(model!.factors).toEqual(['model']);
  expect(model!.corrected!).toBeLessThan(0.001);
  expect(model!.levels[1]!.effect).toBeGreaterThan(0);
  expect(shift!.corrected!).toBeGreaterThan(0.05);
  expect(both!.corrected!).toBeGreaterThan(0.05);
  expect(model!.share).toBeGreaterThan(0.9);
  const [byModel, byShift] = report.groups;
  expect(byModel!.between).toBeGreaterThanOrEqual(1);
  expect(byShift!.between).toBeLessThan(2);
  const about = aboutOf(Object.keys(report.measures));
  for (const width of [60, 100]) {
    const lines = renderAttribution(report, about, width).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test('two names for one thing are confounded', async () => {
  const report = await attribute(file, { factors: ['model', 'twin'], measures });
  expect(report.balanced).toBe(false);
  expect(report.measures['distinct-1']!.effects).toEqual([]);
  expect(report.warnings.join()).toContain('model is confounded with twin: they change together');
  expect(report.warnings.join()).toContain('twin is confounded with model');
});

test('columns that cannot be factors are refused', async () => {
  const run = (factors: string[]) => attribute(file, { factors, measures });
  await expect(run([])).rejects.toThrow('--factors is empty');
  await expect(run(['model', 'model'])).rejects.toThrow('twice');
  await expect(run(['none'])).rejects.toThrow(/no value in a column 'none' .* --factors/);
  await expect(run(['text'])).rejects.toThrow(/No combination of text has 16 rows; .* has 1\./);
  await expect(run(['model', 'same'])).rejects.toThrow(
    "'same' has one value only (x), so it can have no effect; leave it out of --factors",
  );
});

test('combinations of a few rows are left out, and that is said', async () => {
  const report = await attribute(file, { factors: ['model', 'odd'], measures });
  expect(report.factors[1]!.levels).toEqual(['no', 'yes']);
  expect(report.cells.map(({ levels }) => levels.join())).toEqual([
    'plain,no',
    'plain,yes',
    'rich,no',
    'rich,yes',
  ]);
  expect(report.warnings[0]).toBe(
    '1 combination with fewer than 16 rows was left out, 4 rows in all: plain, rare (4).',
  );
});
