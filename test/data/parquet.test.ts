import { gzipSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { collect, fixtures, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();

const parquet = (columnData: ColumnSource[], rowGroupSize = 2): Buffer =>
  Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize }));

const TEXTS = ['one', 'two', 'three', 'four', 'five'];
const chat = (text: string) => [
  { role: 'user', content: text },
  { role: 'assistant', content: 'Well.' },
];

describe('Parquet', () => {
  test('gives columns of every kind, row group after row group', async () => {
    const file = path(
      'kinds.parquet',
      parquet([
        { name: 'text', data: TEXTS, type: 'STRING' },
        { name: 'n', data: [1, 2, 3, 4, 5], type: 'INT32' },
        { name: 'big', data: [1n, 2n, 3n, 4n, 9007199254740993n], type: 'INT64' },
        { name: 'score', data: [0.5, Number.NaN, 1, 2, null], type: 'DOUBLE' },
        { name: 'even', data: [false, true, false, true, null], type: 'BOOLEAN' },
        { name: 'when', data: TEXTS.map((_, i) => new Date(i * 1000)), type: 'TIMESTAMP' },
        { name: 'nested', data: TEXTS.map((text) => ({ text })), type: 'JSON' },
      ]),
    );
    const rows = await readAll(file);
    expect(texts(rows)).toEqual(TEXTS);
    expect(rows.map((row) => row.at.line)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[1]!.columns).toEqual({
      text: 'two',
      n: 2,
      big: 2,
      score: null,
      even: true,
      when: '1970-01-01T00:00:01.000Z',
      nested: { text: 'two' },
    });
    expect(rows[4]!.columns).toMatchObject({ big: '9007199254740993', score: null, even: null });
  });

  test('finds conversations in nested columns', async () => {
    const data = TEXTS.map(chat);
    const rows = await readAll(
      path('chat.parquet', parquet([{ name: 'messages', data, type: 'JSON' }])),
    );
    expect(texts(rows)[0]).toBe('one\nWell.');
  });

  test('is told by its content, gzipped and under another name too', async () => {
    const bytes = parquet([{ name: 'text', data: TEXTS }]);
    const dataset = await openDataset([path('odd.jsonl', bytes)]);
    expect(dataset.sources[0]!.format).toBe('parquet');
    expect(await collect(dataset)).toEqual(await collect(dataset));
    expect(texts(await readAll(path('packed.parquet.gz', gzipSync(bytes))))).toEqual(TEXTS);
  });

  test('of another kind, cut off or damaged is refused in one sentence', async () => {
    const bytes = parquet([{ name: 'text', data: TEXTS }]);
    const message = await refusal(path('cut.parquet', bytes.subarray(0, -9)));
    expect(message).toBe(
      'cut.parquet is no Parquet file or a truncated one: it does not end as one. Fetch or write it again.',
    );
    expect(await refusal(path('text.parquet', 'just text'))).toContain('is no Parquet file');
    const holes = Buffer.from(bytes).fill(0xff, 8, 40);
    expect(await refusal(path('holes.parquet', holes))).toContain('is a damaged Parquet file');
    const none = parquet([{ name: 'text', data: [], type: 'STRING' }]);
    expect(await refusal(path('none.parquet', none))).toContain('none.parquet has no rows');
  });

  test('names the row that has no text', async () => {
    const file = path('null.parquet', parquet([{ name: 'text', data: ['one', null, 'three'] }]));
    expect(await refusal(file)).toContain('null.parquet, row 2: the row has no text');
    expect(texts(await readAll(file, { onBadRow: 'skip' }))).toEqual(['one', 'three']);
  });
});
