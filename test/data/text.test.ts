import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import type { Json } from '../../src/data/row.ts';
import { fixtures, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();
const jsonl = (...rows: Json[]): string =>
  path('x.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

async function found(...rows: Json[]): Promise<(string | null)[]> {
  const file = jsonl(...rows);
  const dataset = await openDataset([file]);
  return [dataset.sources[0]!.text, ...texts(await readAll(file))];
}

describe('the text is found by itself in', () => {
  test.each<[string, Json, string, string]>([
    ['text', { text: 'a', output: 'b' }, 'text (found)', 'a'],
    ['content', { content: 'a', title: 't' }, 'content (found)', 'a'],
    [
      'instruction, input, output',
      { instruction: 'a', input: 'b', output: 'c' },
      'instruction + input + output (found)',
      'a\nb\nc',
    ],
    [
      'an empty input',
      { instruction: 'a', input: '', output: 'c' },
      'instruction + input + output (found)',
      'a\nc',
    ],
    [
      'instruction and response',
      { prompt: 'p', instruction: 'a', response: 'c' },
      'instruction + response (found)',
      'a\nc',
    ],
    [
      'prompt and completion',
      { prompt: 'a', completion: 'b' },
      'prompt + completion (found)',
      'a\nb',
    ],
    ['prompt and response', { prompt: 'a', response: 'b' }, 'prompt + response (found)', 'a\nb'],
    ['question and answer', { question: 'a', answer: 'b' }, 'question + answer (found)', 'a\nb'],
    [
      'a question whose answers are no text',
      { question: 'a', answer: { start: 1 } },
      'question (found)',
      'a',
    ],
    ['query', { query: 'a', label: 3 }, 'query (found)', 'a'],
    ['sentence', { Sentence: 'a', label: 'l' }, 'Sentence (found)', 'a'],
    [
      'the only column of text',
      { id: 'x1', body: 'a', score: 1 },
      'body (found: the only column of text)',
      'a',
    ],
    [
      'by far the longest',
      { tag: 'blue', body: 'a long story indeed' },
      'body (found: by far the longest)',
      'a long story indeed',
    ],
  ])('%s', async (_, row, words, text) => {
    expect(await found(row)).toEqual([words, text]);
  });

  test('chat messages, whose content may be a list of parts', async () => {
    const parts = [
      { type: 'text', text: 'two' },
      { type: 'image_url' },
      { type: 'text', text: 'three' },
    ];
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: parts },
      { role: 'assistant', content: null, tool_calls: [] },
    ];
    expect(await found({ messages })).toEqual(['messages, every turn (found)', 'one\ntwo\nthree']);
  });

  test('ShareGPT conversations', async () => {
    const conversations = [
      { from: 'human', value: 'one' },
      { from: 'gpt', value: 'two' },
    ];
    expect(await found({ id: 'c', conversations })).toEqual([
      'conversations, every turn (found)',
      'one\ntwo',
    ]);
  });
});

test('where the text cannot be told, the columns are listed and an example is given', async () => {
  expect(await refusal(jsonl({ left: 'one thing', right: 'the other', n: 1 }))).toBe(
    "Which column of x.jsonl is the text cannot be told (columns: left, right, n). Say it, for example --text '{left}\\n{right}'.",
  );
});

describe('a row whose text is missing, empty or no string is refused', () => {
  const good: Json[] = [{ text: 'a' }, { text: 'b' }, { text: 'c' }];
  test.each<[Json, string]>([
    [{ n: 1 }, 'text is missing'],
    [{ text: null }, 'text is missing'],
    [{ text: ' \n' }, 'text is empty'],
    [{ text: 3 }, 'text is a number'],
    [{ text: ['a'] }, 'text is a list'],
  ])('%j', async (row, why) => {
    expect(await refusal(jsonl(...good, row))).toBe(
      `x.jsonl:4: the row has no text: ${why}. Mend it, or leave such rows out with --on-bad-row skip.`,
    );
  });

  test('or left out when asked: a hundred are listed, all are counted', async () => {
    const bad = Array.from({ length: 150 }, () => ({ text: '' }));
    const file = jsonl({ text: 'a' }, ...bad, { text: 'b' });
    const dataset = await openDataset([file], { onBadRow: 'skip', text: 'text' });
    for (let pass = 0; pass < 2; pass += 1) {
      const ids: string[] = [];
      for await (const row of dataset.rows()) ids.push(row.id);
      expect(ids).toEqual(['0', '151']);
      expect(dataset.badRows.length).toBe(100);
      expect(dataset.badRows[0]).toEqual({
        source: file,
        line: 2,
        why: 'has no text: text is empty',
      });
      expect(dataset.badRowCount).toBe(150);
    }
    expect(await refusal(jsonl(...bad), { onBadRow: 'skip', text: 'text' })).toContain(
      'None of the 150 rows can be used',
    );
  });
});

describe('--text', () => {
  const row = {
    a: 'one',
    n: 7,
    tags: ['x', 'y'],
    'd.t': 'dotted',
    deep: { list: [{ in: 'inner' }] },
    messages: [{ role: 'user', content: 'hi' }],
  };

  test.each([
    ['a', 'one'],
    ['{a}', 'one'],
    ['{a}\\n{n}', 'one\n7'],
    ['{d.t} {deep.list.0.in}', 'dotted inner'],
    ['deep.list.0.in', 'inner'],
    ['messages', 'hi'],
    ['Q: {messages} {tags}', 'Q: hi x\ny'],
    ['{{{a}}}', '{one}'],
    ['{deep}', '{"list":[{"in":"inner"}]}'],
  ])('%s', async (text, expected) => {
    const file = jsonl(row);
    expect(texts(await readAll(file, { text }))).toEqual([expected]);
    expect((await openDataset([file], { text })).sources[0]!.text).toBe(`${text} (asked for)`);
  });

  test('the columns of a template are listed', async () => {
    const [source] = (await openDataset([jsonl(row)], { text: '{a}: {deep.list.0.in}' })).sources;
    expect(source!.textColumns).toEqual(['a', 'deep.list.0.in']);
  });

  test('leaves empty what a row lacks, but not all of it', async () => {
    const file = jsonl({ a: 'one', b: 'two' }, { a: 'three' });
    expect(texts(await readAll(file, { text: '{a}-{b}' }))).toEqual(['one-two', 'three-']);
    expect(await refusal(jsonl({ a: 'one', b: 'two' }, { c: 1 }), { text: '{a}-{b}' })).toContain(
      'x.jsonl:2: the row has no text: a, b are empty or missing',
    );
  });

  test.each([
    ['{nope}', `--text '{nope}': no row of x.jsonl has a column "nope" (columns: a, b).`],
    ['nope', `--text 'nope': no row of x.jsonl has a column "nope" (columns: a, b).`],
    ['{a.deep}', 'has a column "a.deep"'],
    ['{a', 'the brace at character 1 is not closed'],
    ['x {}', 'the brace at character 3 names no column'],
    ['{{a}}', 'names no column'],
    [' ', '--text is empty'],
  ])('%s is refused', async (text, message) => {
    expect(await refusal(jsonl({ a: 'one', b: 'two' }), { text })).toContain(message);
  });
});
