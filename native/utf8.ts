/** Finding spaces and characters in UTF-8. A byte that is out of place is a character of its own. */

/** Bytes of the white space (Unicode's White_Space) that begins at p; 0 when none does. */
export function spaceAt(p: usize, end: usize): i32 {
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
export function skipLetters(p: usize, end: usize): usize {
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

/** Bytes of the character at p: what its first byte announces, as far as such bytes follow. */
export function characterAt(p: usize, end: usize): i32 {
  const first = load<u8>(p);
  if (first < 0xc0) return 1;
  const announced = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  let length = 1;
  while (length < announced && p + length < end && (load<u8>(p + length) & 0xc0) == 0x80) length++;
  return length;
}
