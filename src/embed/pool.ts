import type { TokenPool } from '../compute/token-pool.ts';
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

/** Which of its tokens' vectors make up each window's vector; not normalised. */
export function tokenPool(
  output: string,
  { rows, width, lengths }: PaddedWindows,
  pooling: Exclude<Pooling, 'none'>,
): TokenPool {
  const spans = new Int32Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    const end = lengths[row]! - 1;
    spans[2 * row] = pooling === 'last' ? end : 0;
    spans[2 * row + 1] = pooling === 'cls' ? 0 : end;
  }
  return { output, spans, width };
}
