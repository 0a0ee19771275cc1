import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { type CompareOptions, compare } from '../../src/compare/compare.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import { renderComparison } from '../../src/report/compare.ts';
import { renderComparisonHtml } from '../../src/report/compare-html.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const DIMS = 8;
const SOME: CompareOptions = { measures: 'vendi,mean-distance,effective-clusters', map: false };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-compare-'));
  const write = (name: string, rows: Float32Array): Promise<void> =>
    writeNpy(at(name), vectorsOf(rows, DIMS));
  await write('wide.npy', gaussianRows(160, DIMS, 1));
  await write('again.npy', gaussianRows(160, DIMS, 1));
  await write('fresh.npy', gaussianRows(400, DIMS, 2));
  await write('narrow.npy', clusteredRows(160, DIMS, 2, 0.2, 3));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (names: readonly string[], options: CompareOptions = SOME) =>
  (await compare(names.map(at), options)).report;

describe('datasets side by side', () => {
  test('the narrow one is shown to be less diverse, the fresh draw is not', async () => {
    const report = await run(['wide.npy', 'fresh.npy', 'narrow.npy']);
    expect(report.schema).toBe('gamut.compare/1');
    expect(report.datasets.map(({ name, rows }) => [name, rows])).toEqual([
      ['wide', 160],
      ['fresh', 400],
      ['narrow', 160],
    ]);
    expect(report.n).toBe(160);
    for (const id of ['vendi', 'mean-distance']) {
      const { pairs, ranks, values } = report.measures[id]!;
      expect(pairs.map(({ a, b, verdict }) => [a, b, verdict])).toEqual([
        [0, 1, null],
        [0, 2, 'more'],
        [1, 2, 'more'],
      ]);
      expect(ranks[2]).toBe(3);
      for (const { value, interval, n } of values) {
        expect(n).toBe(160);
        expect(interval![0]).toBeLessThanOrEqual(value!);
        expect(interval![1]).toBeGreaterThanOrEqual(value!);
      }
    }
    expect(report.rankings[0]!.order.at(-1)).toMatchObject({ dataset: 2, more: 0 });
  });

  test('equal datasets have equal numbers, and a mixture of the two is either', async () => {
    const { measures, union } = await run(['wide.npy', 'again.npy']);
    for (const { values, pairs, ranks } of Object.values(measures)) {
      expect(values[0]).toEqual(values[1]);
      expect(pairs[0]).toMatchObject({ difference: 0, verdict: null });
      expect(ranks).toEqual([1.5, 1.5]);
    }
    expect(union.pairs[0]!.mixed).toBeCloseTo(union.alone[0]!, 9);
    expect(union.pairs[0]!.union).toBeCloseTo(union.alone[0]!, 9);
  });

  test('do not depend on their order', async () => {
    const one = await run(['wide.npy', 'narrow.npy']);
    const other = await run(['narrow.npy', 'wide.npy']);
    for (const id of ['vendi', 'mean-distance']) {
      expect(other.measures[id]!.values).toEqual(one.measures[id]!.values.toReversed());
      const { difference, p } = one.measures[id]!.pairs[0]!;
      expect(other.measures[id]!.pairs[0]).toMatchObject({ difference: -difference, p });
    }
  });

  test('two runs give the same bytes', async () => {
    const [a, b] = [await run(['wide.npy', 'fresh.npy']), await run(['wide.npy', 'fresh.npy'])];
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });

  test('more rows at the same n narrow the interval', async () => {
    const { measures } = await run(['wide.npy', 'fresh.npy'], { ...SOME, at: 60 });
    const width = (i: number): number => {
      const [low, high] = measures.vendi!.values[i]!.interval!;
      return high - low;
    };
    expect(measures.vendi!.values.map(({ n }) => n)).toEqual([60, 60]);
    expect(width(1)).toBeLessThan(width(0));
  });

  test('a reference is measured beside them and takes no place', async () => {
    const report = await run(['wide.npy', 'narrow.npy'], {
      ...SOME,
      measures: 'vendi,coverage',
      reference: at('fresh.npy'),
    });
    expect(report.datasets.at(-1)).toMatchObject({ name: 'reference', role: 'reference' });
    expect(report.measures.vendi!.ranks).toEqual([1, 2, null]);
    expect(report.measures.vendi!.values[2]!.value).toBeGreaterThan(1);
    expect(report.measures.coverage!.values[2]).toMatchObject({ value: null });
    expect(report.measures.coverage!.pairs).toHaveLength(1);
  });

  test('what cannot be compared is said', async () => {
    await expect(run(['wide.npy'])).rejects.toThrow(/one dataset; give two or more, or --by/);
    await expect(run(['wide.npy', 'narrow.npy'], { ...SOME, at: 161 })).rejects.toThrow(
      /--at 161 is more than the 160 rows of wide/,
    );
  });
});

