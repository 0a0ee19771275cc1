/**
 * Longest common subsequences and shared words of pairs of documents. Documents are runs of word
 * numbers (i32) below `words`; document i is starts[i] … starts[i + 1].
 */
export { allocate, release } from './heap';

/** Words of a document that are looked at, so that 16 machine words hold a mask. */
const MOST: i32 = 1024;

function lengthOf(starts: usize, i: i32): i32 {
  const at = starts + ((<usize>i) << 2);
  return min(MOST, load<i32>(at, 4) - load<i32>(at));
}

function tokenAt(tokens: usize, starts: usize, i: i32): usize {
  return tokens + ((<usize>load<i32>(starts + ((<usize>i) << 2))) << 2);
}

/**
 * Which places of document i hold each of its words: a slot number (from 1) a word to `slots` (u32 a
 * word, zeros before), and a mask of 64-bit words a slot to `masks`. Returns how many slots.
 */
function open(tokens: usize, starts: usize, i: i32, slots: usize, masks: usize): i32 {
  const length = lengthOf(starts, i);
  const width = (<usize>((length + 63) >> 6)) << 3;
  const from = tokenAt(tokens, starts, i);
  let used = 0;
  for (let k = 0; k < length; k++) {
    const slot = slots + ((<usize>load<i32>(from + ((<usize>k) << 2))) << 2);
    if (load<u32>(slot) == 0) {
      used++;
      store<u32>(slot, used);
      memory.fill(masks + <usize>(used - 1) * width, 0, width);
    }
    const mask = masks + <usize>(load<u32>(slot) - 1) * width + ((<usize>(k >> 6)) << 3);
    store<u64>(mask, load<u64>(mask) | ((<u64>1) << (<u64>(k & 63))));
  }
  return used;
}

function close(tokens: usize, starts: usize, i: i32, slots: usize): void {
  const length = lengthOf(starts, i);
  const from = tokenAt(tokens, starts, i);
  for (let k = 0; k < length; k++)
    store<u32>(slots + ((<usize>load<i32>(from + ((<usize>k) << 2))) << 2), 0);
}

/** Different words among those looked at of each of n documents to `out` (i32). */
export function differentWords(
  tokens: usize,
  starts: usize,
  n: i32,
  slots: usize,
  masks: usize,
  out: usize,
): void {
  for (let i = 0; i < n; i++) {
    store<i32>(out + ((<usize>i) << 2), open(tokens, starts, i, slots, masks));
    close(tokens, starts, i, slots);
  }
}

/**
 * Length of the longest common subsequence of the opened document, of `length` words, and document j, by
 * Hyyrö's bit-parallel recurrence (2004): v + u | v − u a word of j, where u = v & mask.
 */
function common(
  tokens: usize,
  starts: usize,
  j: i32,
  slots: usize,
  masks: usize,
  length: i32,
  row: usize,
): i32 {
  const width = (length + 63) >> 6;
  for (let w = 0; w < width; w++) store<u64>(row + ((<usize>w) << 3), u64.MAX_VALUE);
  const other = lengthOf(starts, j);
  const from = tokenAt(tokens, starts, j);
  for (let k = 0; k < other; k++) {
    const slot = load<u32>(slots + ((<usize>load<i32>(from + ((<usize>k) << 2))) << 2));
    if (slot == 0) continue;
    const mask = masks + <usize>(<i32>(slot - 1) * width) * 8;
    let carry: u64 = 0;
    for (let w: usize = 0; w < (<usize>width) << 3; w += 8) {
      const v = load<u64>(row + w);
      const u = v & load<u64>(mask + w);
      const part = v + u;
      const sum = part + carry;
      carry = <u64>(part < v) | <u64>(sum < part);
      store<u64>(row + w, sum | (v - u));
    }
  }
  let zeros = 0;
  for (let w = 0; w < width; w++) {
    const left = length - (w << 6);
    const missing = ~load<u64>(row + ((<usize>w) << 3));
    zeros += <i32>popcnt(left >= 64 ? missing : missing & (((<u64>1) << (<u64>left)) - 1));
  }
  return zeros;
}

/** How many different words of document j the opened one has; `seen` (u32 a slot) holds older stamps. */
function shared(tokens: usize, starts: usize, j: i32, slots: usize, seen: usize, stamp: u32): i32 {
  const other = lengthOf(starts, j);
  const from = tokenAt(tokens, starts, j);
  let found = 0;
  for (let k = 0; k < other; k++) {
    const slot = load<u32>(slots + ((<usize>load<i32>(from + ((<usize>k) << 2))) << 2));
    if (slot == 0) continue;
    const at = seen + ((<usize>slot) << 2);
    if (load<u32>(at) == stamp) continue;
    store<u32>(at, stamp);
    found++;
  }
  return found;
}

/**
 * Document i beside documents i + 1 … i + `partners`, counted on from 0 after the last with `wrap`: adds 2 · LCS ÷ (sum of
 * lengths) and shared ÷ all different words, both 1 for two documents without words, to the sums of
 * (group of i, group of the other): 32 × 32 f64 each. Returns the stamp to go on with; `seen` has a u32 for each of MOST + 1 slots.
 */
export function comparePairs(
  tokens: usize,
  starts: usize,
  n: i32,
  groups: usize,
  different: usize,
  i: i32,
  partners: i32,
  wrap: bool,
  slots: usize,
  masks: usize,
  row: usize,
  seen: usize,
  stamp: u32,
  rouge: usize,
  jaccard: usize,
): u32 {
  const own = open(tokens, starts, i, slots, masks);
  const length = lengthOf(starts, i);
  const block = (<usize>load<u8>(groups + <usize>i)) << 8;
  for (let step = 1; step <= partners; step++) {
    let j = i + step;
    if (j >= n) {
      if (!wrap) break;
      j -= n;
    }
    stamp++;
    const words = length + lengthOf(starts, j);
    let f: f64 = 1;
    let overlap: f64 = 1;
    if (words > 0) {
      f = <f64>(2 * common(tokens, starts, j, slots, masks, length, row)) / <f64>words;
      const both = shared(tokens, starts, j, slots, seen, stamp);
      overlap = <f64>both / <f64>(own + load<i32>(different + ((<usize>j) << 2)) - both);
    }
    const cell = (block + ((<usize>load<u8>(groups + <usize>j)) << 3)) as usize;
    store<f64>(rouge + cell, load<f64>(rouge + cell) + f);
    store<f64>(jaccard + cell, load<f64>(jaccard + cell) + overlap);
  }
  close(tokens, starts, i, slots);
  return stamp;
}
