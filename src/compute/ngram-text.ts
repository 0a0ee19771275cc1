import type { NgramUnit } from './ngram-state.ts';
import { allocateIn, type WasmMemory } from './wasm.ts';

/** What native/ngrams.ts exports; the contract is written there. Addresses are signed on this side. */
export interface NgramExports {
  readonly memory: WasmMemory;
  allocate(bytes: number): number;
  release(address: number): void;
  words: Tokenise;
  terms: Tokenise;
  characters: Tokenise;
  grams(...args: readonly number[]): number;
  register(registers: number, hashes: number, n: number): void;
  keepSmallest(...args: readonly number[]): number;
  sortByKey(keys: number, values: number, n: number, scratch: number): void;
  sortScratch(n: number): number;
  tally(...args: readonly (number | boolean)[]): number;
  documentsOf(table: number, places: number, hashes: number, n: number, out: number): void;
  rehash(table: number, places: number, larger: number, more: number): void;
  collect(table: number, places: number, hashes: number, documents: number): void;
}

type Tokenise = (
  text: number,
  ends: number,
  documents: number,
  tokens: number,
  tokenEnds: number,
) => number;

/** N-grams of some documents, in the kernel's memory until the next batch. */
export interface HashedBatch {
  readonly documents: number;
  /** How many n-grams there are. */
  readonly count: number;
  readonly hashes: number;
  /** A u32 for each document: where its n-grams end. */
  readonly ends: number;
}

/** Bytes of text hashed at a time: with their hashes they stay in a processor's cache. */
const BATCH_BYTES = 2 ** 17;
const BATCH_DOCUMENTS = 4096;
/** A UTF-16 code unit becomes at most three bytes of UTF-8. */
const MOST_BYTES = 3;

/** Hashes texts in batches of bounded size; a document is never split. */
export interface TextHasher {
  /** Calls `use` for every batch of texts and every size of n-gram. */
  hash(texts: readonly string[], use: (batch: HashedBatch, size: number) => void): void;
}

export function textHasher(
  kernel: NgramExports,
  unit: NgramUnit,
  sizes: readonly number[],
): TextHasher {
  const encoder = new TextEncoder();
  const place = (bytes: number): number => allocateIn(kernel, bytes, 'texts and their n-grams');
  const ends = place(BATCH_DOCUMENTS * 4);
  const tokenEnds = place(BATCH_DOCUMENTS * 4);
  const gramEnds = place(BATCH_DOCUMENTS * 4);
  let room = roomFor(BATCH_BYTES);

  /** A token has a byte of text at least, and a hash of 8 bytes. */
  function roomFor(bytes: number): { bytes: number; text: number; tokens: number; grams: number } {
    return { bytes, text: place(bytes + 16), tokens: place(bytes * 8), grams: place(bytes * 8) };
  }

  /** Encodes texts from number `first` on, as many as there is room for; the number of the next. */
  function fill(texts: readonly string[], first: number): number {
    const needed = texts[first]!.length * MOST_BYTES;
    if (needed > room.bytes) room = roomFor(Math.max(needed, 2 * room.bytes));
    const { buffer } = kernel.memory;
    const text = new Uint8Array(buffer, room.text, room.bytes);
    const byteEnds = new Uint32Array(buffer, ends, BATCH_DOCUMENTS);
    const limit = Math.min(texts.length, first + BATCH_DOCUMENTS);
    let end = 0;
    let next = first;
    for (; next < limit && end + texts[next]!.length * MOST_BYTES <= room.bytes; next += 1) {
      end += encoder.encodeInto(texts[next]!, text.subarray(end)).written;
      byteEnds[next - first] = end;
    }
    return next;
  }

  return {
    hash(texts, use) {
      for (let first = 0; first < texts.length; ) {
        const next = fill(texts, first);
        const documents = next - first;
        kernel[unit](room.text, ends, documents, room.tokens, tokenEnds);
        for (const size of sizes) {
          const count = kernel.grams(
            ...[room.tokens, tokenEnds, documents, size, room.grams, gramEnds],
          );
          use({ documents, count, hashes: room.grams, ends: gramEnds }, size);
        }
        first = next;
      }
    },
  };
}
