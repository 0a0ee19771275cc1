/**
 * Decompresses an LZ4 frame, as Arrow's `lz4` compression has it (LZ4 frame format 1.6: blocks of one
 * frame may refer to each other, so all go into one output). Checksums are not verified. Throws where
 * the input does not add up to `length` bytes.
 */
export function decompressLz4Frame(input: Uint8Array, length: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const flags = input[4]!;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  const output = new Uint8Array(length);
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  let written = 0;
  while (at + 4 <= input.length) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const stored = (size & 0x80000000) !== 0;
    const end = at + (size & 0x7fffffff);
    if (end > input.length) throw damaged();
    const block = input.subarray(at, end);
    if (!stored) written = decompressBlock(block, output, written);
    else if (written + block.length > length) throw damaged();
    else {
      output.set(block, written);
      written += block.length;
    }
    at = end + blockChecksum;
  }
  if (written !== length) throw damaged();
  return output;
}

const MAGIC = 0x184d2204;
/** A match is at least this long; its length is stored without it. */
const LEAST_MATCH = 4;

const damaged = (): Error => new Error('an LZ4 frame is damaged');

/** Appends one block to the output at `to`; says where it ends. */
function decompressBlock(input: Uint8Array, output: Uint8Array, to: number): number {
  let at = 0;
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble === 15) {
      let byte = 255;
      while (byte === 255 && at < input.length) {
        byte = input[at++]!;
        length += byte;
      }
    }
    return length;
  };
  while (at < input.length) {
    const token = input[at++]!;
    const literals = lengthOf(token >> 4);
    if (at + literals > input.length || to + literals > output.length) throw damaged();
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence of a block has literals only.
    if (at >= input.length) return to;
    if (at + 2 > input.length) throw damaged();
    const offset = input[at]! | (input[at + 1]! << 8);
    at += 2;
    const match = lengthOf(token & 15) + LEAST_MATCH;
    if (offset === 0 || offset > to || to + match > output.length) throw damaged();
    if (offset >= match) output.copyWithin(to, to - offset, to - offset + match);
    else for (let i = 0; i < match; i += 1) output[to + i] = output[to + i - offset]!;
    to += match;
  }
  return to;
}
