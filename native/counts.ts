/**
 * A hash table of n-grams that knows what diversity numbers and their intervals need: how often each
 * occurs, in how many documents, and in which of 32 groups of documents. Open addressing with a power
 * of two of places, 32 bytes each; a place whose hash is 0 is free. There are three kinds of entries:
 *
 *   n-gram   hash | documents | last document | groups | groups with two documents or more |
 *            occurrences | occurrences in the last document
 *   repeat   the same for "the n-gram occurs k times or more in a document", k ≥ 2, from `documents`
 *            to the groups with two; so Σ over repeats of a document that other documents have too is
 *            Σ min(count here, largest count elsewhere)
 *   share    of one group, from the second occurrence in it on: documents and occurrences beyond the first
 *
 * A repeat's or share's hash has the first bits of its n-gram's, so that thinning keeps or drops both.
 */
import { finish } from './hashes';

export const ENTRY: usize = 32;
export const DOCUMENTS: usize = 8;
export const LAST: usize = 12;
export const GROUPS: usize = 16;
export const TWICE: usize = 20;
export const OCCURRENCES: usize = 24;
export const HERE: usize = 28;

/** In place of `occurrences in the last document` for entries that are no n-grams. */
const DERIVED: u32 = 0x80000000;
/** Bits that entries which belong together have in common; thinning may use as many. */
const COMMON: u64 = 0xffff000000000000;
const REPEAT: u64 = 0x9e3779b97f4a7c15;
const SHARE: u64 = 0xc2b2ae3d27d4eb4f;

/** The place of a hash, or the free one where it belongs. */
export function placeOf(table: usize, places: i32, hash: u64): usize {
  const mask = <usize>(places - 1);
  let at = <usize>hash & mask;
  let found = load<u64>(table + at * ENTRY);
  while (found != hash && found != 0) {
    at = (at + 1) & mask;
    found = load<u64>(table + at * ENTRY);
  }
  return table + at * ENTRY;
}

function derive(hash: u64, which: u64): u64 {
  const derived = (hash & COMMON) | (finish(hash + which) & ~COMMON);
  return derived == 0 ? 1 : derived;
}

export function repeatOf(hash: u64, k: u32): u64 {
  return derive(hash, REPEAT * <u64>k);
}

export function shareOf(hash: u64, group: u32): u64 {
  return derive(hash, SHARE * <u64>(group + 1));
}

export function isGram(place: usize): bool {
  return (load<u32>(place, HERE) & DERIVED) == 0;
}

let entries: i32 = 0;

/** The place of an entry beside its n-gram, made when there is none. */
function besides(table: usize, places: i32, hash: u64): usize {
  const place = placeOf(table, places, hash);
  if (load<u64>(place) == 0) {
    store<u64>(place, hash);
    store<u32>(place, DERIVED, HERE);
    entries++;
  }
  return place;
}

/** One more document, of the group whose bit is given. */
function addDocument(place: usize, bit: u32): void {
  const groups = load<u32>(place, GROUPS);
  store<u32>(place, load<u32>(place, DOCUMENTS) + 1, DOCUMENTS);
  store<u32>(place, load<u32>(place, TWICE) | (groups & bit), TWICE);
  store<u32>(place, groups | bit, GROUPS);
}

/**
 * Counts the n-grams of documents, numbered `number` + i, none of which came before; document i is of
 * group groups[i] and its n-grams end at ends[i]. Only n-grams whose first `level` bits are 0 count, and
 * with `mayAdd` false only those the table has. `held` entries are in it; there must be free places for two more an
 * n-gram. Returns how many entries there are now.
 */
