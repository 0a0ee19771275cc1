/**
 * A hash table of n-grams: for each its 64-bit hash, the documents that it is in, and the last of
 * those. Open addressing, 16 bytes a place; the number of places is a power of two, and more than
 * there are n-grams, or looking for one never ends. A place whose hash is 0 is free.
 */
const ENTRY: usize = 16;

/** The place of a hash, or the free one where it belongs. Hashes are well mixed: their low bits will do. */
function placeOf(table: usize, places: i32, hash: u64): usize {
  const mask = <usize>(places - 1);
  let at = <usize>hash & mask;
  let found = load<u64>(table + at * ENTRY);
  while (found != hash && found != 0) {
    at = (at + 1) & mask;
    found = load<u64>(table + at * ENTRY);
  }
  return table + at * ENTRY;
}

/**
 * Counts documents: each n-gram of document i, numbered `number` + i, whose n-grams end at ends[i].
 * Numbers must not come again. Number 0 counts nothing, its n-grams are only added. With `mayAdd`, n-grams that are not in the table are added
 * until it has `most`. Returns how many it has now, or −1 when there were more than `most`: then it
 * holds some of them, and counts of documents are wrong.
 */
export function tally(
  table: usize,
  places: i32,
  count: i32,
  most: i32,
  hashes: usize,
  ends: usize,
  documents: i32,
  number: u32,
  mayAdd: bool,
): i32 {
  let i: u32 = 0;
  for (let document = 0; document < documents; document++, number++) {
    const end = load<u32>(ends + ((<usize>document) << 2));
    for (; i < end; i++) {
      const hash = load<u64>(hashes + ((<usize>i) << 3));
      const place = placeOf(table, places, hash);
      if (load<u64>(place) == 0) {
        if (!mayAdd) continue;
        if (count == most) return -1;
        count++;
        store<u64>(place, hash);
      }
      if (load<u32>(place, 12) == number) continue;
      store<u32>(place, number, 12);
      store<u32>(place, load<u32>(place, 8) + 1, 8);
    }
  }
  return count;
}

/** In how many documents each of n n-grams is, a u32 each; 0 for those that are not in the table. */
export function documentsOf(table: usize, places: i32, hashes: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const place = placeOf(table, places, load<u64>(hashes + ((<usize>i) << 3)));
    store<u32>(out + ((<usize>i) << 2), load<u64>(place) == 0 ? 0 : load<u32>(place, 8));
  }
}

/** Moves all n-grams to a larger table, whose places must be zeros. */
export function rehash(table: usize, places: i32, larger: usize, more: i32): void {
  for (let i = 0; i < places; i++) {
    const from = table + <usize>i * ENTRY;
    const hash = load<u64>(from);
    if (hash != 0) memory.copy(placeOf(larger, more, hash), from, ENTRY);
  }
}

/** Writes the hashes (u64) and their documents (u32) out, in no particular order. */
export function collect(table: usize, places: i32, hashes: usize, documents: usize): void {
  let n: usize = 0;
  for (let i = 0; i < places; i++) {
    const from = table + <usize>i * ENTRY;
    const hash = load<u64>(from);
    if (hash == 0) continue;
    store<u64>(hashes + (n << 3), hash);
    store<u32>(documents + (n << 2), load<u32>(from, 8));
    n++;
  }
}
