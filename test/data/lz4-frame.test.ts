import { expect, test } from 'vitest';
import { decompressLz4Frame } from '../../src/data/lz4-frame.ts';

/** What `lz4 -9 -BD -B4` makes of 6,000 lines: two blocks, the second of which refers to the first. */
const LINKED = Buffer.from(
  'BCJNGERAXtkBAADxAGxpbmUgMCBvZiBtYW55Cg8AGjEPABoyDwAaMw8AGjQPABo1DwAaNg8AGjcPABo4DwAbOYcADJcAC5gAGzGZABsxmgAbMZsAGzGcABsxnQAbMZ4AGzGfABsxoAAbMqAAHDI4AQugABsyoAAbMqAAGzKgABsyoAAbMqAAGzKgABsyoAAbM6AAGzOgABwz2QELoAAbM6AAGzOgABszoAAbM6AAGzOgABszoAAbNKAAGzSgABs0oAAcNHoCC6AAGzSgABs0oAAbNKAAGzSgABs0oAAPFgP/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////ylBmIG1hbnwAAAAPFgP///////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+qUG1hbnkKAAAAAPY9fN4=',
  'base64',
);
/** 'abc' as `lz4` stores it: not compressed, with a checksum of each block. */
const STORED = Buffer.from('BCJNGHRAvQMAAIBhYmP/U9EyAAAAAP9T0TI=', 'base64');

const LINES = Array.from({ length: 6000 }, (_, i) => `line ${i % 50} of many\n`).join('');

test('blocks that refer to earlier ones, and blocks that are stored, come out whole', () => {
  const lines = decompressLz4Frame(LINKED, LINES.length);
  expect(Buffer.from(lines).toString()).toBe(LINES);
  expect(Buffer.from(decompressLz4Frame(STORED, 3)).toString()).toBe('abc');
});

test('what is cut off, of another length or no frame is refused', () => {
  const refused = 'an LZ4 frame is damaged';
  expect(() => decompressLz4Frame(LINKED.subarray(0, 300), LINES.length)).toThrow(refused);
  expect(() => decompressLz4Frame(LINKED, LINES.length - 1)).toThrow(refused);
  expect(() => decompressLz4Frame(LINKED, LINES.length + 1)).toThrow(refused);
  expect(() => decompressLz4Frame(Buffer.from('not a frame'), 3)).toThrow(refused);
  expect(() => decompressLz4Frame(STORED.subarray(0, 5), 3)).toThrow(refused);
});
