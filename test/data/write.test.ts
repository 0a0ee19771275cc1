import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { vectorsOf } from '../../src/compute/vectors.ts';
import type { Json } from '../../src/data/row.ts';
import {
  checkFormat,
  type TableColumn,
  writeNpy,
  writeTable,
  writeVectors,
} from '../../src/data/write.ts';
import { gaussianRows } from '../support/data.ts';
import { fixtures, readAll, refusal } from './helpers.ts';

const { path } = fixtures();
type Row = Record<string, Json>;

async function written(name: string, columns: readonly string[], rows: Row[]): Promise<string> {
  await writeTable(path(name), columns, rows);
  return readFileSync(path(name), 'utf8');
}

const rows: Row[] = [
  { a: 'plain', b: 1.5, c: true },
  { a: 'quote " comma , line\nbreak', b: null, c: [1, { d: 'x' }] },
  { a: 'Größe 测试 😀', c: '' },
];

describe('CSV', () => {
  test('quotes what must be quoted, leaves null empty and makes nested values JSON', async () => {
    expect(await written('quoted.csv', ['a', 'b', 'c'], rows)).toBe(
      [
        'a,b,c',
        'plain,1.5,true',
        '"quote "" comma , line\nbreak",,"[1,{""d"":""x""}]"',
        'Größe 测试 😀,,',
        '',
      ].join('\n'),
    );
  });

  test('quotes column names too', async () => {
    expect(await written('names.csv', ['a,b', 'say "hi"'], [])).toBe('"a,b","say ""hi"""\n');
  });

  test('reads back as it was written', async () => {
    await written('back.csv', ['text'], [{ text: 'one, "two"\nthree' }, { text: 'next' }]);
    const back = await readAll(path('back.csv'));
    expect(back.map(({ text }) => text)).toEqual(['one, "two"\nthree', 'next']);
  });

  test('takes a missing column for an empty one, whatever its name', async () => {
    expect(await written('missing.csv', ['constructor', 'b'], [{ b: 1 }])).toBe(
      'constructor,b\n,1\n',
    );
  });
});

describe('JSON', () => {
  test('is an array with the columns in order, leaving out what a row has not', async () => {
    const text = await written('table.json', ['c', 'a'], rows);
    expect(JSON.parse(text)).toEqual(rows.map(({ a, c }) => ({ c, a })));
    expect(Object.keys(JSON.parse(text)[0])).toEqual(['c', 'a']);
  });

  test('of no rows is an empty array', async () => {
    expect(JSON.parse(await written('none.json', ['a'], []))).toEqual([]);
  });

  test('in lines has one row a line', async () => {
    const text = await written('table.jsonl', ['a', 'b', 'c'], rows);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
    expect(await written('none.jsonl', ['a'], [])).toBe('');
  });

  test('keeps a column with a name that objects have by themselves', async () => {
    const own = JSON.parse('{"__proto__": 1, "toString": 2}') as Row;
    const text = await written('own.jsonl', ['__proto__', 'toString', 'valueOf'], [own]);
    expect(text).toBe('{"__proto__":1,"toString":2}\n');
  });
});

test('many rows are streamed in whole', async () => {
  function* many(): Iterable<Row> {
    for (let i = 0; i < 20_000; i += 1) yield { id: i, text: 'x'.repeat(20) };
  }
  await writeTable(path('many.csv'), ['id', 'text'], many());
  expect(readFileSync(path('many.csv'), 'utf8').split('\n')).toHaveLength(20_002);
});

/** What is read back from a written table, as rows of columns. */
async function roundTrip(
  name: string,
  columns: readonly (string | TableColumn)[],
  table: Row[],
): Promise<Row[]> {
  await writeTable(path(name), columns, table);
  return (await readAll(path(name))).map((row) => row.columns);
}

const TYPED: TableColumn[] = [
  { name: 'text', kind: 'text' },
  { name: 'n', kind: 'integer' },
  { name: 'x', kind: 'number' },
  { name: 'ok', kind: 'boolean' },
];
const typed = (i: number): Row => ({
  text: `Größe ${i} 😀`,
  n: i % 3 ? i : null,
  x: i % 2 ? i : i / 4,
  ok: i % 5 ? i % 2 === 0 : null,
});

describe.each(['.parquet', '.arrow'])('%s', (ending) => {
  test('keeps texts, whole numbers, numbers, truths and what is missing', async () => {
    const table = Array.from({ length: 100 }, (_, i) => typed(i));
    expect(await roundTrip(`typed${ending}`, TYPED, table)).toEqual(table);
  });

  test('is written in several groups where there are many rows', async () => {
    const count = 70_000;
    const back = await roundTrip(
      `many${ending}`,
      TYPED,
      Array.from({ length: count }, (_, i) => typed(i)),
    );
    expect(back).toHaveLength(count);
    for (const i of [0, 65_535, 65_536, count - 1]) expect(back[i]).toEqual(typed(i));
  });

  test('takes the kinds of its first rows where none are said, and JSON where they are mixed', async () => {
    const back = await roundTrip(
      `kinds${ending}`,
      ['text', 'mixed', 'nested'],
      [
        { text: 'a', mixed: 'one', nested: { b: [1] } },
        { text: 'b', mixed: 2, nested: null },
      ],
    );
    const text = (value: Json): Json => (ending === '.arrow' ? JSON.stringify(value) : value);
    expect(back).toEqual([
      { text: 'a', mixed: text('one'), nested: text({ b: [1] }) },
      { text: 'b', mixed: text(2), nested: null },
    ]);
  });

  test('refuses a value that its column cannot hold, and leaves no file', async () => {
    const table = [{ text: 'a' }, { text: 5 }];
    await expect(
      writeTable(path(`bad${ending}`), [{ name: 'text', kind: 'text' }], table),
    ).rejects.toMatchObject({
      message: expect.stringContaining("Column 'text' holds text values"),
    });
    expect(readdirSync(dirname(path('x'))).filter((name) => name.includes('bad'))).toEqual([]);
  });

  test('of no rows has its columns', async () => {
    await writeTable(path(`none${ending}`), TYPED, []);
    expect(await refusal(path(`none${ending}`))).toContain('has no rows');
  });
});

