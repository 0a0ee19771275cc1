import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { fixtures, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();
const readCsv = (content: string, name = 'x.csv') => readAll(path(name, content), { text: 'text' });

describe('CSV', () => {
  test('has its columns named by the first line; values stay strings', async () => {
    const rows = await readCsv('text,score\nhello,0.50\n');
    expect(rows[0]!.columns).toEqual({ text: 'hello', score: '0.50' });
    expect(rows[0]!.at.line).toBe(2);
  });

  test('may quote delimiters, quotes and line ends, and counts lines right', async () => {
    const rows = await readCsv(
      '\uFEFFtext,n\r\n"a, ""b""\r\n\r\nc",1\r\n\r\nplain "quote" inside,2\r\n"",3\r\n',
      'q.csv',
    ).catch((error: Error) => error.message);
    expect(rows).toContain('q.csv:7: the row has no text: text is empty');
    const good = await readCsv(
      '\uFEFFtext,n\r\n"a, ""b""\r\n\r\nc",1\r\n\r\nplain "quote" inside,2\r\n',
    );
    expect(texts(good)).toEqual(['a, "b"\n\nc', 'plain "quote" inside']);
    expect(good.map((row) => row.at.line)).toEqual([2, 6]);
  });

  test('names an unnamed column by its number, as the index that pandas writes', async () => {
    expect((await readCsv(',text\n0,hello\n'))[0]!.columns).toEqual({
      'column 1': '0',
      text: 'hello',
    });
  });

  test('may be separated by semicolons', async () => {
    expect(texts(await readCsv('id;text\n1;a, b\n'))).toEqual(['a, b']);
  });

  test('is refused where a record has another number of fields', async () => {
    expect(await refusal(path('f.csv', 'text,label\na,1\nb, c,2\n'))).toBe(
      'f.csv:3: the row has 3 fields where the header has 2 (is a field not quoted?). Mend it, or leave such rows out with --on-bad-row skip.',
    );
  });

  test('is refused where quotes make no sense', async () => {
    expect(await refusal(path('c.csv', 'text,label\n"a" b,1\n'))).toContain(
      'c.csv:2: the row has text after the closing quote of field 1',
    );
    expect(
      await refusal(path('o.csv', 'text,label\nx,1\n"a,1\nb,2\n'), { onBadRow: 'skip' }),
    ).toContain('o.csv:3: a quote that is opened in this row is never closed');
  });

  test('goes on after a bad record when asked', async () => {
    const dataset = await openDataset([path('s.csv', 'text,n\n"a" b,1\n1,2,3\n"x\ny",2\n')], {
      onBadRow: 'skip',
    });
    const seen: (string | null)[] = [];
    for await (const row of dataset.rows()) seen.push(row.text);
    expect(seen).toEqual(['x\ny']);
    expect(dataset.badRows.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('needs a header line', async () => {
    expect(await refusal(path('h.csv', 'a cat,0024,5.000\na dog,0025,1.000\n'))).toBe(
      'h.csv:1 is no header line: field 2 is the number 0024. Put a first line with the names of the columns.',
    );
    expect(await refusal(path('d.csv', 'yes,yes\nno,yes\n'))).toContain(
      'two columns are called "yes"',
    );
  });
});

describe('TSV', () => {
  test('is told by its name, or by a header with tabs and no commas', async () => {
    for (const name of ['x.tsv', 'x.csv']) {
      const dataset = await openDataset([path(name, 'text\tlabel\na, b\t1\n')]);
      expect(dataset.sources[0]!.format).toBe('tsv');
    }
  });

  test('takes quotes for ordinary characters unless they wrap a field', async () => {
    const rows = await readCsv(
      'text\tn\n"Hello," he said\t1\n"all ""of"" it"\t2\nhe said "no"\t3\n"\t4\n',
      'q.tsv',
    );
    expect(texts(rows)).toEqual(['"Hello," he said', 'all "of" it', 'he said "no"', '"']);
  });
});
