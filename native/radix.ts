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

/** Sorts n keys (8 bytes each) and the values (4 bytes each) that go with them. */
export function sortByKey(keys: usize, values: usize, n: i32, scratch: usize): void {
  const counts = scratch + <usize>n * 12;
  let fromKeys = keys;
  let fromValues = values;
  let toKeys = scratch;
  let toValues = scratch + <usize>n * 8;
  count(keys, n, counts);
  for (let digit = 0; digit < DIGITS; digit++) {
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

/** How many keys have each value of each digit. */
function count(keys: usize, n: i32, counts: usize): void {
  memory.fill(counts, 0, DIGITS * BUCKETS * 4);
  for (let i = 0; i < n; i++) {
    let key = load<u64>(keys + ((<usize>i) << 3));
    for (let digit = 0; digit < DIGITS; digit++) {
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
