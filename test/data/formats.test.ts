import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { bytesOf, collect, fixtures, npyBytes, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();

async function fromStdin<T>(content: string | Uint8Array, use: () => Promise<T>): Promise<T> {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  Object.defineProperty(process, 'stdin', {
    value: Readable.from([Buffer.from(content)]),
    configurable: true,
  });
  try {
    return await use();
  } finally {
    Object.defineProperty(process, 'stdin', real);
  }
}

const formatOf = async (name: string): Promise<string | undefined> => {
  const dataset = await openDataset([name]);
  await dataset.close();
  return dataset.sources[0]?.format;
};

describe('JSON Lines', () => {
  test('is an object a line; blank lines, CRLF, a byte order mark and a missing last newline do not matter', async () => {
    const file = path('a.jsonl', '\uFEFF{"text":"one","n":1}\r\n\r\n  \n{"text":"two"}');
    const rows = await readAll(file);
    expect(texts(rows)).toEqual(['one', 'two']);
    expect(rows[0]).toEqual({
      id: '0',
      text: 'one',
      vector: null,
      columns: { text: 'one', n: 1 },
      at: { source: 0, line: 1 },
    });
    expect(rows[1]?.at.line).toBe(4);
  });

  test('may hold bare strings', async () => {
    expect(texts(await readAll(path('s.ndjson', '"one"\n"two"\n')))).toEqual(['one', 'two']);
  });

  test('keeps line separators that only JSON allows inside a string', async () => {
    expect(texts(await readAll(path('sep.jsonl', '{"text":"a\u2028b\u0085c"}\n')))).toEqual([
      'a\u2028b\u0085c',
    ]);
  });

  test('names the line that is broken', async () => {
    expect(await refusal(path('b.jsonl', '{"text":"one"}\n{"text": oops}\n'))).toBe(
      "b.jsonl:2: the row is not valid JSON: unexpected token 'o'. Mend it, or leave such rows out with --on-bad-row skip.",
    );
    expect(await refusal(path('cut.jsonl', '{"text":"one"}\n{"text": "tw'))).toContain(
      'cut.jsonl:2: the row is not valid JSON: unterminated string',
    );
    expect(await refusal(path('n.jsonl', '{"text":"one"}\n17\n'))).toContain(
      'n.jsonl:2: the row is a number, not an object or a string',
    );
  });
});

describe('characters and rows across the chunks of the disk', () => {
  // Chunks are 256 KiB; a two-byte shift puts every border inside some three- or four-byte character.
  const unit = '日本語😀é';
  const long = unit.repeat(80_000);

  test.each([0, 1, 2, 3])('are whole again (shifted by %i)', async (shift) => {
    const text = 'x'.repeat(shift) + long;
    expect(texts(await readAll(path('long.jsonl', `${JSON.stringify({ text })}\n`)))).toEqual([
      text,
    ]);
    expect(texts(await readAll(path('long.json', JSON.stringify([{ text }, 'end']))))).toEqual([
      text,
      'end',
    ]);
    expect(texts(await readAll(path('long.csv', `text,n\n"${text}",1\n`)))).toEqual([text]);
    expect(texts(await readAll(path('long.txt', `${text}\nend`)))).toEqual([text, 'end']);
  });

  test('a line of five megabytes is a row like any other', async () => {
    const text = 'word '.repeat(1_000_000);
    const rows = await readAll(
      path('5mb.jsonl', `${JSON.stringify({ text })}\n{"text":"after"}\n`),
    );
    expect(rows.map((row) => row.text?.length)).toEqual([5_000_000, 5]);
  });
});

describe('plain text', () => {
  test('is a row a line, blank ones skipped, also under an unknown extension', async () => {
    const rows = await readAll(path('notes.md', '# [a] title\n\n{not: json}\n'));
    expect(texts(rows)).toEqual(['# [a] title', '{not: json}']);
    expect(rows.map((row) => row.at.line)).toEqual([1, 3]);
    const dataset = await openDataset([path('l.txt', 'one\n')]);
    expect(dataset.sources).toEqual([
      { path: path('l.txt'), format: 'lines', text: 'each line', textColumns: [] },
    ]);
  });

  test('must be UTF-8', async () => {
    const file = path('latin1.txt', Buffer.from('caf\xe9\nok\n', 'latin1'));
    expect(await refusal(file)).toBe(
      'latin1.txt:1: the row holds bytes that are not UTF-8 (convert the file with iconv). Mend it, or leave such rows out with --on-bad-row skip.',
    );
    expect(texts(await readAll(file, { onBadRow: 'skip' }))).toEqual(['ok']);
  });
});

describe('what is no dataset', () => {
  test.each([
    ['t.parquet', 'PAR1....', 't.parquet is no Parquet file or a truncated one'],
    ['old.feather', 'FEA1....', 'is a Feather file of version 1'],
    ['t.xlsx', 'PK\x03\x04....', 'is a ZIP archive'],
    ['t.txt.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'is a damaged or cut-off .zst file'],
    ['utf16.csv', Buffer.from('\uFEFFtext\n', 'utf16le'), 'is UTF-16 text'],
    ['junk.jsonl', Buffer.from([0x7b, 1, 2, 0, 3]), 'is binary (byte 3 is zero)'],
    ['empty.jsonl', '', 'empty.jsonl has no rows'],
    ['blank.txt', ' \n\n', 'blank.txt has no rows'],
    ['header.csv', 'text,label\n', 'header.csv has no rows'],
    ['empty.json', '[]', 'empty.json has no rows'],
  ])('%s is refused', async (name, content, message) => {
    expect(await refusal(path(name, content))).toContain(message);
  });

  test('a missing file and a folder are refused', async () => {
    expect(await refusal(path('nowhere.jsonl'))).toBe(
      'nowhere.jsonl does not exist; check the path.',
    );
    expect(await refusal(tmpdir())).toContain('is a folder; name the files in it');
    expect(await refusal([])).toContain('No input is given');
  });
});

describe('gzip', () => {
  test('of any format is unpacked', async () => {
    const jsonl = path('z.jsonl.gz', gzipSync('\uFEFF{"text":"one"}\n'));
    const csv = path('z.csv.gz', gzipSync('text,n\na b,2\n'));
    const npy = path('z.npy.gz', gzipSync(npyBytes('<f4', '1, 2', bytesOf(Float32Array.of(3, 4)))));
    expect(texts(await readAll(jsonl))).toEqual(['one']);
    expect(texts(await readAll(csv))).toEqual(['a b']);
    expect([...(await readAll(npy))[0]!.vector!]).toEqual([3, 4]);
  });

  test('that is cut off is refused', async () => {
    const whole = gzipSync(
      Array.from({ length: 500 }, (_, i) => `{"text":"row ${i * 7919}"}`).join('\n'),
    );
    expect(await refusal(path('cut.jsonl.gz', whole.subarray(0, -20)))).toContain(
      'cut.jsonl.gz is a damaged or cut-off .gz file',
    );
  });
});

/** Two frames one after the other, as `zstd -19` packs them. */
const ZSTD = Buffer.from(
  'KLUv/QRoeQAAeyJ0ZXh0Ijoib25lIn0KrVQD9Si1L/0EaAUBAKB7InRleHQiOiJ0d28ifQpocmVlIAMAwtQEUqom8KwD1sQaCw==',
  'base64',
);

describe('Zstandard', () => {
  test('of any format is unpacked, frame after frame', async () => {
    const three = 'three three three three three';
    const packed = path('z.jsonl.zst', ZSTD);
    expect(texts(await readAll(packed))).toEqual(['one', 'two', three, three, three]);
    expect(texts(await readAll(path('unnamed.jsonl', ZSTD)))).toHaveLength(5);
  });

  test('that is cut off or damaged is refused', async () => {
    const cut = await refusal(path('cut.jsonl.zst', ZSTD.subarray(0, -20)));
    expect(cut).toContain('cut.jsonl.zst is a damaged or cut-off .zst file');
  });
});

describe('standard input', () => {
  test.each([
    ['JSON Lines', '{"text":"one"}\n{"text":"two"}\n', 'jsonl'],
    ['one JSON object', '{"text":"one"}', 'jsonl'],
    ['a JSON array', ' [{"text":"one"}]', 'json'],
    ['an object of arrays', '{"data":[{"text":"one"}]}', 'json'],
    ['CSV', 'text,label\none,1\n"a, b",2\n', 'csv'],
    ['TSV', 'text\tlabel\none\t1\n', 'tsv'],
    ['prose with commas', 'Well, yes\nOne, two\n', 'lines'],
    ['prose in brackets', '[sic] he said\n{so} it goes\n', 'lines'],
    ['one word a line', 'one\ntwo\n', 'lines'],
    ['vectors', npyBytes('<f4', '1, 2', bytesOf(Float32Array.of(3, 4))), 'npy'],
    ['gzipped JSON Lines', gzipSync('{"text":"one"}\n'), 'jsonl'],
  ])('%s is told by its content', async (_, content, format) => {
    await fromStdin(content, async () => expect(await formatOf('-')).toBe(format));
  });

  test('is spooled to disk, so that it can be read again, and removed by close()', async () => {
    const spools = () => readdirSync(tmpdir()).filter((name) => /^gamut-\w{6}$/.test(name));
    const before = new Set(spools());
    const dataset = await fromStdin('one\ntwo\n', () => openDataset(['-']));
    const mine = spools().filter((name) => !before.has(name));
    expect(mine.length).toBeGreaterThan(0);
    expect(texts(await collect(dataset))).toEqual(['one', 'two']);
    expect(await collect(dataset)).toEqual(await collect(dataset));
    await dataset.close();
    await expect(collect(dataset)).rejects.toThrow();
  });

  test('can be only one input, and is called so in messages', async () => {
    expect(await refusal(['-', '-'])).toContain('is given twice');
    const message = await fromStdin('{"text":"one"}\n{"text":""}\n', () => refusal('-'));
    expect(message).toContain('standard input:2: the row has no text: text is empty');
  });

  test.skipIf(process.platform === 'win32')('and named pipes are read once, too', async () => {
    const pipe = path('pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `printf '{"text":"one"}\\n{"text":"two"}\\n' > ${pipe}`]);
    const rows = await readAll(pipe);
    writer.kill();
    expect(existsSync(pipe)).toBe(true);
    expect(texts(rows)).toEqual(['one', 'two']);
  });
});
