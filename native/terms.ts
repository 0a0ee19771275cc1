/**
 * Words of texts in any script: a word is a longest run without white space, and where a script puts no
 * spaces between words (Han, kana, Thai, Lao, Khmer, Myanmar) each character is one, with the marks that
 * follow it. So no clause becomes a giant word, and no dictionary, which would differ from machine to
 * machine, decides. On text in scripts with spaces this is the same as `words`.
 */
import { hashBytes } from './hashes';
import { skipLetters, spaceAt } from './utf8';

/** The code point of a well-formed character of 3 or 4 bytes at p; 0 for all others. */
function codeAt(p: usize, end: usize): u32 {
  const first = <u32>load<u8>(p);
  if (first < 0xe0 || p + 3 > end) return 0;
  const second = <u32>load<u8>(p, 1) & 0x3f;
  const third = <u32>load<u8>(p, 2) & 0x3f;
  if (first < 0xf0) return ((first & 0x0f) << 12) | (second << 6) | third;
  if (p + 4 > end) return 0;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(p, 3) & 0x3f);
}

function within(code: u32, from: u32, to: u32): bool {
  return code - from <= to - from;
}

/** Whether a character is a word of its own: a letter of a script without spaces, or its punctuation. */
function standsAlone(code: u32): bool {
  if (code < 0x0e00) return false;
  if (code < 0x2e80) {
    return (
      within(code, 0x0e00, 0x0eff) || within(code, 0x1000, 0x109f) || within(code, 0x1780, 0x17ff)
    );
  }
  if (code < 0xa000)
    return within(code, 0x2e80, 0x30ff) || within(code, 0x31f0, 0x31ff) || code >= 0x3400;
  if (code < 0x20000) {
    return (
      within(code, 0xf900, 0xfaff) ||
      within(code, 0xff01, 0xff0f) ||
      within(code, 0xff1a, 0xff1f) ||
      within(code, 0xff61, 0xff9f)
    );
  }
  return code <= 0x3ffff;
}

/** Whether a character of those scripts is a vowel sign or another mark on the one before. */
function isMark(code: u32): bool {
  if (code < 0x1000) {
    return (
      code == 0x0e31 ||
      within(code, 0x0e34, 0x0e3a) ||
      within(code, 0x0e47, 0x0e4e) ||
      code == 0x0eb1 ||
      within(code, 0x0eb4, 0x0ebc) ||
      within(code, 0x0ec8, 0x0ece)
    );
  }
  return (
    within(code, 0x102b, 0x103e) || within(code, 0x17b4, 0x17d3) || within(code, 0x3099, 0x309a)
  );
}

function bytesOf(code: u32): usize {
  return code < 0x10000 ? 3 : 4;
}

/** The end of a word of its own that begins at p, with its marks; p when none does. */
function endOfLone(p: usize, end: usize): usize {
  let code = codeAt(p, end);
  if (!standsAlone(code)) return p;
  do {
    p += bytesOf(code);
    code = p < end ? codeAt(p, end) : 0;
  } while (isMark(code));
  return p;
}

/** As `words` in ngrams.ts: the hash of every word, and where each document's end. At most one a byte. */
export function terms(
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
      p = endOfLone(p, end);
      if (p == start) {
        do {
          p = skipLetters(p + 1, end);
        } while (p < end && spaceAt(p, end) == 0 && !standsAlone(codeAt(p, end)));
      }
      store<u64>(out, hashBytes(start, <i32>(p - start)));
      out += 8;
    }
    store<u32>(tokenEnds + ((<usize>document) << 2), <u32>((out - tokens) >>> 3));
  }
  return <i32>((out - tokens) >>> 3);
}
