import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { type JsonShape, JsonSplitter } from '../../src/data/split-json.ts';
import { fixtures, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();

async function read(content: string, name = 'x.json') {
  const file = path(name, content);
  const dataset = await openDataset([file], { text: 'text' });
  return { format: dataset.sources[0]!.format, rows: await readAll(file, { text: 'text' }) };
}

describe('a JSON document', () => {
  test('may be an array of objects, strings or pairs of text and label', async () => {
    const { rows } = await read('[\n {"text":"one"},\n "two",\n ["three","b"]\n]\n');
    expect(texts(rows)).toEqual(['one', 'two', 'three']);
    expect(rows.map((row) => row.at.line)).toEqual([2, 3, 4]);
    expect(rows[2]!.columns).toEqual({ text: 'three', label: 'b' });
  });

  test('may be an object that holds one array of rows beside other things', async () => {
    const { rows, format } = await read(
      '{"version":"1.0","meta":{"tags":["a",{"text":"no row"}]},"n":[1,2],"data":[{"text":"one"},{"text":"two"}],"end":null}',
    );
    expect(format).toBe('json');
    expect(rows.map((row) => row.columns)).toEqual([{ text: 'one' }, { text: 'two' }]);
  });

  test('that holds several arrays of rows has their names in the column split', async () => {
    const { rows } = await read('{"val":[["a","x"]],"train":[["b","y"],["c","z"]],"none":[]}');
    expect(rows.map((row) => row.columns)).toEqual([
      { text: 'a', label: 'x', split: 'val' },
      { text: 'b', label: 'y', split: 'train' },
      { text: 'c', label: 'z', split: 'train' },
    ]);
  });

  test('may have a list of label names beside its rows', async () => {
    const { rows } = await read('{"labels":["x","y"],"rows":[{"text":"one"}]}');
    expect(rows.map((row) => row.columns)).toEqual([{ text: 'one' }]);
  });

  test('that really is JSON Lines is read as such', async () => {
    const { rows, format } = await read('\n{"text":"one","tags":["a","b"]}\n\n{"text":"two"}\n');
    expect(format).toBe('jsonl');
    expect(texts(rows)).toEqual(['one', 'two']);
    expect(rows[1]!.at.line).toBe(4);
  });

  test('may be objects one after another, as jq prints them', async () => {
    const { rows, format } = await read('{\n "text": "one"\n}\n{\n "text": "two"\n}\n');
    expect(format).toBe('json');
    expect(texts(rows)).toEqual(['one', 'two']);
    expect(rows.map((row) => row.at.line)).toEqual([1, 4]);
  });

  test('under the name of JSON Lines is read as what it is', async () => {
    const { rows, format } = await read('[{"text":"one"},\n{"text":"two"}]', 'x.jsonl');
    expect(format).toBe('json');
    expect(texts(rows)).toEqual(['one', 'two']);
  });

  test('keeps every digit of whole numbers beyond 2⁵³, as text; ids and columns alike', async () => {
    const row = (id: string, more = ''): string =>
      `{"id":${id},"text":"t 12345678901234567890"${more}}`;
    const odd =
      ',"list":[-9007199254740993,1],"deep":{"n":18446744073709551615},"e":1e300,"f":0.1234567890123456';
    const { rows } = await read(
      [row('9007199254740991'), row('9007199254740993'), row('3', odd)].join('\n'),
      'ids.jsonl',
    );
    expect(rows.map(({ id }) => id)).toEqual(['9007199254740991', '9007199254740993', '3']);
    expect(rows.map(({ columns }) => columns.id)).toEqual([
      9007199254740991,
      '9007199254740993',
      3,
    ]);
    expect(rows[2]!.columns).toMatchObject({
      text: 't 12345678901234567890',
      list: ['-9007199254740993', 1],
      deep: { n: '18446744073709551615' },
      ...{ e: 1e300, f: 0.1234567890123456 },
    });
    const array = await read('[{"id":12345678901234567890,"text":"a \\"12345678901234567890\\""}]');
    expect(array.rows[0]).toMatchObject({
      id: '12345678901234567890',
      text: 'a "12345678901234567890"',
    });
  });

  test('is cut at the right places whatever its strings hold', async () => {
    const nasty = ['],[', '}{', '\\', '\\"', '"', ',', 'a\nb', '[{"a":1}]', 'a\u2028b', 'é😀'];
    const { rows } = await read(
      JSON.stringify(nasty.map((text) => ({ text, deep: [[{ text }], text] }))),
    );
    expect(texts(rows)).toEqual(nasty);
  });
});

describe('broken JSON is refused with its line and row', () => {
  test.each([
    [
      'in a row',
      '[{"text":"one"},\n{"text":"two",\n"n": 1 2}]',
      /x.json:3 \(row 2\): .*expected ',' or '}'/,
    ],
    [
      'a missing comma',
      '[{"text":"one"}\n{"text":"two"}]',
      /x.json:2 \(row 1\): the row is not valid JSON/,
    ],
    ['a comma too many', '[{"text":"one"},\n]', /x.json:2 \(row 2\): .*there is a comma too many/],
    [
      'two commas',
      '[{"text":"one"},,{"text":"two"}]',
      /x.json:1 \(row 2\): .*there is a comma too many/,
    ],
    [
      'a brace too many',
      '[{"text":"one"}},\n{"text":"two"}]',
      /x.json:1 \(row 1\): the row is not valid JSON/,
    ],
    [
      'cut off in a row',
      '[{"text":"one"},\n{"text":"tw',
      /x.json:2 \(row 2\): .*starts on line 2 is never closed/,
    ],
    ['cut off between rows', '[{"text":"one"},\n', /x.json:2 .*the file ends too early/],
    ['something after the end', '[{"text":"one"}]\n[]', /x.json:2 .*something follows the end/],
    ['a number for a row', '[{"text":"one"}, 7]', /x.json:1 \(row 2\): the row is a number/],
    ['no JSON at all', 'hello', /x.json:1 is not valid JSON/],
  ])('%s', async (_, content, message) => {
    expect(await refusal(path('x.json', content))).toMatch(message);
  });

  test('or left out, when asked', async () => {
    const file = path('skip.json', '[{"text":"one"},\n{"text":},\n"two",\nnull]');
    const dataset = await openDataset([file], { onBadRow: 'skip' });
    const seen: string[] = [];
    for await (const row of dataset.rows()) seen.push(`${row.id} ${row.text}`);
    expect(seen).toEqual(['0 one', '2 two']);
    expect(dataset.badRows.map(({ line }) => line)).toEqual([2, 4]);
    expect(dataset.badRowCount).toBe(2);
  });
});

describe('the splitter', () => {
  const documents: readonly (readonly [JsonShape, string])[] = [
    ['array', ' [ {"a":"x\\"]"} , [1,[2]] ,"é,😀", 4 ]\n'],
    ['members', '{"k":1,"a":[{"x":[]},"b\\\\"],"o":{"a":[1]},"z":[[3]]}'],
    ['values', '{"a":1}\n{"b":[{}]} "s"\n'],
  ];

  test.each(documents)('finds the same rows at every chunk border (%s)', (shape, document) => {
    const bytes = Buffer.from(document);
    const split = (...chunks: Buffer[]): string[] => {
      const splitter = new JsonSplitter(shape);
      const pieces = chunks.flatMap((chunk) => splitter.push(chunk));
      const rest = splitter.end();
      return [...pieces, ...(rest ? [rest] : [])].map(
        (piece) => `${piece.key} ${piece.line} ${piece.bytes.toString().trim()}`,
      );
    };
    const whole = split(bytes);
    expect(whole.length).toBeGreaterThan(2);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(split(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    }
    expect(split(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(whole);
  });
});
