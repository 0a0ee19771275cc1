import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { collapsedRows, toJsonLines } from '../../examples/generate.ts';
import { packagePath } from '../../src/base/package.ts';
import type { Row } from '../../src/data/row.ts';
import { readAll } from './helpers.ts';

const varied = packagePath('examples', 'varied.jsonl');
const collapsed = packagePath('examples', 'collapsed.jsonl');
const distinct = (rows: readonly Row[], value: (row: Row) => unknown): number =>
  new Set(rows.map(value)).size;

test('collapsed.jsonl is what generate.ts writes', () => {
  expect(readFileSync(collapsed, 'utf8')).toBe(toJsonLines(collapsedRows()));
});

test('the varied example has twenty topics of sixteen rows, and repeats nothing', async () => {
  const rows = await readAll(varied);
  expect(rows.length).toBe(320);
  expect(distinct(rows, (row) => row.id)).toBe(320);
  expect(distinct(rows, (row) => row.text)).toBe(320);
  expect(distinct(rows, (row) => row.columns.topic)).toBe(20);
  expect(rows[0]!.id).toBe('v001');
});

test('the collapsed example has five of those topics, a few openings, and exact duplicates', async () => {
  const topics = new Set((await readAll(varied)).map((row) => row.columns.topic));
  const rows = await readAll(collapsed);
  expect(rows.length).toBe(320);
  expect(distinct(rows, (row) => row.id)).toBe(320);
  expect(distinct(rows, (row) => row.columns.topic)).toBe(5);
  expect(rows.every((row) => topics.has(row.columns.topic!))).toBe(true);
  expect(distinct(rows, (row) => row.text)).toBeLessThan(300);
  const opening = (row: Row): string =>
    String(row.columns.instruction).split(' ').slice(0, 2).join(' ');
  expect(distinct(rows, opening)).toBeLessThanOrEqual(6);
});
