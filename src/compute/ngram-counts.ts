import { type HashedBatch, type NgramExports, type TextHasher, textHasher } from './ngram-text.ts';
import { allocateIn, loadWasm, type WasmBuild, wasmBuild } from './wasm.ts';

/**
 * Counts of n-grams of a stream of documents that are dealt to 32 groups: how often each occurs, in
 * how many documents and in which groups, so that every number made from them is known without any
 * one group too. Terms as in `NgramUnit`; no n-gram reaches across the end of a document.
 *
 * Memory is bounded by `limit` entries a size. Beyond it only n-grams whose hash begins with a 0 bit
 * are counted, then with two, and so on: a uniform sample of the *different* n-grams, each with its
 * full counts, that depends on the set of documents alone (Wegman's adaptive sampling, Flajolet 1990).
 */
export interface NgramCounts {
  /** Terms in an n-gram. */
  readonly size: number;
  /** One in 2^level of the different n-grams is counted; 0 when all are. */
  readonly level: number;
  readonly documents: number;
  /** N-grams of all documents, repetitions counted, in each group. */
  readonly totals: Float64Array;
  /** In how many documents each counted n-gram is, by ascending hash; the arrays below go with it. */
  readonly inDocuments: Uint32Array;
  readonly occurrences: Uint32Array;
  /** Bit g says that a document of group g has it, or that two or more have. */
  readonly groups: Uint32Array;
  readonly twice: Uint32Array;
  /** How many documents have how many n-grams, by ascending number of them. */
  readonly lengths: NgramLengths;
}

/** Lengths of documents, with the documents and the groups that have them. */
export interface NgramLengths {
  readonly grams: Int32Array;
  readonly documents: Int32Array;
  /** Bit g: a document of group g is so long; two or more are. */
  readonly groups: Uint32Array;
  readonly twice: Uint32Array;
}

/** N-grams group by group: those of `groups[i]`'s bits from the lowest, i by i. */
export interface NgramShares {
  readonly inDocuments: Uint32Array;
  readonly occurrences: Uint32Array;
}

/** Sums over the n-grams of documents, 33 numbers a document; see native/overlaps.ts. */
export const OVERLAP_WIDTH = 33;

export interface NgramCounter {
  observe(texts: readonly string[], groups: Uint8Array): void;
  counts(size: number): NgramCounts;
  shares(size: number): NgramShares;
  /**
   * For documents that were observed, and whose n-grams are all counted (level 0 or `watch`): Σ min(count
   * here, largest count in another document), and what of it only group g has.
   */
  matches(size: number, texts: readonly string[], groups: Uint8Array): Uint32Array;
  /** The same: Σ over different n-grams of the other documents that have it, and those of group g. */
  repetitions(size: number, texts: readonly string[], groups: Uint8Array): Uint32Array;
  /** For each text the groups of the counted documents that have any of its n-grams, a bit each. */
  groupsOf(size: number, texts: readonly string[]): Uint32Array;
}

export interface NgramCounterOptions {
  readonly sizes: readonly number[];
  /** Entries of a size that are kept, 43 … 86 bytes each. Default 2²³ for single terms, else 2²⁰. */
  readonly limit?: number;
  /** Only the n-grams of these texts are counted, all of them. */
  readonly watch?: readonly string[];
  readonly build?: WasmBuild;
}

/** Single terms are never thinned in practice: a word that is everywhere must not be left out by chance. */
const limitOf = (size: number): number => (size === 1 ? 2 ** 23 : 2 ** 20);
const ENTRY_BYTES = 32;
const LARGEST_LEVEL = 16;

interface Kernel extends NgramExports {
  admit(table: number, places: number, held: number, hashes: number, n: number): number;
  count(...args: readonly (number | boolean)[]): number;
  thin(table: number, places: number, other: number, more: number, level: number): number;
  collectCounts(table: number, places: number, hashes: number, facts: number): number;
  collectGroups(table: number, places: number, hashes: number, n: number, out: number): number;
  groupsOf(table: number, places: number, hashes: number, n: number, out: number): void;
  matches(...args: readonly number[]): void;
  repetitions(...args: readonly number[]): void;
}

