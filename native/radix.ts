/**
 * Stable sorting of unsigned 64-bit keys, 11 bits at a time from the lowest. Digits that all keys have
 * in common cost nothing. Equal keys stay in the order they were given in.
 */

const BITS: i32 = 11;
const DIGITS: i32 = 6;
const BUCKETS: i32 = 1 << BITS;
const MASK: u64 = BUCKETS - 1;

/** Bytes of scratch space that sorting n keys takes. */
export function sortScratch(n: i32): usize {
  return <usize>n * 12 + DIGITS * BUCKETS * 4;
}

/** Keys that agree in all digits from this one on are rare among hashes, and among measured numbers. */
const HIGH: i32 = 3;

/** Sorts n keys (8 bytes each) and the values (4 bytes each) that go with them. */
export function sortByKey(keys: usize, values: usize, n: i32, scratch: usize): void {
  sortDigits(keys, values, n, scratch, HIGH);
  if (!settle(keys, values, n)) sortDigits(keys, values, n, scratch, 0);
}

/** Sorts by the digits from `digit` on; keys that agree in those stay in the order they were given in. */
function sortDigits(keys: usize, values: usize, n: i32, scratch: usize, digit: i32): void {
  const counts = scratch + <usize>n * 12;
  let fromKeys = keys;
  let fromValues = values;
  let toKeys = scratch;
  let toValues = scratch + <usize>n * 8;
  count(keys, n, counts, digit);
  for (; digit < DIGITS; digit++) {
    const starts = counts + <usize>digit * (BUCKETS * 4);
    if (!startsOf(starts, n)) continue;
    const shift = <u64>digit * BITS;
    for (let i = 0; i < n; i++) {
      const key = load<u64>(fromKeys + ((<usize>i) << 3));
      const slot = starts + ((<usize>((key >>> shift) & MASK)) << 2);
      const to = <usize>load<u32>(slot);
      store<u32>(slot, <u32>to + 1);
      store<u64>(toKeys + (to << 3), key);
      store<u32>(toValues + (to << 2), load<u32>(fromValues + ((<usize>i) << 2)));
    }
    const spareKeys = fromKeys;
    const spareValues = fromValues;
    fromKeys = toKeys;
    fromValues = toValues;
    toKeys = spareKeys;
    toValues = spareValues;
  }
  if (fromKeys == keys) return;
  memory.copy(keys, fromKeys, (<usize>n) << 3);
  memory.copy(values, fromValues, (<usize>n) << 2);
}

/**
 * Moves the few keys that the low digits put elsewhere. False, with equal keys still in order, when
 * they are not few.
 */
function settle(keys: usize, values: usize, n: i32): bool {
  let moves = n;
  for (let i = 1; i < n; i++) {
    const key = load<u64>(keys + ((<usize>i) << 3));
    let to = keys + ((<usize>i) << 3);
    if (load<u64>(to - 8) <= key) continue;
    const value = load<u32>(values + ((<usize>i) << 2));
    do {
      store<u64>(to, load<u64>(to - 8));
      const from = values + ((to - keys) >>> 1);
      store<u32>(from, load<u32>(from - 4));
      to -= 8;
      moves--;
    } while (to > keys && load<u64>(to - 8) > key);
    store<u64>(to, key);
    store<u32>(values + ((to - keys) >>> 1), value);
    if (moves < 0) return false;
  }
  return true;
}

/** How many keys have each value of each digit from `first` on. */
function count(keys: usize, n: i32, counts: usize, first: i32): void {
  memory.fill(counts, 0, DIGITS * BUCKETS * 4);
  for (let i = 0; i < n; i++) {
    let key = load<u64>(keys + ((<usize>i) << 3)) >>> (<u64>first * BITS);
    for (let digit = first; digit < DIGITS; digit++) {
      const slot = counts + ((<usize>(digit * BUCKETS) + <usize>(key & MASK)) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
      key >>>= BITS;
    }
  }
}

/** Turns the counts of one digit into where its keys start. False when one bucket has all n. */
function startsOf(counts: usize, n: i32): bool {
  let start: u32 = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const slot = counts + ((<usize>bucket) << 2);
    const size = load<u32>(slot);
    if (size == <u32>n) return false;
    store<u32>(slot, start);
    start += size;
  }
  return true;
}
