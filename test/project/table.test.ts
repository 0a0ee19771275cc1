import { expect, test } from 'vitest';
import type { TableRow } from '../../src/data/write.ts';
import { type ProjectOptions, project } from '../../src/project/project.ts';
import { tableOf } from '../../src/project/table.ts';
import { fixtures } from '../data/helpers.ts';
import { jsonl } from '../support/texts.ts';

const { path } = fixtures();

async function projected(
  rows: readonly Record<string, unknown>[],
  options?: ProjectOptions,
  asked?: readonly string[],
): Promise<{ columns: string[]; kinds: (string | null)[]; rows: TableRow[] }> {
  const projection = await project(path('rows.jsonl', jsonl(rows)), options);
  try {
    const table = tableOf(projection, asked);
    const found: TableRow[] = [];
    for await (const row of table.rows()) found.push(row);
    const columns = table.columns.map(({ name }) => name);
    return { columns, kinds: table.columns.map(({ kind }) => kind), rows: found };
  } finally {
    await projection.close();
  }
}

const OURS = ['id', 'x', 'y', 'cluster', 'cluster_name', 'nn_distance', 'density', 'influence'];

test('our columns come first, then those of the data in their order', async () => {
  const { columns, rows } = await projected([
    { topic: 'a', id: 'one', text: 'First row.' },
    { id: 'two', text: 'Second row.', score: 3 },
  ]);
  expect(columns).toEqual([...OURS, 'text', 'topic', 'score']);
  expect(rows[0]).toMatchObject({ id: 'one', text: 'First row.', topic: 'a' });
  expect(rows[1]).toMatchObject({ id: 'two', text: 'Second row.', score: 3 });
});

test('a column of the data that has the name of one of ours is kept under another name', async () => {
  const { columns, rows } = await projected([
    { text: 'A row.', x: 'mine', cluster: 7, 'data.x': 'taken' },
    { text: 'Another.', x: 'too', cluster: 8, 'data.x': 'also' },
  ]);
  expect(new Set(columns).size).toBe(columns.length);
  expect(columns.slice(9)).toEqual(['data.data.x', 'data.cluster', 'data.x']);
  expect(rows[0]).toMatchObject({
    x: expect.any(Number),
    'data.data.x': 'mine',
    'data.x': 'taken',
    'data.cluster': 7,
  });
});

test('a text or id of the data that is not the one shown is kept too', async () => {
  const { columns, rows } = await projected(
    [
      { id: '', text: 'body one', title: 'One' },
      { id: '', text: 'body two', title: 'Two' },
    ],
    { text: '{title}: {text}' },
  );
  expect(columns).toContain('data.text');
  expect(columns).toContain('data.id');
  expect(rows[1]).toMatchObject({
    id: '1',
    'data.id': '',
    text: 'Two: body two',
    'data.text': 'body two',
  });
});

test('columns with names that objects have by themselves are columns like others', async () => {
  const { columns, rows } = await projected([
    { text: 'A row.', constructor: 'x' },
    { text: 'Another row.' },
  ]);
  expect(columns).toContain('constructor');
  expect(Object.hasOwn(rows[1]!, 'constructor')).toBe(false);
});

test('only the columns that are asked for come along, and the text if it is one of them', async () => {
  const rows = [
    { text: 'A row.', topic: 'a', score: 3, other: true },
    { text: 'Another row.', topic: 'b', score: 1.5, other: false },
  ];
  const some = await projected(rows, {}, ['score', 'topic']);
  expect(some.columns).toEqual([...OURS, 'topic', 'score']);
  expect(Object.keys(some.rows[0]!)).toEqual(some.columns);
  expect((await projected(rows, {}, ['text'])).columns).toEqual([...OURS, 'text']);
  await expect(projected(rows, {}, ['nope'])).rejects.toThrow(
    '--columns: no row has a column "nope" (columns: topic, score, other).',
  );
});

test('the influence of rows is below 0 where they repeat each other and above where they do not', async () => {
  const same = Array.from({ length: 9 }, () => ({ text: 'The same row again.' }));
  const { rows } = await projected([...same, { text: 'Quarks come in six flavours.' }]);
  const influence = rows.map((row) => row.influence as number);
  expect(influence[9]).toBeGreaterThan(0);
  expect(Math.max(...influence.slice(0, 9))).toBeLessThan(0);
  const [alone] = (await projected([{ text: 'Only this row.' }])).rows;
  expect(alone!.influence).toBeNull();
});

test('columns know what their values are', async () => {
  const { columns, kinds } = await projected([
    { text: 'A row.', topic: 'a', score: 3, other: true, nested: [1], mixed: 1 },
    { text: 'Another row.', topic: null, score: 1.5, other: false, nested: null, mixed: 'b' },
  ]);
  expect(Object.fromEntries(columns.map((column, i) => [column, kinds[i]]))).toEqual({
    ...{ id: 'text', x: 'number', y: 'number', cluster: 'integer', cluster_name: 'text' },
    ...{ nn_distance: 'number', density: 'number', influence: 'number', text: 'text' },
    ...{ topic: 'text', score: 'number', other: 'boolean', nested: 'json', mixed: 'json' },
  });
});

test('clusters are called by their words, or as they are labelled', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    text: i % 2 ? `The harbour and its ships, ${i}.` : `Bread from the oven, ${i}.`,
    topic: i % 2 ? 'sea' : 'food',
  }));
  const found = await projected(rows, { clusters: 2 });
  expect(new Set(found.rows.map((row) => row.cluster_name)).size).toBe(2);
  expect(found.rows[0]!.cluster_name).toContain('bread');
  const given = await projected(rows, { labels: 'topic' });
  expect(given.rows[1]).toMatchObject({ cluster: 'sea', cluster_name: 'sea' });
});
