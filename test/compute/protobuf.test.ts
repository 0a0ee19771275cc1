import { expect, test } from 'vitest';
import { Writer } from '../../src/compute/protobuf.ts';

/** The bytes of one message as the format's documentation prints them. */
const hex = (writer: Writer): string => Buffer.from(writer.finish()).toString('hex');

test('an integer is a varint after its field number, seven bits a byte', () => {
  expect(hex(new Writer().integer(1, 0))).toBe('0800');
  expect(hex(new Writer().integer(1, 127))).toBe('087f');
  // The example of protobuf.dev/programming-guides/encoding: field 1, value 150.
  expect(hex(new Writer().integer(1, 150))).toBe('089601');
  expect(hex(new Writer().integer(1, 2 ** 40))).toBe('08808080808020');
});

test('a negative integer takes ten bytes, as number or bigint', () => {
  expect(hex(new Writer().integer(1, -1))).toBe(`08${'ff'.repeat(9)}01`);
  expect(hex(new Writer().integer(1, -2n))).toBe(`08fe${'ff'.repeat(8)}01`);
});

test('64-bit integers keep every bit', () => {
  expect(hex(new Writer().integer(1, 2n ** 63n - 1n))).toBe(`08${'ff'.repeat(8)}7f`);
});

test('field numbers above 15 take two bytes', () => {
  expect(hex(new Writer().integer(20, 7))).toBe('a00107');
});

test('a float is four little-endian bytes', () => {
  expect(hex(new Writer().float(2, 1))).toBe('150000803f');
});

test('text is UTF-8 after its length in bytes', () => {
  expect(hex(new Writer().text(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(new Writer().text(2, 'é'))).toBe('1202c3a9');
  expect(hex(new Writer().text(2, ''))).toBe('1200');
});

test('a message is its bytes after their length', () => {
  expect(hex(new Writer().message(3, new Writer().integer(1, 150)))).toBe('1a03089601');
  expect(hex(new Writer().message(3, new Writer()))).toBe('1a00');
  const twice = new Writer().message(1, new Writer().message(2, new Writer().integer(3, 4)));
  expect(hex(twice)).toBe('0a0412021804');
});

test('repeated integers are packed into one field', () => {
  expect(hex(new Writer().packed(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  expect(hex(new Writer().packed(6, []))).toBe('3200');
});

test('bytes of a view are the view, not its whole buffer', () => {
  const whole = Uint8Array.of(9, 1, 2, 9);
  expect(hex(new Writer().bytes(1, whole.subarray(1, 3)))).toBe('0a020102');
});
