import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/data/safetensors.ts';

const file = (header: unknown, data: Uint8Array): Buffer => {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
};

describe('safetensors', () => {
  test('come back as they were written', () => {
    const bytes = Buffer.concat(
      encodeSafetensors(
        {
          small: { shape: [3], data: Int8Array.of(-1, 0, 127) },
          table: { shape: [2, 2], data: Float32Array.of(1, -2.5, 3, 4) },
          wide: { shape: [1], data: Float64Array.of(0.1) },
          empty: { shape: [0, 4], data: new Float32Array(0) },
        },
        { made: 'here' },
      ),
    );
    const read = decodeSafetensors(bytes, 'x');
    expect(read.names.toSorted()).toEqual(['empty', 'small', 'table', 'wide']);
    expect([...read.floats('table')]).toEqual([1, -2.5, 3, 4]);
    expect([...read.floats('small')]).toEqual([-1, 0, 127]);
    expect([...read.integers('small')]).toEqual([-1, 0, 127]);
    expect(read.floats('wide')[0]).toBeCloseTo(0.1);
    expect(read.shape('empty')).toEqual([0, 4]);
    expect(read.metadata).toEqual({ made: 'here' });
  });

  test('of half precision, and at odd places, are read', () => {
    const data = Buffer.from([0, ...[0x00, 0x3c], ...[0x00, 0xc0], ...[0x80, 0x3f]]);
    const header = {
      byte: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      half: { dtype: 'F16', shape: [2], data_offsets: [1, 5] },
      brain: { dtype: 'BF16', shape: [1], data_offsets: [5, 7] },
    };
    const read = decodeSafetensors(file(header, data), 'x');
    expect([...read.floats('half')]).toEqual([1, -2]);
    expect([...read.floats('brain')]).toEqual([1]);
  });

  test.each([
    ['nothing', Buffer.alloc(3), /no header/],
    [
      'a header longer than the file',
      Buffer.from('\xff\xff\xff\x00\x00\x00\x00\x00{}', 'latin1'),
      /header/,
    ],
    ['no JSON', file(null, Buffer.alloc(0)).fill(0x7b, 8), /no JSON/],
    [
      'a tensor beyond the end',
      file({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, Buffer.alloc(4)),
      /outside/,
    ],
    [
      'a shape that is not its length',
      file({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, Buffer.alloc(4)),
      /shape/,
    ],
    [
      'a type nobody knows',
      file({ t: { dtype: 'F4', shape: [2], data_offsets: [0, 1] } }, Buffer.alloc(1)),
      /F4/,
    ],
  ])('with %s are refused with the reason', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'weights')).toThrow(message);
  });
});
