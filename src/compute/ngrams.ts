import { usageError } from '../base/errors.ts';
import type { NgramState, NgramUnit } from './ngram-state.ts';
import { type HashedBatch, type NgramExports, textHasher } from './ngram-text.ts';
import { allocateIn, loadWasm, type WasmBuild, wasmBuild } from './wasm.ts';

/**
 * N-grams of texts as 64-bit hashes: the same on every build and machine, never 0, and different for
 * different n-grams but for one chance in 2⁶⁴ a pair. Texts are taken as they are (fold case before);
 * a lone half of a surrogate pair counts as U+FFFD. N-grams lie within a document.
 */
export interface NgramOptions {
  readonly unit: NgramUnit;
  /** Words or characters in an n-gram: one or more sizes of 1 … 64, each with a state of its own. */
  readonly sizes: readonly number[];
  /** Different n-grams of a size that are all kept: 16 … 43 bytes each. Default 2²⁰; 0 keeps none. */
  readonly limit?: number;
  /** Smallest hashes kept of each size, for `jaccard`. Default 1,024. */
  readonly keep?: number;
  /**
   * Only these n-grams are kept, such as a reference's, and it is counted in how many documents they
   * are: hashes as in `NgramState.exact`. Takes one size; `limit` does not apply.
   */
  readonly watch?: Uint32Array;
  readonly build?: WasmBuild;
}

/** Counts n-grams of a stream of documents. Its memory goes when nobody refers to it any more. */
export interface Ngrams {
  /** Adds documents; tens of megabytes of text a second for each size. Does not yield. */
  observe(texts: readonly string[]): void;
  /** A copy of what is known so far, for each size. With `watch` its `exact` is null. */
  states(): NgramState[];
  /**
   * For each text the number of documents that each of its n-grams (of the first size) is in, in
   * their order; 0 for those that are not kept. Null when there were more than the limit.
   */
  documentsOf(texts: readonly string[]): Uint32Array[] | null;
}

const DEFAULT_LIMIT = 2 ** 20;
const LARGEST_LIMIT = 2 ** 26;
const DEFAULT_KEEP = 1024;
const LARGEST_SIZE = 64;
const REGISTERS = 2 ** 14;

/** The hashes of every n-gram of every text: two u32 each, the low one first. */
export async function hashNgrams(
  texts: readonly string[],
  options: { readonly unit: NgramUnit; readonly size: number; readonly build?: WasmBuild },
): Promise<Uint32Array[]> {
  const { unit, size, build = wasmBuild() } = options;
  checkOptions({ unit, sizes: [size] });
  const kernel = await loadWasm<NgramExports>('ngrams', build);
  const found: Uint32Array[] = [];
  textHasher(kernel, unit, [size]).hash(texts, (batch) => {
    const all = new Uint32Array(kernel.memory.buffer, batch.hashes, batch.count * 2);
    for (const [start, end] of ranges(kernel, batch)) found.push(all.slice(2 * start, 2 * end));
  });
  return found;
}

export async function openNgrams(options: NgramOptions): Promise<Ngrams> {
  checkOptions(options);
  const { unit, sizes, watch, build = wasmBuild() } = options;
  const kernel = await loadWasm<NgramExports>('ngrams', build);
  const keep = options.keep ?? DEFAULT_KEEP;
  const limit = watch ? watch.length / 2 : (options.limit ?? DEFAULT_LIMIT);
  const counters = new Map(sizes.map((size) => [size, openCounter(kernel, limit, keep, watch)]));
  const first = counters.get(sizes[0]!)!;
  const hasher = textHasher(kernel, unit, sizes);
  const reader = textHasher(kernel, unit, sizes.slice(0, 1));
  let documents = 0;
  return {
    observe(texts) {
      hasher.hash(texts, (batch, size) => counters.get(size)!.add(batch));
      documents += texts.length;
    },
    states() {
      return Array.from(counters, ([size, counter]) => {
        return { unit, size, limit, keep, documents, ...counter.read() };
      });
    },
    documentsOf(texts) {
      const found: Uint32Array[] = [];
      let known = true;
      reader.hash(texts, (batch) => {
        const counts = first.documentsOf(batch);
        known = counts !== null;
        if (!counts) return;
        for (const [start, end] of ranges(kernel, batch)) found.push(counts.slice(start, end));
      });
      return known ? found : null;
    },
  };
}

