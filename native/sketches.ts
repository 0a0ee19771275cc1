/**
 * Sketches of a set of 64-bit hashes, of bounded size whatever the set's: they depend on the set alone,
 * not on the order or on repetitions, so sketches of parts make up the sketch of the whole.
 */
import { sortByKey } from './radix';

/** The first bits of a hash choose one of 2^14 registers. */
const BITS: u64 = 14;

/**
 * HyperLogLog (Flajolet et al. 2007): each register, a byte, keeps the largest rank of its hashes: one
 * more than the zeros that the rest of a hash begins with, 1 … 51.
 */
export function register(registers: usize, hashes: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const hash = load<u64>(hashes + ((<usize>i) << 3));
    const at = registers + <usize>(hash >>> (64 - BITS));
    // The bit behind the last one stops the count there.
    const rank = <u8>(clz((hash << BITS) | ((<u64>1) << (BITS - 1))) + 1);
    if (rank > load<u8>(at)) store<u8>(at, rank);
  }
}

/**
 * Keeps the `most` smallest different hashes, ascending, at `kept`, which has `count` of them so far
 * and room for twice `most`; `scratch` has 8 · most + sortScratch(2 · most) bytes. Returns how many
 * there are now.
 */
export function keepSmallest(
  kept: usize,
  count: i32,
  most: i32,
  hashes: usize,
  n: i32,
  scratch: usize,
): i32 {
  let sorted = count;
  let bound = boundOf(kept, count, most);
  for (let i = 0; i < n; i++) {
    const hash = load<u64>(hashes + ((<usize>i) << 3));
    if (hash >= bound) continue;
    store<u64>(kept + ((<usize>count) << 3), hash);
    count++;
    if (count < 2 * most) continue;
    sorted = count = compact(kept, count, most, scratch);
    bound = boundOf(kept, count, most);
  }
  return count == sorted ? count : compact(kept, count, most, scratch);
}

/** A hash must be below this to be kept. The largest hash there is never is. */
function boundOf(kept: usize, count: i32, most: i32): u64 {
  return count < most ? u64.MAX_VALUE : load<u64>(kept + ((<usize>(most - 1)) << 3));
}

/** Sorts, drops repetitions, and then all but the first `most`. */
function compact(kept: usize, count: i32, most: i32, scratch: usize): i32 {
  sortByKey(kept, scratch, count, scratch + ((<usize>most) << 3));
  let different = 0;
  for (let i = 0; i < count && different < most; i++) {
    const hash = load<u64>(kept + ((<usize>i) << 3));
    if (different > 0 && hash == load<u64>(kept + ((<usize>(different - 1)) << 3))) continue;
    store<u64>(kept + ((<usize>different) << 3), hash);
    different++;
  }
  return different;
}
