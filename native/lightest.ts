/** Edges by weight, a bucket at a time: nearly sorted at the cost of one pass, the rest where it is asked for. */
import { at, put } from './integers';
import { sortByKey, sortScratch } from './radix';

const SIGN: u64 = 0x8000000000000000;
/** Keys above are those of NaN, of either sign. */
const LARGEST: u64 = 0xfff0000000000000;
const SMALLEST: u64 = 0x000fffffffffffff;

const BUCKET_BITS: u64 = 15;
const BUCKETS: i32 = 1 << (<i32>BUCKET_BITS);
/** So few edges are sorted by insertion. */
const FEW: i32 = 48;

/** Bytes of scratch space for m edges: where buckets end, and what sorting the largest bucket takes. */
export function orderScratch(m: i32): usize {
  return BUCKETS * 4 + <usize>m * 8 + sortScratch(m);
}

/**
 * Makes keys of m float64 weights, which sort as unsigned integers, and leaves at `order` the numbers of
 * the edges bucket by bucket, in a bucket as they were given. Returns how many buckets there are, or −1
 * when a weight is NaN.
 */
export function spread(weights: usize, m: i32, order: usize, scratch: usize): i32 {
  let least = u64.MAX_VALUE;
  let most: u64 = 0;
  for (let i = 0; i < m; i++) {
    const place = weights + ((<usize>i) << 3);
    // Floats sort by value once the sign is turned, and negative ones wholly.
    const bits = reinterpret<u64>(load<f64>(place) + 0); // −0 becomes 0
    const key = bits & SIGN ? ~bits : bits | SIGN;
    store<u64>(place, key);
    least = min(least, key);
    most = max(most, key);
  }
  if (m == 0) return 0;
  if (least < SMALLEST || most > LARGEST) return -1;
  const shift = <u64>max(0, 64 - <i32>clz(most - least) - <i32>BUCKET_BITS);
  memory.fill(scratch, 0, BUCKETS * 4);
  for (let i = 0; i < m; i++) {
    const slot = <i32>((keyAt(weights, i) - least) >>> shift);
    put(scratch, slot, at(scratch, slot) + 1);
  }
  let start = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const size = at(scratch, bucket);
    put(scratch, bucket, start);
    start += size;
  }
  for (let i = 0; i < m; i++) {
    const slot = <i32>((keyAt(weights, i) - least) >>> shift);
    const place = at(scratch, slot);
    put(scratch, slot, place + 1);
    put(order, place, i);
  }
  return BUCKETS;
}

/** Where a bucket ends in the order, and the next one begins. */
export function bucketEnd(scratch: usize, bucket: i32): i32 {
  return at(scratch, bucket);
}

/** Sorts a part of the order by key; equal keys stay as they are. */
export function sortBucket(keys: usize, order: usize, first: i32, end: i32, scratch: usize): void {
  if (end - first > FEW) return sortMany(keys, order, first, end - first, scratch + BUCKETS * 4);
  for (let i = first + 1; i < end; i++) {
    const edge = at(order, i);
    const key = keyAt(keys, edge);
    let to = i;
    while (to > first && keyAt(keys, at(order, to - 1)) > key) {
      put(order, to, at(order, to - 1));
      to--;
    }
    put(order, to, edge);
  }
}

function sortMany(keys: usize, order: usize, first: i32, count: i32, scratch: usize): void {
  const edges = order + ((<usize>first) << 2);
  for (let i = 0; i < count; i++) {
    store<u64>(scratch + ((<usize>i) << 3), keyAt(keys, at(edges, i)));
  }
  sortByKey(scratch, edges, count, scratch + ((<usize>count) << 3));
}

function keyAt(keys: usize, edge: i32): u64 {
  return load<u64>(keys + ((<usize>edge) << 3));
}
