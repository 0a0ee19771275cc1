import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import type { Report } from '../../src/audit/report.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { gaussianRows } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 6;
const { path } = fixtures();
const rows = samples(24, 1, ['cooking', 'space', 'cooking']);
const texts = path('texts.jsonl', jsonl(rows));
const vectors = path(
  'vectors.npy',
  npyBytes('<f4', `24, ${DIMS}`, bytesOf(gaussianRows(24, DIMS, 1))),
);

const report = async (input: string, labels: string): Promise<Report> =>
  (await audit(input, { labels, map: false, measures: 'cluster-entropy,silhouette' })).report;

const refused = async (input: string, labels: string): Promise<string> => {
  const error = await report(input, labels).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'GamutError', kind: 'input' });
  return (error as Error).message;
};

describe('labels from a column', () => {
  test('take the place of found clusters and name them, largest first', async () => {
    const { clusters, settings } = await report(texts, 'theme');
    expect(settings.clusters).toEqual({ k: 2, source: 'given' });
    expect(clusters.map(({ name, rows: n }) => [name, n])).toEqual([
      ['cooking', 16],
      ['space', 8],
    ]);
  });

  test('may be numbers or truth values', async () => {
    const file = path(
      'typed.jsonl',
      jsonl(samples(9, 2).map((row, i) => ({ ...row, level: i % 3, good: i % 2 === 0 }))),
    );
    expect((await report(file, 'level')).clusters.map(({ name }) => name)).toEqual(['0', '1', '2']);
    expect((await report(file, 'good')).clusters.map(({ name }) => name)).toEqual([
      'true',
      'false',
    ]);
  });

  test('are refused where a row has none, naming the row and the columns it has', async () => {
    const message = await refused(texts, 'topic');
    expect(message).toContain("The row on line 1 (id row-0) has no label: column 'topic'");
    expect(message).toContain('id, text, theme');
    const gap = path('gap.jsonl', jsonl([...rows, { id: 'last', text: 'No theme here.' }]));
    expect(await refused(gap, 'theme')).toContain('(id last)');
  });

  test('are columns of the data, not what objects have by themselves', async () => {
    expect(await refused(texts, 'constructor')).toContain("column 'constructor' is missing");
  });

  test('are refused for vectors, which have no columns', async () => {
    expect(await refused(vectors, 'theme')).toContain('columns: none');
  });
});

describe('labels from a .npy file', () => {
  const numbers = Array.from({ length: 24 }, (_, i) => i % 3);
  const file = (name: string, descr: string, shape: string, data: ArrayBufferView): string =>
    path(name, npyBytes(descr, shape, bytesOf(data)));

  test.each([
    ['int64 as numpy makes them', '<i8', '24,', BigInt64Array.from(numbers, BigInt)],
    ['int32', '<i4', '24,', Int32Array.from(numbers)],
    ['uint8', '|u1', '24,', Uint8Array.from(numbers)],
    ['float64', '<f8', '24,', Float64Array.from(numbers)],
    ['a column of a matrix', '<i4', '24, 1', Int32Array.from(numbers)],
  ])('%s', async (name, descr, shape, data) => {
    const labels = file(`${name}.npy`, descr, shape, data);
    for (const input of [vectors, texts]) {
      const { clusters } = await report(input, labels);
      expect(clusters.map(({ name: label, rows: n }) => [label, n])).toEqual([
        ['0', 8],
        ['1', 8],
        ['2', 8],
      ]);
    }
  });

  test('large integers stay different', async () => {
    const large = BigInt64Array.from(numbers, (label) => 9007199254740993n + BigInt(label));
    const { clusters } = await report(vectors, file('large.npy', '<i8', '24,', large));
    expect(clusters.map(({ name }) => name)).toEqual([
      '9007199254740993',
      '9007199254740994',
      '9007199254740995',
    ]);
  });

  test('too few or too many are refused with both counts', async () => {
    const few = file('few.npy', '<i4', '23,', Int32Array.from(numbers.slice(1)));
    expect(await refused(vectors, few)).toContain('23 labels for 24 rows');
    const many = file('many.npy', '<i4', '25,', Int32Array.from([...numbers, 0]));
    expect(await refused(texts, many)).toContain('25 labels for 24 rows');
  });

  test('several numbers a row, a truncated or a missing file are refused', async () => {
    const wide = file('wide.npy', '<f4', '24, 2', new Float32Array(48));
    expect(await refused(vectors, wide)).toContain('one a row');
    const cut = file('cut.npy', '<i4', '24,', new Int32Array(20));
    expect(await refused(vectors, cut)).toContain('truncated');
    expect(await refused(vectors, path('none.npy'))).toContain('does not exist');
  });
});

test('labels and a number of clusters contradict each other', async () => {
  await expect(audit(texts, { labels: 'theme', clusters: 3 })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('contradict'),
  });
});
