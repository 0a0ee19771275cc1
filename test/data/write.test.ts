import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vectorsOf } from '../../src/compute/vectors.ts';
import type { Json } from '../../src/data/row.ts';
import { checkFormat, writeNpy, writeTable } from '../../src/data/write.ts';
import { gaussianRows } from '../support/data.ts';
import { fixtures, readAll } from './helpers.ts';

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