function checkOptions(options: NgramOptions): void {
  const { sizes, limit = 0, keep = 1, watch } = options;
  const whole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (sizes.length === 0 || !sizes.every((size) => whole(size, 1, LARGEST_SIZE))) {
    throw usageError(`N-grams have 1 … ${LARGEST_SIZE} words or characters, not ${sizes}.`);
  }
  if (new Set(sizes).size < sizes.length || (watch && sizes.length > 1)) {
    throw usageError(`The sizes ${sizes} of n-grams must differ, and be one to watch for some.`);
  }
  if (!whole(watch ? watch.length / 2 : limit, 0, LARGEST_LIMIT) || !whole(keep, 1, 2 ** 20)) {
    throw usageError(
      `At most ${LARGEST_LIMIT} n-grams and 1 … ${2 ** 20} hashes can be kept, not ${limit} and ${keep}.`,
    );
  }
}

/** Where each document's n-grams start and end. */
function ranges(kernel: NgramExports, batch: HashedBatch): [number, number][] {
  const ends = new Uint32Array(kernel.memory.buffer, batch.ends, batch.documents);
  return Array.from(ends, (end, i) => [i === 0 ? 0 : ends[i - 1]!, end]);
}

interface Counter {
  add(batch: HashedBatch): void;
  read(): Pick<NgramState, 'total' | 'exact' | 'registers' | 'smallest'>;
  documentsOf(batch: HashedBatch): Uint32Array | null;
}

/** A hash table while there are few enough n-grams, beside the sketches. */
function openCounter(
  kernel: NgramExports,
  limit: number,
  keep: number,
  watch: Uint32Array | undefined,
): Counter {
  const place = (bytes: number): number => allocateIn(kernel, bytes, `${limit} n-grams`);
  const registers = place(REGISTERS);
  const smallest = place(keep * 2 * 8);
  const scratch = place(keep * 8 + kernel.sortScratch(2 * keep));
  let kept = 0;
  let total = 0;
  let number = 1;
  let entries = 0;
  let table: { start: number; places: number } | null = emptyTable(2 ** 10);
  if (watch) preload(watch);

  function emptyTable(places: number): { start: number; places: number } {
    const start = place(places * 16);
    new Uint8Array(kernel.memory.buffer, start, places * 16).fill(0);
    return { start, places };
  }

  /** Room for `more` n-grams, at most three quarters full. Tables it outgrew are not reused. */
  function grow(more: number): void {
    const most = Math.min(entries + more, limit);
    if (!table || most <= 0.75 * table.places) return;
    const larger = emptyTable(2 ** Math.ceil(Math.log2(most / 0.75)));
    kernel.rehash(table.start, table.places, larger.start, larger.places);
    table = larger;
  }

  function preload(hashes: Uint32Array): void {
    const count = hashes.length / 2;
    grow(count);
    const ends = place(4);
    const copy = place(count * 8);
    const { buffer } = kernel.memory;
    new Uint32Array(buffer, ends, 1)[0] = count;
    new Uint32Array(buffer, copy, hashes.length).set(hashes);
    const { start, places } = table!;
    entries = kernel.tally(start, places, 0, count, copy, ends, 1, 0, true);
    kernel.release(ends);
  }

  return {
    add({ documents, count, hashes, ends }) {
      total += count;
      kernel.register(registers, hashes, count);
      kept = kernel.keepSmallest(smallest, kept, keep, hashes, count, scratch);
      if (!table) return;
      if (!watch) grow(count);
      const { start, places } = table;
      const now = kernel.tally(
        ...[start, places, entries, limit, hashes, ends, documents, number, !watch],
      );
      number += documents;
      if (now < 0) table = null;
      else entries = now;
    },
    read() {
      return {
        total,
        exact: table && !watch ? sorted(kernel, table, entries) : null,
        registers: new Uint8Array(kernel.memory.buffer, registers, REGISTERS).slice(),
        smallest: new Uint32Array(kernel.memory.buffer, smallest, kept * 2).slice(),
      };
    },
    documentsOf({ count, hashes }) {
      if (!table) return null;
      const out = place(count * 4);
      kernel.documentsOf(table.start, table.places, hashes, count, out);
      const found = new Uint32Array(kernel.memory.buffer, out, count).slice();
      kernel.release(out);
      return found;
    },
  };
}

/** What the table holds, by ascending hash. */
function sorted(
  kernel: NgramExports,
  { start, places }: { start: number; places: number },
  entries: number,
): NonNullable<NgramState['exact']> {
  const place = (bytes: number): number => allocateIn(kernel, bytes, `${entries} n-grams`);
  const hashes = place(entries * 8);
  const documents = place(entries * 4);
  const scratch = place(kernel.sortScratch(entries) >>> 0);
  kernel.collect(start, places, hashes, documents);
  kernel.sortByKey(hashes, documents, entries, scratch);
  const { buffer } = kernel.memory;
  const found = {
    hashes: new Uint32Array(buffer, hashes, entries * 2).slice(),
    documents: new Uint32Array(buffer, documents, entries).slice(),
  };
  kernel.release(hashes);
  return found;
}
