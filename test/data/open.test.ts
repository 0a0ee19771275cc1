import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { collect, fixtures, readAll, texts } from './helpers.ts';

const { path } = fixtures();

describe('a dataset', () => {
  test('keeps the ids that rows have, and numbers those that have none over all inputs', async () => {
    const a = path('a.jsonl', '{"id":"x","text":"one"}\n{"text":"two"}\n');
    const b = path('b.csv', '_id,text\n,three\nk,four\n');
    const c = path('c.json', '[{"uid":17,"text":"five"},{"id":"","text":"six"}]');
    const rows = await readAll([a, b, c]);
    expect(rows.map((row) => row.id)).toEqual(['x', '1', '2', 'k', '17', '5']);
    expect(rows.map((row) => row.at.source)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('of several inputs has a column source, unless the rows bring their own', async () => {
    const a = path('a.jsonl', '{"text":"one"}\n{"text":"two","source":"web"}\n');
    const b = path('b.txt', 'three\n');
    expect((await readAll([a, b])).map((row) => row.columns.source)).toEqual([
      'a.jsonl',
      'web',
      'b.txt',
    ]);
    expect((await readAll(b))[0]!.columns).toEqual({ text: 'three' });
    expect((await readAll([b, b])).map((row) => row.columns.source)).toEqual([b, b]);
  });

  test('finds the text of each input by itself, and says how', async () => {
    const a = path('a.jsonl', '{"question":"q","answer":"a"}\n');
    const b = path('b.json', '[{"instruction":"i","output":"o"}]');
    const dataset = await openDataset([a, b]);
    expect(dataset.sources.map((source) => source.text)).toEqual([
      'question + answer (found)',
      'instruction + output (found)',
    ]);
    expect(texts(await collect(dataset))).toEqual(['q\na', 'i\no']);
  });

  test('can be read again, also after a pass that was left early, and two passes at once do not meet', async () => {
    const file = path('many.txt', Array.from({ length: 5000 }, (_, i) => `row ${i}`).join('\n'));
    const dataset = await openDataset([file]);
    for await (const row of dataset.rows()) if (row.id === '3') break;
    const [one, two] = await Promise.all([collect(dataset), collect(dataset)]);
    expect(one.length).toBe(5000);
    expect(two).toEqual(one);
  });

  test('stops when its signal fires', async () => {
    const file = path('stop.txt', 'one\ntwo\n');
    const signal = AbortSignal.abort();
    await expect(openDataset([file], { signal })).rejects.toMatchObject({ kind: 'interrupted' });
    const dataset = await openDataset([file]);
    const read = async () => {
      for await (const _ of dataset.rows({ signal })) throw new Error('a row came');
    };
    await expect(read()).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

const data = join(import.meta.dirname, '../../../shared/data');

describe.skipIf(!existsSync(data))('real files', () => {
  test.each([
    ['alpaca-9k.json', 9229, 'json', 'instruction + input + output (found)'],
    ['lima.json', 1029, 'json', 'instruction + input + output (found)'],
    ['code-alpaca-4k.json', 4535, 'json', 'instruction + input + output (found)'],
    ['gsm8k-train.jsonl', 7473, 'jsonl', 'question + answer (found)'],
    ['self-instruct/seed_tasks.jsonl', 175, 'jsonl', 'instruction (found)'],
    [
      'self-instruct/predictions/davinci_predictions.jsonl',
      252,
      'jsonl',
      'instruction + input + response (found)',
    ],
    ['banking77/train.csv', 10003, 'csv', 'text (found)'],
    ['clinc150/data_full.json', 23700, 'json', 'text (found)'],
  ])('%s is read whole', async (name, count, format, words) => {
    const dataset = await openDataset([join(data, name)]);
    expect(dataset.sources[0]).toMatchObject({ format, text: words });
    expect((await collect(dataset)).length).toBe(count);
  });

  test('clinc150 has its splits and labels as columns', async () => {
    const [first] = await readAll(join(data, 'clinc150/data_full.json'));
    expect(Object.keys(first!.columns)).toEqual(['text', 'label', 'split']);
    expect(first!.columns).toMatchObject({ label: 'oos', split: 'oos_val' });
  });

  test('mrpc needs to be told which of its two sentences', async () => {
    const file = join(data, 'mrpc/msr-para-test.tsv');
    await expect(openDataset([file])).rejects.toThrow("--text '{#1 String}\\n{#2 String}'");
    expect((await readAll(file, { text: '#1 String' })).length).toBe(1725);
  });

  test('stsb has no header line and is refused for it', async () => {
    await expect(openDataset([join(data, 'stsb/sts-test.csv')])).rejects.toThrow(
      'is no header line',
    );
  });
});
