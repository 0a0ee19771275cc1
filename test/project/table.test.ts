import { expect, test } from 'vitest';
import type { TableRow } from '../../src/data/write.ts';
import { type ProjectOptions, project } from '../../src/project/project.ts';
import { tableColumns, tableRows } from '../../src/project/table.ts';
import { fixtures } from '../data/helpers.ts';
import { jsonl } from '../support/texts.ts';

const { path } = fixtures();

async function tableOf(
  rows: readonly Record<string, unknown>[],
  options?: ProjectOptions,
): Promise<{ columns: string[]; rows: TableRow[] }> {
  const projection = await project(path('rows.jsonl', jsonl(rows)), options);
  const found: TableRow[] = [];
  for await (const row of tableRows(projection)) found.push(row);
  await projection.close();
  return { columns: tableColumns(projection), rows: found };
}

test('our columns come first, then those of the data in their order', async () => {
  const { columns, rows } = await tableOf([
    { topic: 'a', id: 'one', text: 'First row.' },
    { id: 'two', text: 'Second row.', score: 3 },
  ]);
  expect(columns).toEqual(['id', 'x', 'y', 'cluster', 'text', 'topic', 'score']);
  expect(rows[0]).toMatchObject({ id: 'one', text: 'First row.', topic: 'a' });
  expect(rows[1]).toMatchObject({ id: 'two', text: 'Second row.', score: 3 });
});

test('a column of the data that has the name of one of ours is kept under another name', async () => {
  const { columns, rows } = await tableOf([
    { text: 'A row.', x: 'mine', cluster: 7, 'data.x': 'taken' },
    { text: 'Another.', x: 'too', cluster: 8, 'data.x': 'also' },
  ]);
  expect(new Set(columns).size).toBe(columns.length);
  expect(columns.slice(5)).toEqual(['data.data.x', 'data.cluster', 'data.x']);
  expect(rows[0]).toMatchObject({
    x: expect.any(Number),
    'data.data.x': 'mine',
    'data.x': 'taken',
    'data.cluster': 7,
  });
});

test('a text or id of the data that is not the one shown is kept too', async () => {
  const { columns, rows } = await tableOf(
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
  const { columns, rows } = await tableOf([
    { text: 'A row.', constructor: 'x' },
    { text: 'Another row.' },
  ]);
  expect(columns).toContain('constructor');
  expect(Object.hasOwn(rows[1]!, 'constructor')).toBe(false);
});