test('text formats are gzipped where their name says so, others are not', async () => {
  await writeTable(path('packed.jsonl.gz'), ['text'], [{ text: 'one' }]);
  const bytes = readFileSync(path('packed.jsonl.gz'));
  expect(gunzipSync(bytes).toString()).toBe('{"text":"one"}\n');
  expect(() => checkFormat('map.parquet.gz', ['.parquet', '.csv'])).toThrow('the ending says');
});

test('progress is told, and an interruption is one', async () => {
  const seen: number[] = [];
  const many = Array.from({ length: 10_000 }, (_, i) => ({ id: i }));
  const onProgress = ({ done }: { done: number }): void => void seen.push(done);
  await writeTable(path('seen.csv'), ['id'], many, { onProgress, total: many.length });
  expect(seen).toEqual([4096, 8192, 10_000]);
  const signal = AbortSignal.abort();
  await expect(writeTable(path('stop.csv'), ['id'], many, { signal })).rejects.toMatchObject({
    kind: 'interrupted',
  });
});

describe('a file appears whole or not at all', () => {
  test('when the rows fail half-way', async () => {
    function* broken(): Iterable<Row> {
      yield { a: 'x'.repeat(200_000) };
      throw new Error('no more');
    }
    await expect(writeTable(path('broken.csv'), ['a'], broken())).rejects.toMatchObject({
      kind: 'runtime',
      message: expect.stringContaining('broken.csv'),
    });
    expect(readdirSync(dirname(path('x'))).filter((name) => name.includes('broken'))).toEqual([]);
  });

  test('and an older one stays as it was', async () => {
    await written('kept.jsonl', ['a'], [{ a: 1 }]);
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    const failing = (function* (): Iterable<Row> {
      throw new Error('nothing');
    })();
    await expect(writeTable(path('kept.jsonl'), ['a'], failing)).rejects.toThrow();
    expect(readFileSync(path('kept.jsonl'), 'utf8')).toBe('{"a":1}\n');
  });
});

test('an ending that cannot be written is refused with those that can', () => {
  expect(() => checkFormat('map.xlsx', ['.csv', '.json'])).toThrow(
    '-o map.xlsx: the ending says the format; name a file ending in .csv, .json.',
  );
  expect(() => checkFormat('map', ['.csv'], '--out')).toThrow('the ending says the format');
  expect(() => checkFormat('MAP.CSV', ['.csv'])).not.toThrow();
});

describe('.npy', () => {
  test.each([
    [1, 1],
    [3, 7],
    [5000, 5],
  ])('of %i × %i reads back to the last bit', async (n, dims) => {
    const data = gaussianRows(n, dims, 1);
    await writeNpy(path('out.npy'), vectorsOf(data, dims));
    const back = await readAll(path('out.npy'));
    expect(back).toHaveLength(n);
    expect(Float32Array.from(back.flatMap(({ vector }) => [...vector!]))).toEqual(data);
  });

  test('has an aligned version 1 header that says float32 in C order', async () => {
    await writeNpy(path('header.npy'), vectorsOf(new Float32Array(6), 3));
    const bytes = readFileSync(path('header.npy'));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    const header = bytes.toString('latin1', 10, start);
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    expect(bytes.length).toBe(start + 24);
  });
});

describe('vectors', () => {
  const data = gaussianRows(5000, 6, 1);
  const ids = Array.from({ length: 5000 }, (_, i) => `row ${i}`);

  test('in Parquet read back to the last bit, with their ids', async () => {
    await writeVectors(path('out.parquet'), vectorsOf(data, 6), ids);
    const back = await readAll(path('out.parquet'));
    expect(Float32Array.from(back.flatMap(({ vector }) => [...vector!]))).toEqual(data);
    expect(back.map(({ id }) => id)).toEqual(ids);
  });

  test('in safetensors are one tensor behind an aligned header', async () => {
    await writeVectors(path('out.safetensors'), vectorsOf(data, 6), ids);
    const bytes = readFileSync(path('out.safetensors'));
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    expect(header.vectors).toEqual({
      dtype: 'F32',
      shape: [5000, 6],
      data_offsets: [0, bytes.length - 8 - length],
    });
    const body = bytes.subarray(8 + length);
    expect(new Float32Array(new Uint8Array(body).buffer)).toEqual(data);
  });
});
