/**
 * Texts to hashes of their n-grams: text → 64-bit hashes of its words or characters (`words`,
 * `characters`) → 64-bit hashes of every run of n of them (`grams`). Hashes are the same on every
 * build and machine. sketches.ts and table.ts, exported from here too, count them.
 *
 * The caller (src/compute/ngrams.ts) gets every region from `allocate` and owns it. Texts lie one
 * after the other, with 16 bytes to spare after the last that may hold anything; `ends` has a u32 for
 * each document, where it ends: in bytes of text, in tokens, in n-grams. No n-gram reaches across the
 * end of a document. Text should be UTF-8; a byte that is out of place is a character of its own.
 */

export { allocate, release } from './heap';
export { sortByKey, sortScratch } from './radix';
export { keepSmallest, register } from './sketches';
export { collect, documentsOf, rehash, tally } from './table';

const MULTIPLIER: u64 = 0x9fb21c651e98df25;
const SEED: u64 = 0xa0761d6478bd642f;
/** Odd, and 3 modulo 8, which loses the fewest bits where n-grams repeat words in mirrored orders. */
const BASE: u64 = 0xd1342543de82ef9b;

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of x; 0 stays 0. */
function finish(x: u64): u64 {
  x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccd;
  x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53;
  return x ^ (x >>> 33);
}

/** The hash of `length` bytes; reads up to 7 more. */
function hashBytes(p: usize, length: i32): u64 {
  let hash = SEED ^ (<u64>length * MULTIPLIER);
  for (; length >= 8; length -= 8, p += 8) {
    hash = (hash ^ load<u64>(p)) * MULTIPLIER;
    hash ^= hash >>> 32;
  }
  if (length > 0) {
    const rest = load<u64>(p) & (((<u64>1) << ((<u64>length) << 3)) - 1);
    hash = (hash ^ rest) * MULTIPLIER;
  }
  return finish(hash);
}

/** Bytes of the white space (Unicode's White_Space) that begins at p; 0 when none does. */
function spaceAt(p: usize, end: usize): i32 {
  const first = <u32>load<u8>(p);
  if (first < 0x80) return first == 0x20 || first - 9 <= 4 ? 1 : 0;
  if (first == 0xc2) {
    if (p + 2 > end) return 0;
    const second = load<u8>(p, 1);
    return second == 0x85 || second == 0xa0 ? 2 : 0;
  }
  if (first < 0xe1 || first > 0xe3 || p + 3 > end) return 0;
  const rest = ((<u32>load<u8>(p, 1)) << 8) | load<u8>(p, 2);
  if (first == 0xe1) return rest == 0x9a80 ? 3 : 0; // U+1680
  if (first == 0xe3) return rest == 0x8080 ? 3 : 0; // U+3000
  // U+2000–200A, 2028, 2029, 202F, 205F
  const space =
    rest - 0x8080 <= 10 || rest == 0x80a8 || rest == 0x80a9 || rest == 0x80af || rest == 0x819f;
  return space ? 3 : 0;
}

/** The first byte from p on, or the end, that may begin white space: those of ASCII letters and signs do not. */
function skipLetters(p: usize, end: usize): usize {
  if (ASC_FEATURE_SIMD) {
    const space = i8x16.splat(0x20);
    for (; p < end; p += 16) {
      // Signed, so that bytes from 0x80 on, which begin other scripts and spaces, are below it too.
      const found = i8x16.bitmask(i8x16.le_s(v128.load(p), space));
      if (found != 0) return min(end, p + ctz(found));
    }
    return end;
  } else {
    while (p < end && <i32>load<i8>(p) > 0x20) p++;
    return p;
  }
}

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

/** Bytes of the character at p: what its first byte announces, as far as such bytes follow. */
function characterAt(p: usize, end: usize): i32 {
  const first = load<u8>(p);
  if (first < 0xc0) return 1;
  const announced = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let length = 1;
  while (length < announced && p + length < end && (load<u8>(p + length) & 0xc0) == 0x80) length++;
  return length;
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