export function count(
  table: usize,
  places: i32,
  held: i32,
  hashes: usize,
  ends: usize,
  groups: usize,
  documents: i32,
  number: u32,
  level: i32,
  mayAdd: bool,
): i32 {
  entries = held;
  const dropped = level == 0 ? 0 : ~(<u64>-1 >>> <u64>level);
  let i: u32 = 0;
  for (let document = 0; document < documents; document++, number++) {
    const end = load<u32>(ends + ((<usize>document) << 2));
    const group = <u32>load<u8>(groups + <usize>document);
    const bit = (<u32>1) << group;
    for (; i < end; i++) {
      const hash = load<u64>(hashes + ((<usize>i) << 3));
      if ((hash & dropped) != 0) continue;
      const place = placeOf(table, places, hash);
      if (load<u64>(place) == 0) {
        if (!mayAdd) continue;
        store<u64>(place, hash);
        entries++;
      }
      const first = load<u32>(place, LAST) != number;
      const known = (load<u32>(place, GROUPS) & bit) != 0;
      const here = first ? 1 : load<u32>(place, HERE) + 1;
      store<u32>(place, load<u32>(place, OCCURRENCES) + 1, OCCURRENCES);
      store<u32>(place, here, HERE);
      store<u32>(place, number, LAST);
      if (first) addDocument(place, bit);
      else addDocument(besides(table, places, repeatOf(hash, here)), bit);
      if (!known) continue;
      const share = besides(table, places, shareOf(hash, group));
      store<u32>(share, load<u32>(share, OCCURRENCES) + 1, OCCURRENCES);
      if (first) store<u32>(share, load<u32>(share, DOCUMENTS) + 1, DOCUMENTS);
    }
  }
  return entries;
}

/** Adds n n-grams that have not come yet, for `count` without `mayAdd`. Returns how many entries there are now. */
export function admit(table: usize, places: i32, held: i32, hashes: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const hash = load<u64>(hashes + ((<usize>i) << 3));
    const place = placeOf(table, places, hash);
    if (load<u64>(place) != 0) continue;
    store<u64>(place, hash);
    held++;
  }
  return held;
}

/** Moves the entries whose first `level` bits are 0 to another table, whose places must be zeros; how many. */
export function thin(table: usize, places: i32, other: usize, more: i32, level: i32): i32 {
  const dropped = level == 0 ? 0 : ~(<u64>-1 >>> <u64>level);
  let moved = 0;
  for (let i = 0; i < places; i++) {
    const from = table + <usize>i * ENTRY;
    const hash = load<u64>(from);
    if (hash == 0 || (hash & dropped) != 0) continue;
    memory.copy(placeOf(other, more, hash), from, ENTRY);
    moved++;
  }
  return moved;
}

/**
 * Writes the n-grams out, in no particular order: their hashes (u64), and for each documents, occurrences,
 * groups and groups with two documents (four u32). Returns how many; with `hashes` 0 only counts.
 */
export function collectCounts(table: usize, places: i32, hashes: usize, facts: usize): i32 {
  let n = 0;
  for (let i = 0; i < places; i++) {
    const from = table + <usize>i * ENTRY;
    const hash = load<u64>(from);
    if (hash == 0 || !isGram(from)) continue;
    if (hashes != 0) {
      store<u64>(hashes + ((<usize>n) << 3), hash);
      const to = facts + ((<usize>n) << 4);
      store<u32>(to, load<u32>(from, DOCUMENTS));
      store<u32>(to, load<u32>(from, OCCURRENCES), 4);
      store<u32>(to, load<u32>(from, GROUPS), 8);
      store<u32>(to, load<u32>(from, TWICE), 12);
    }
    n++;
  }
  return n;
}

/**
 * For n n-grams of the table, group by group of those each is in, from the lowest: the documents and the occurrences in
 * that group (two u32) to `out`. Returns how many groups that were; with `out` 0 only counts.
 */
export function collectGroups(table: usize, places: i32, hashes: usize, n: i32, out: usize): i32 {
  let written = 0;
  for (let i = 0; i < n; i++) {
    const hash = load<u64>(hashes + ((<usize>i) << 3));
    let left = load<u32>(placeOf(table, places, hash), GROUPS);
    for (; left != 0; left &= left - 1, written++) {
      if (out == 0) continue;
      const share = placeOf(table, places, shareOf(hash, ctz(left)));
      const found = load<u64>(share) != 0;
      const to = out + ((<usize>written) << 3);
      store<u32>(to, 1 + (found ? load<u32>(share, DOCUMENTS) : 0));
      store<u32>(to, 1 + (found ? load<u32>(share, OCCURRENCES) : 0), 4);
    }
  }
  return written;
}

/** For each of n n-grams the groups that have it (u32) to `out`; 0 for those that are not in the table. */
export function groupsOf(table: usize, places: i32, hashes: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const place = placeOf(table, places, load<u64>(hashes + ((<usize>i) << 3)));
    store<u32>(out + ((<usize>i) << 2), load<u64>(place) == 0 ? 0 : load<u32>(place, GROUPS));
  }
}
