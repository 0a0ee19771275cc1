import type { Tensor } from 'onnxruntime-node';
import { halfToFloat } from '../base/halves.ts';
import type { Pooling } from './embedder.ts';

/** Windows of tokens as a model takes them: padded behind, with the markers around each. */
export interface PaddedWindows {
  readonly rows: number;
  readonly width: number;
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
  /** How many tokens each window has, the markers included. */
  readonly lengths: Int32Array;
}

/** The marks around every text. */
export interface Around {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export function padWindows(
  windows: readonly Int32Array[],
  length: number,
  { before, after }: Around,
): PaddedWindows {
  const rows = windows.length;
  const width = Math.max(1, length + before.length + after.length);
  const ids = new BigInt64Array(rows * width);
  const mask = new BigInt64Array(rows * width);
  // The lower halves of the numbers, which are all that a token needs: no BigInt is made for each.
  const low = new Int32Array(ids.buffer);
  const lowMask = new Int32Array(mask.buffer);
  const lengths = new Int32Array(rows);
  for (const [row, window] of windows.entries()) {
    let at = row * width;
    for (const part of [before, window, after]) {
      for (let i = 0; i < part.length; i += 1) {
        low[2 * at] = part[i]!;
        lowMask[2 * at] = 1;
        at += 1;
      }
    }
    // A model without markers reads an empty text as one token of padding: a mean over nothing is none.
    if (at === row * width) lowMask[2 * at] = 1;
    lengths[row] = Math.max(1, at - row * width);
  }
  return { rows, width, ids, mask, lengths };
}

/** A model's numbers as float32, whatever precision they came in. */
export function floatsOf({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16') {
    const halves = new Uint16Array(
      (data as Uint16Array).buffer,
      (data as Uint16Array).byteOffset,
      data.length,
    );
    return Float32Array.from(halves, (half) => halfToFloat(half));
  }
  return Float32Array.from(data as ArrayLike<number>, Number);
}

/** One vector a window from its tokens' vectors, rows × width × dims; not normalised. */
export function pool(
  hidden: Float32Array,
  { rows, width, lengths }: PaddedWindows,
  pooling: Exclude<Pooling, 'none'>,
): Float32Array {
  const dims = hidden.length / (rows * width);
  const vectors = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row += 1) {
    const into = vectors.subarray(row * dims, (row + 1) * dims);
    const first = pooling === 'last' ? lengths[row]! - 1 : 0;
    const last = pooling === 'cls' ? 0 : lengths[row]! - 1;
    for (let token = first; token <= last; token += 1) {
      const at = (row * width + token) * dims;
      for (let j = 0; j < dims; j += 1) into[j]! += hidden[at + j]!;
    }
  }
  return vectors;
}
