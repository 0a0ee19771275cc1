/**
 * What documents share with the others that a table of counts.ts holds. The documents must be among
 * those counted; `numbers` from `number` on must not come again. Results are 33 u32 a document.
 */
import { DOCUMENTS, GROUPS, HERE, LAST, placeOf, repeatOf, shareOf, TWICE } from './counts';

const WIDTH: usize = 33 * 4;
const ALL: usize = 32 * 4;

function add(to: usize, value: u32): void {
  store<u32>(to, load<u32>(to) + value);
}

/** How often the n-gram at `place` has come in the document with this number, the one at hand included. */
function hereNow(place: usize, number: u32): u32 {
  const here = load<u32>(place, LAST) == number ? load<u32>(place, HERE) + 1 : 1;
  store<u32>(place, number, LAST);
  store<u32>(place, here, HERE);
  return here;
}

/**
 * Σ over the n-grams x of a document of min(count here, largest count in another document) at [32]; at
 * [g] the part of it that no document outside group g, and other than this one, has. `out` must be zeros.
 */
export function matches(
  table: usize,
  places: i32,
  hashes: usize,
  ends: usize,
  groups: usize,
  documents: i32,
  number: u32,
  out: usize,
): void {
  let i: u32 = 0;
  for (let document = 0; document < documents; document++, number++, out += WIDTH) {
    const end = load<u32>(ends + ((<usize>document) << 2));
    const bit = (<u32>1) << (<u32>load<u8>(groups + <usize>document));
    for (; i < end; i++) {
      const hash = load<u64>(hashes + ((<usize>i) << 3));
      let place = placeOf(table, places, hash);
      const here = hereNow(place, number);
      if (here > 1) place = placeOf(table, places, repeatOf(hash, here));
      if (load<u32>(place, DOCUMENTS) < 2) continue;
      add(out + ALL, 1);
      let others = load<u32>(place, GROUPS);
      if ((load<u32>(place, TWICE) & bit) == 0) others &= ~bit;
      if (popcnt(others) == 1) add(out + ((<usize>ctz(others)) << 2), 1);
    }
  }
}

/**
 * Σ over the different n-grams of a document of the number of other documents that have it at [32]; at
 * [g] the part of it that documents of group g make up. `out` must be zeros.
 */
export function repetitions(
  table: usize,
  places: i32,
  hashes: usize,
  ends: usize,
  groups: usize,
  documents: i32,
  number: u32,
  out: usize,
): void {
  let i: u32 = 0;
  for (let document = 0; document < documents; document++, number++, out += WIDTH) {
    const end = load<u32>(ends + ((<usize>document) << 2));
    const own = <u32>load<u8>(groups + <usize>document);
    for (; i < end; i++) {
      const hash = load<u64>(hashes + ((<usize>i) << 3));
      const place = placeOf(table, places, hash);
      if (hereNow(place, number) > 1) continue;
      add(out + ALL, load<u32>(place, DOCUMENTS) - 1);
      const twice = load<u32>(place, TWICE);
      for (let left = load<u32>(place, GROUPS); left != 0; left &= left - 1) {
        const group = ctz(left);
        let held: u32 = group == own ? 0 : 1;
        if ((twice & ((<u32>1) << group)) != 0) {
          held += load<u32>(placeOf(table, places, shareOf(hash, group)), DOCUMENTS);
        }
        add(out + ((<usize>group) << 2), held);
      }
    }
  }
}