export async function openNgramCounter(options: NgramCounterOptions): Promise<NgramCounter> {
  const { sizes, watch, build = wasmBuild() } = options;
  const kernel = await loadWasm<Kernel>('ngrams', build);
  const hasher = textHasher(kernel, 'terms', sizes);
  const room = tableRoom(kernel);
  const tables = new Map(
    sizes.map((size) => {
      const limit = options.limit ?? limitOf(size);
      return [size, openTable(kernel, room, size, limit, !watch)];
    }),
  );
  const readers = new Map<number, TextHasher>();
  if (watch) hasher.hash(watch, (batch, size) => tables.get(size)!.admit(batch));
  const readerOf = (size: number): TextHasher => {
    const reader = readers.get(size) ?? textHasher(kernel, 'terms', [size]);
    readers.set(size, reader);
    return reader;
  };
  const overlap = (
    what: 'matches' | 'repetitions',
    size: number,
    texts: readonly string[],
    groups: Uint8Array,
  ): Uint32Array => {
    const out = new Uint32Array(texts.length * OVERLAP_WIDTH);
    let first = 0;
    readerOf(size).hash(texts, (batch) => {
      const found = tables.get(size)!.overlap(what, batch, groups.subarray(first));
      out.set(found, first * OVERLAP_WIDTH);
      first += batch.documents;
    });
    return out;
  };
  return {
    observe(texts, groups) {
      const first = new Map(sizes.map((size) => [size, 0]));
      hasher.hash(texts, (batch, size) => {
        const at = first.get(size)!;
        tables.get(size)!.observe(batch, groups.subarray(at));
        first.set(size, at + batch.documents);
      });
    },
    counts: (size) => tables.get(size)!.counts(),
    shares: (size) => tables.get(size)!.shares(),
    matches: (size, texts, groups) => overlap('matches', size, texts, groups),
    repetitions: (size, texts, groups) => overlap('repetitions', size, texts, groups),
    groupsOf(size, texts) {
      const found: number[] = [];
      readerOf(size).hash(texts, (batch) => found.push(...tables.get(size)!.groupsOf(batch)));
      return Uint32Array.from(found);
    },
  };
}

interface Table {
  admit(batch: HashedBatch): void;
  observe(batch: HashedBatch, groups: Uint8Array): void;
  counts(): NgramCounts;
  shares(): NgramShares;
  groupsOf(batch: HashedBatch): number[];
  overlap(what: 'matches' | 'repetitions', batch: HashedBatch, groups: Uint8Array): Uint32Array;
}

interface Room {
  readonly start: number;
  readonly places: number;
}

/** Room for tables, all zeros; what was given back is handed out again. */
function tableRoom(kernel: Kernel): { take(places: number): Room; giveBack(room: Room): void } {
  const spare: Room[] = [];
  return {
    take(places) {
      const at = spare.findIndex((room) => room.places === places);
      const bytes = places * ENTRY_BYTES;
      const before = kernel.memory.buffer.byteLength;
      const start =
        at < 0 ? allocateIn(kernel, bytes, 'counts of n-grams') : spare.splice(at, 1)[0]!.start;
      // What the memory has just grown by is zeros; writing them would only touch it twice.
      const used = Math.min(bytes, Math.max(0, before - start));
      new Uint8Array(kernel.memory.buffer, start, used).fill(0);
      return { start, places };
    },
    giveBack: (room) => spare.push(room),
  };
}

