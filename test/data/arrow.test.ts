import {
  dictionary,
  field,
  fixedSizeList,
  float32,
  float64,
  int32,
  int64,
  list,
  struct,
  tableFromArrays,
  tableToIPC,
  timestamp,
  utf8,
} from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { collect, fixtures, readAll, refusal, texts } from './helpers.ts';

const { path } = fixtures();
type Arrays = Parameters<typeof tableFromArrays>[0];
type Types = NonNullable<NonNullable<Parameters<typeof tableFromArrays>[1]>['types']>;

function arrow(arrays: Arrays, types: Types = {}, format: 'file' | 'stream' = 'file'): Buffer {
  const table = tableFromArrays(arrays, { types, maxBatchRows: 2 });
  return Buffer.from(tableToIPC(table, { format })!);
}

const TEXTS = ['one', 'two', 'three', 'four', 'five'];
const turn = struct([field('role', utf8()), field('content', utf8())]);

const KINDS: [Arrays, Types] = [
  {
    text: TEXTS,
    topic: ['a', 'b', 'a', null, 'c'],
    n: [1, 2, 3, 4, 5],
    big: [1n, 2n, 3n, 4n, 9007199254740993n],
    score: [0.5, Number.NaN, 1, 2, null],
    when: TEXTS.map((_, i) => new Date(i * 1000)),
    numbers: TEXTS.map((_, i) => [i, i + 1]),
  },
  {
    text: utf8(),
    topic: dictionary(utf8()),
    n: int32(),
    big: int64(),
    score: float64(),
    when: timestamp(),
    numbers: list(int32()),
  },
];

describe.each(['file', 'stream'] as const)('Arrow as a %s', (format) => {
  test('gives columns of every kind, batch after batch', async () => {
    const rows = await readAll(path(`kinds.${format}.arrow`, arrow(...KINDS, format)));
    expect(texts(rows)).toEqual(TEXTS);
    expect(rows.map((row) => row.at.line)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[1]!.columns).toEqual({
      text: 'two',
      topic: 'b',
      n: 2,
      big: 2,
      score: null,
      when: '1970-01-01T00:00:01.000Z',
      numbers: [1, 2],
    });
    expect(rows[4]!.columns).toMatchObject({ topic: 'c', big: '9007199254740993', score: null });
  });

  test('finds conversations in nested columns', async () => {
    const messages = TEXTS.map((content) => [{ role: 'user', content }]);
    const bytes = arrow({ messages }, { messages: list(turn) }, format);
    expect(texts(await readAll(path(`chat.${format}.arrow`, bytes)))).toEqual(TEXTS);
  });

  test('is told by its content and can be read again', async () => {
    const bytes = arrow({ text: TEXTS }, {}, format);
    const dataset = await openDataset([path(`odd.${format}.jsonl`, bytes)]);
    expect(dataset.sources[0]!.format).toBe('arrow');
    expect(await collect(dataset)).toEqual(await collect(dataset));
  });

  test('that is cut off anywhere is refused', async () => {
    const bytes = arrow(...KINDS, format);
    for (const kept of [0.3, 0.6, 0.95].map((share) => Math.floor(bytes.length * share))) {
      // A stream may lack its mark of the end: then it ends where a message does.
      const message = await refusal(path('cut.arrow', bytes.subarray(0, kept))).catch(() => null);
      if (format === 'file') expect(message).toContain('cut.arrow is a truncated Arrow file');
      else if (message !== null) expect(message).toMatch(/truncated|damaged|no rows/);
    }
  });
});

describe('vectors in a column', () => {
  const vectors = TEXTS.map((_, i) => [i + 1, 2, 3]);
  const types = { embedding: list(float32()) };

  test('are the rows where there is no text, and the other columns stay', async () => {
    const file = path('v.arrow', arrow({ id: TEXTS, topic: TEXTS, embedding: vectors }, types));
    const dataset = await openDataset([file]);
    expect([dataset.kind, dataset.dims]).toEqual(['vectors', 3]);
    const rows = await collect(dataset);
    expect(rows.map(({ vector }) => [...vector!])).toEqual(vectors);
    expect(rows[1]).toMatchObject({ id: 'two', text: null, columns: { id: 'two', topic: 'two' } });
  });

  test('may be of a fixed size and of doubles', async () => {
    const fixed = { x: fixedSizeList(float64(), 3) };
    const rows = await readAll(path('fixed.arrow', arrow({ id: TEXTS, x: vectors }, fixed)));
    expect([...rows[4]!.vector!]).toEqual([5, 2, 3]);
  });

  test('give way to a text, by its name or because it is asked for', async () => {
    const both = arrow({ text: TEXTS, embedding: vectors }, types);
    expect(texts(await readAll(path('both.arrow', both)))).toEqual(TEXTS);
    const asked = arrow({ body: TEXTS, embedding: vectors }, types);
    expect(texts(await readAll(path('asked.arrow', asked), { text: 'body' }))).toEqual(TEXTS);
  });

  test('that are missing, of other lengths or no numbers are named by their row', async () => {
    const one = (embedding: unknown[]): string =>
      path('bad.arrow', arrow({ embedding: embedding as number[][] }, types));
    expect(await refusal(one([[1, 2], null]))).toContain(
      'bad.arrow, row 2: the row has no vector: embedding is empty',
    );
    expect(await refusal(one([[1, 2], [3]]))).toContain(
      'row 2: the row has a vector of length 1 where the first has 2',
    );
    expect(await refusal(one([[1, Number.NaN]]))).toContain('has NaN in position 1 of embedding');
    expect(await refusal(one([[0, 0]]))).toContain('is all zeros');
  });
});
