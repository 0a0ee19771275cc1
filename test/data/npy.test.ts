import { describe, expect, test } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { bytesOf, fixtures, npyBytes, readAll, refusal } from './helpers.ts';

const { path } = fixtures();

const vectors = async (name: string, content: Uint8Array): Promise<number[][]> =>
  (await readAll(path(name, content))).map((row) => [...row.vector!]);

describe('.npy', () => {
  test.each([
    ['<f4', Float32Array.of(1, 2.5, -3, 4)],
    ['<f8', Float64Array.of(1, 2.5, -3, 4)],
    ['<f2', Uint16Array.of(0x3c00, 0x4100, 0xc200, 0x4400)],
    ['<i8', BigInt64Array.of(1n, 2n, -3n, 4n)],
    ['|i1', Int8Array.of(1, 2, -3, 4)],
    ['<u2', Uint16Array.of(1, 2, 3, 4)],
  ])('of %s has a vector a row', async (descr, data) => {
    const [first, second] = await vectors('v.npy', npyBytes(descr, '2, 2', bytesOf(data)));
    expect(first).toEqual([1, descr.includes('f') ? 2.5 : 2]);
    expect(second).toEqual([descr.startsWith('<u') ? 3 : -3, 4]);
  });

  test('says how long its vectors are, and its rows are vectors without columns', async () => {
    const file = path('k.npy', npyBytes('<f4', '2, 3', bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))));
    const dataset = await openDataset([file]);
    expect([dataset.kind, dataset.dims]).toEqual(['vectors', 3]);
    expect(dataset.sources).toEqual([{ path: file, format: 'npy', text: null, textColumns: [] }]);
    const [row] = await readAll(file);
    expect(row).toEqual({
      id: '0',
      text: null,
      vector: Float32Array.of(1, 2, 3),
      columns: {},
      at: { source: 0, line: 1 },
    });
  });

  test('half floats of every kind come out right', async () => {
    // Smallest subnormal, largest subnormal, smallest normal, largest, -2, 1/3 rounded.
    const halves = Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x7bff, 0xc000, 0x3555);
    const [row] = await vectors('h.npy', npyBytes('<f2', '1, 6', bytesOf(halves)));
    expect(row).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, -2, 0.333251953125]);
  });

  test('rows across chunks are whole', async () => {
    const [rows, dims] = [1500, 129];
    const data = Float32Array.from({ length: rows * dims }, (_, i) => i + 1);
    const read = await readAll(path('big.npy', npyBytes('<f4', `${rows}, ${dims}`, bytesOf(data))));
    expect(read.length).toBe(rows);
    expect(
      read.every((row, i) => row.vector!.every((value, j) => value === i * dims + j + 1)),
    ).toBe(true);
  });

  const floats = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));
  test.each([
    [
      'NaN',
      npyBytes('<f4', '2, 2', floats(1, 2, Number.NaN, 4)),
      'x.npy, row 2: the row has NaN in position 0',
    ],
    [
      'infinity',
      npyBytes('<f4', '1, 2', floats(1, Number.POSITIVE_INFINITY)),
      'row 1: the row has an infinite number in position 1',
    ],
    ['a row of zeros', npyBytes('<f4', '2, 2', floats(1, 2, 0, 0)), 'row 2: the row is all zeros'],
    [
      'missing bytes',
      npyBytes('<f4', '3, 2', floats(1, 2, 3, 4)),
      'x.npy is truncated: its header promises 152 bytes, the file has 144',
    ],
    ['bytes too many', npyBytes('<f4', '1, 1', floats(1, 2)), 'x.npy is damaged'],
    [
      'half a header',
      npyBytes('<f4', '1, 1', floats(1)).subarray(0, 40),
      'x.npy is truncated: its header is not complete',
    ],
    ['no header', Buffer.from('hello'), 'x.npy is no .npy file'],
    [
      'one dimension',
      npyBytes('<f4', '2,', floats(1, 2)),
      'x.npy has the shape (2,), where two dimensions are needed',
    ],
    ['no rows', npyBytes('<f4', '0, 2', floats()), 'x.npy has no rows'],
    [
      'columns first',
      npyBytes('<f4', '2, 2', floats(1, 2, 3, 4), true),
      'x.npy is stored column by column',
    ],
    ['big-endian', npyBytes('>f4', '1, 1', floats(1)), 'x.npy is big-endian (>f4)'],
    ['complex numbers', npyBytes('<c8', '1, 1', floats(1, 2)), 'x.npy holds elements of type <c8'],
  ])('with %s is refused', async (_, content, message) => {
    expect(await refusal(path('x.npy', content))).toContain(message);
  });

  test('rows of zeros are kept where they are allowed, and bad ones left out when asked', async () => {
    const file = path('z.npy', npyBytes('<f4', '3, 1', floats(0, Number.NaN, 2)));
    const rows = await readAll(file, { refuseZeroVectors: false, onBadRow: 'skip' });
    expect(rows.map((row) => [row.id, row.vector![0]])).toEqual([
      ['0', 0],
      ['2', 2],
    ]);
  });

  test('inputs of other lengths or kinds do not go together', async () => {
    const two = path('two.npy', npyBytes('<f4', '1, 2', floats(1, 2)));
    const three = path('three.npy', npyBytes('<f4', '1, 3', floats(1, 2, 3)));
    const text = path('t.txt', 'hello\n');
    expect(await refusal([two, three])).toBe(
      'three.npy has vectors of length 3 where two.npy has 2; embed both with one model.',
    );
    expect(await refusal([two, text])).toContain('t.txt holds text and two.npy holds vectors');
    expect(await refusal(two, { text: 'text' })).toContain(
      '--text is given, but two.npy holds vectors',
    );
  });
});