/** The table of one size, which grows up to the limit and is thinned from there on. */
function openTable(
  kernel: Kernel,
  room: ReturnType<typeof tableRoom>,
  size: number,
  limit: number,
  mayAdd: boolean,
): Table {
  const place = (bytes: number): number => allocateIn(kernel, bytes, `${size}-grams`);
  const totals = new Float64Array(32);
  const lengths = lengthTally();
  let { start, places } = room.take(2 ** 12);
  let entries = 0;
  let level = 0;
  let number = 1;
  let documents = 0;

  /** Another table, with room for `wanted` entries, of those that the level leaves. */
  function move(wanted: number): void {
    const other = room.take(2 ** Math.ceil(Math.log2(Math.max(4096, wanted / 0.75))));
    entries = kernel.thin(start, places, other.start, other.places, level);
    room.giveBack({ start, places });
    ({ start, places } = other);
  }

  function reserve(more: number): void {
    if (entries + more > 0.75 * places) move(entries + more);
  }

  function withGroups<T>(batch: HashedBatch, groups: Uint8Array, use: (at: number) => T): T {
    const at = place(batch.documents);
    new Uint8Array(kernel.memory.buffer, at, batch.documents).set(
      groups.subarray(0, batch.documents),
    );
    const result = use(at);
    kernel.release(at);
    return result;
  }

  return {
    admit({ count, hashes }) {
      reserve(count);
      entries = kernel.admit(start, places, entries, hashes, count);
    },
    observe(batch, groups) {
      reserve(2 * batch.count);
      const { hashes, ends } = batch;
      entries = withGroups(batch, groups, (at) =>
        kernel.count(
          ...[start, places, entries, hashes, ends, at, batch.documents, number, level],
          mayAdd,
        ),
      );
      const own = new Uint32Array(kernel.memory.buffer, ends, batch.documents);
      for (let i = 0; i < batch.documents; i += 1) {
        const length = own[i]! - (i === 0 ? 0 : own[i - 1]!);
        totals[groups[i]!]! += length;
        lengths.add(length, groups[i]!);
      }
      number += batch.documents;
      documents += batch.documents;
      while (mayAdd && entries > limit && level < LARGEST_LEVEL) {
        level += 1;
        move(limit);
      }
    },
    counts() {
      const { hashes, facts, n } = collected(kernel, start, places);
      const read = (field: number): Uint32Array => everyNth(facts, n, 4, field);
      kernel.release(hashes);
      return {
        ...{ size, level, documents, totals: totals.slice(), lengths: lengths.read() },
        ...{ inDocuments: read(0), occurrences: read(1), groups: read(2), twice: read(3) },
      };
    },
    shares() {
      const { hashes, n } = collected(kernel, start, places);
      const length = kernel.collectGroups(start, places, hashes, n, 0);
      const out = place(length * 8);
      kernel.collectGroups(start, places, hashes, n, out);
      const pairs = new Uint32Array(kernel.memory.buffer, out, 2 * length);
      const read = (field: number): Uint32Array => everyNth(pairs, length, 2, field);
      const shares = { inDocuments: read(0), occurrences: read(1) };
      kernel.release(hashes);
      return shares;
    },
    groupsOf({ documents: some, count, hashes, ends }) {
      const out = place(count * 4);
      kernel.groupsOf(start, places, hashes, count, out);
      const masks = new Uint32Array(kernel.memory.buffer, out, count);
      const own = new Uint32Array(kernel.memory.buffer, ends, some);
      const found = Array.from(own, (end, i) =>
        masks.subarray(i === 0 ? 0 : own[i - 1]!, end).reduce((all, mask) => (all | mask) >>> 0, 0),
      );
      kernel.release(out);
      return found;
    },
    overlap(what, batch, groups) {
      const found = withGroups(batch, groups, (at) => {
        const length = batch.documents * OVERLAP_WIDTH;
        const out = place(length * 4);
        new Uint8Array(kernel.memory.buffer, out, length * 4).fill(0);
        kernel[what](
          ...[start, places, batch.hashes, batch.ends, at, batch.documents, number, out],
        );
        return new Uint32Array(kernel.memory.buffer, out, length).slice();
      });
      number += batch.documents;
      return found;
    },
  };
}

function lengthTally(): { add(length: number, group: number): void; read(): NgramLengths } {
  const tally = new Map<number, { documents: number; groups: number; twice: number }>();
  return {
    add(length, group) {
      const bit = 2 ** group;
      const known = tally.get(length) ?? { documents: 0, groups: 0, twice: 0 };
      known.documents += 1;
      known.twice |= known.groups & bit;
      known.groups |= bit;
      tally.set(length, known);
    },
    read() {
      const ascending = [...tally].sort(([a], [b]) => a - b);
      return {
        grams: Int32Array.from(ascending, ([length]) => length),
        documents: Int32Array.from(ascending, ([, { documents }]) => documents),
        groups: Uint32Array.from(ascending, ([, { groups }]) => groups),
        twice: Uint32Array.from(ascending, ([, { twice }]) => twice),
      };
    },
  };
}

/** The n-grams of a table by ascending hash, with their facts, four numbers each; release `hashes` after use. */
function collected(
  kernel: Kernel,
  start: number,
  places: number,
): { n: number; hashes: number; facts: Uint32Array } {
  const n = kernel.collectCounts(start, places, 0, 0);
  const place = (bytes: number): number => allocateIn(kernel, bytes, `${n} n-grams`);
  const hashes = place(n * 8);
  const unsorted = place(n * 16);
  const order = place(n * 4);
  kernel.collectCounts(start, places, hashes, unsorted);
  const scratch = place(kernel.sortScratch(n) >>> 0);
  const numbers = new Uint32Array(kernel.memory.buffer, order, n);
  for (let i = 0; i < n; i += 1) numbers[i] = i;
  kernel.sortByKey(hashes, order, n, scratch);
  const from = new Uint32Array(kernel.memory.buffer, unsorted, 4 * n);
  const sorted = new Uint32Array(kernel.memory.buffer, order, n);
  const facts = new Uint32Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    for (let field = 0; field < 4; field += 1) facts[4 * i + field] = from[4 * sorted[i]! + field]!;
  }
  return { n, hashes, facts };
}

/** n numbers, `step` apart, from the `first` on. */
function everyNth(numbers: Uint32Array, n: number, step: number, first: number): Uint32Array {
  const found = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) found[i] = numbers[step * i + first]!;
  return found;
}