describe('answers to the same prompts', () => {
  const WORDS = Array.from({ length: 60 }, (_, i) => `word${i}`);
  beforeAll(async () => {
    const uniform = random(7);
    const draw = (many: number): string => WORDS[Math.floor(uniform() * many)]!;
    const rows = (many: number, model: string): string[] =>
      Array.from({ length: 48 }, (_, i) => {
        const answer = Array.from({ length: 12 }, () => draw(many)).join(' ');
        return JSON.stringify({ prompt: `Say ${i}`, answer: `${WORDS[i % 60]} ${answer}`, model });
      });
    const [rich, poor] = [rows(60, 'rich'), rows(4, '<b>poor</b>')];
    await writeFile(at('rich.jsonl'), rich.join('\n'));
    await writeFile(at('poor.jsonl'), poor.join('\n'));
    await writeFile(at('fewer.jsonl'), poor.slice(0, 44).join('\n'));
    await writeFile(at('both.jsonl'), [...rich, ...poor].join('\n'));
  });
  const options: CompareOptions = {
    measures: 'distinct-1,token-entropy',
    text: 'answer',
    map: true,
  };

  test('are paired by prompt, and every group of a column can be a dataset', async () => {
    const { report, map } = await compare([at('both.jsonl')], { ...options, by: 'model' });
    expect(report.datasets.map(({ name }) => name)).toEqual(['rich', '<b>poor</b>']);
    expect(report.prompts).toMatchObject({ column: 'prompt', prompts: 48 });
    expect(report.measures['token-entropy']!.pairs[0]!.verdict).toBe('more');
    expect(map!.of).toHaveLength(96);
    const about = aboutOf(Object.keys(report.measures));
    const html = renderComparisonHtml(report, map, about);
    expect(html).toContain('\\u003cb>poor');
    expect(html).not.toContain('<b>');
    for (const width of [60, 100]) {
      const lines = renderComparison(report, about, width).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
    const files = await compare([at('rich.jsonl'), at('poor.jsonl')], { ...options, map: false });
    expect(files.report.prompts!.samePrompt).toEqual(report.prompts!.samePrompt);
  });

  test('of which some are missing are paired by those that all have', async () => {
    const { report } = await compare([at('rich.jsonl'), at('fewer.jsonl')], {
      ...options,
      map: false,
    });
    expect(report.n).toBe(44);
    expect(report.prompts!.prompts).toBe(44);
    expect(report.warnings.join()).toContain('4 rows were left out');
  });

  test('distances to the same and to different prompts are those of all pairs', async () => {
    const twice = ['a', 'b'].map((x) => JSON.stringify({ prompt: x, answer: `${x} same words` }));
    await writeFile(at('one.jsonl'), twice.join('\n'));
    await writeFile(at('two.jsonl'), twice.join('\n'));
    const { report } = await compare([at('one.jsonl'), at('two.jsonl')], {
      ...{ measures: 'mean-distance', text: 'answer', map: false, prompt: 'prompt' },
    });
    expect(report.prompts!.samePrompt.value).toBeCloseTo(0, 6);
    expect(report.prompts!.datasets[0]!.acrossPrompts.value).toBeCloseTo(
      report.measures['mean-distance']!.values[0]!.value!,
      6,
    );
  });
});
