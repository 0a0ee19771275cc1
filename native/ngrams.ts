/**
 * Texts to hashes of their n-grams: text → 64-bit hashes of its words or characters (`words`, `terms`,
 * `characters`) → 64-bit hashes of every run of n of them (`grams`). Hashes are the same on every
 * build and machine. sketches.ts, table.ts and counts.ts, exported from here too, count them.
 *
 * The caller (src/compute/ngrams.ts) gets every region from `allocate` and owns it. Texts lie one
 * after the other, with 16 bytes to spare after the last that may hold anything; `ends` has a u32 for
 * each document, where it ends: in bytes of text, in tokens, in n-grams. No n-gram reaches across the
 * end of a document. Text should be UTF-8; a byte that is out of place is a character of its own.
 */

import { finish, hashBytes, SEED } from './hashes';
import { characterAt, skipLetters, spaceAt } from './utf8';

export { admit, collectCounts, collectGroups, count, groupsOf, thin } from './counts';
export { allocate, release } from './heap';
export { matches, repetitions } from './overlaps';
export { sortByKey, sortScratch } from './radix';
export { keepSmallest, register } from './sketches';
export { collect, documentsOf, rehash, tally } from './table';
export { terms } from './terms';

/** Odd, and 3 modulo 8, which loses the fewest bits where n-grams repeat words in mirrored orders. */
const BASE: u64 = 0xd1342543de82ef9b;

/**
 * The hash of every word (a longest run without white space) to `tokens`, and where each document's
 * end to `tokenEnds`. Returns how many: at most one for every two bytes, and one more a document.
 */
export function words(
  text: usize,
  ends: usize,
  documents: i32,
  tokens: usize,
  tokenEnds: usize,
): i32 {
  let p = text;
  let out = tokens;
  for (let document = 0; document < documents; document++) {
    const end = text + load<u32>(ends + ((<usize>document) << 2));
    while (p < end) {
      const space = spaceAt(p, end);
      if (space > 0) {
        p += space;
        continue;
      }
      const start = p;
      do {
        p = skipLetters(p + 1, end);
      } while (p < end && spaceAt(p, end) == 0);
      store<u64>(out, hashBytes(start, <i32>(p - start)));
      out += 8;
    }
    store<u32>(tokenEnds + ((<usize>document) << 2), <u32>((out - tokens) >>> 3));
  }
  return <i32>((out - tokens) >>> 3);
}

/** The same for characters (Unicode code points, white space included): at most one for every byte. */
export function characters(
  text: usize,
  ends: usize,
  documents: i32,
  tokens: usize,
  tokenEnds: usize,
): i32 {
  let p = text;
  let out = tokens;
  for (let document = 0; document < documents; document++) {
    const end = text + load<u32>(ends + ((<usize>document) << 2));
    while (p < end) {
      const length = characterAt(p, end);
      store<u64>(out, hashBytes(p, length));
      out += 8;
      p += length;
    }
    store<u32>(tokenEnds + ((<usize>document) << 2), <u32>((out - tokens) >>> 3));
  }
  return <i32>((out - tokens) >>> 3);
}

/**
 * The hash of every run of `size` tokens within a document to `out`, never 0, and where each
 * document's end to `outEnds`. Returns how many: no more than there are tokens.
 */
export function grams(
  tokens: usize,
  tokenEnds: usize,
  documents: i32,
  size: i32,
  out: usize,
  outEnds: usize,
): i32 {
  let leaving: u64 = 1;
  for (let i = 0; i < size; i++) leaving *= BASE;
  const bytes = (<usize>size) << 3;
  const salt = <u64>size * SEED;
  let first = tokens;
  let to = out;
  for (let document = 0; document < documents; document++) {
    const end = tokens + ((<usize>load<u32>(tokenEnds + ((<usize>document) << 2))) << 3);
    let rolling: u64 = 0;
    for (let p = first; p < end; p += 8) {
      rolling = rolling * BASE + load<u64>(p);
      if (p < first + bytes - 8) continue;
      if (p >= first + bytes) rolling -= leaving * load<u64>(p - bytes);
      const hash = finish(rolling + salt);
      store<u64>(to, hash == 0 ? 1 : hash);
      to += 8;
    }
    first = end;
    store<u32>(outEnds + ((<usize>document) << 2), <u32>((to - out) >>> 3));
  }
  return <i32>((to - out) >>> 3);
}
