import { createHash } from 'node:crypto';
import { inputError, throwIfAborted, usageError } from '../base/errors.ts';
import type { RunOptions } from '../base/progress.ts';
import { mix } from '../base/random.ts';
import { BLOCK_ROWS, normaliseRows, type Vectors } from '../compute/vectors.ts';
import type { Dataset, Row } from '../data/row.ts';
import type { Embedder } from '../embed/embedder.ts';
import { embedRows } from '../embed/pipeline.ts';
import type { VectorStore } from '../embed/store.ts';
import { KEY_BYTES, type Key, textKey } from '../embed/text-key.ts';
import type { Contents, Rows } from '../measures/rows.ts';
import { groupOf, groupSizes } from '../stats/groups.ts';

export type Space = 'cosine' | 'euclidean';

/** A dataset after one pass: its vectors, and what must be known of each row. Texts are not kept. */
export interface Collected {
  readonly rows: Rows;
  readonly ids: readonly string[];
  /** A key of each row's content: equal rows have equal keys. */
  readonly keys: readonly Key[];
  readonly exactDuplicates: number;
  /** Tokens of each row; null for vectors. */
  readonly tokens: Int32Array | null;
}

export interface CollectOptions extends RunOptions {
  readonly seed: number;
  readonly space: Space;
  readonly embedder: Embedder | null;
  readonly store: VectorStore | null;
  /** How many rows there are, where that is known; only for progress. */
  readonly total?: number | undefined;
  /** Called with each block of rows, in order, while their columns are at hand. */
  readonly onRows?: ((rows: readonly Row[]) => void) | undefined;
}

interface Block {
  readonly rows: readonly Row[];
  readonly vectors: Float32Array;
  readonly tokens: Int32Array | null;
}

/** Reads a dataset once, embedding its texts or taking its vectors. */
export async function collect(dataset: Dataset, options: CollectOptions): Promise<Collected> {
  const ids: string[] = [];
  const keys: Key[] = [];
  const tokens: Int32Array[] = [];
  const raw: Float32Array[] = [];
  const unit: Float32Array[] = [];
  const dims = options.embedder?.dims ?? dataset.dims ?? 0;
  for await (const block of blocksOf(dataset, options)) {
    for (const row of block.rows) {
      ids.push(row.id);
      keys.push(contentKey(row));
    }
    if (block.tokens !== null) tokens.push(block.tokens);
    options.onRows?.(block.rows);
    // Texts come as unit vectors; vectors are normalised in a copy unless the space is cosine anyway.
    const vectors = block.vectors;
    let unitBlock = vectors;
    if (dataset.kind === 'vectors') {
      if (options.space === 'euclidean') unitBlock = vectors.slice();
      normaliseRows(unitBlock, dims);
    }
    raw.push(vectors);
    unit.push(unitBlock);
  }
  const n = ids.length;
  if (n === 0) throw inputError(`${nameOf(dataset)} has no rows.`);
  const vectors: Vectors = { n, dims, blocks: raw };
  const counted = dataset.kind === 'text' && options.embedder?.countsTokens !== false;
  const same = raw.every((block, i) => block === unit[i]);
  const rows = makeRows(
    vectors,
    same ? vectors : { n, dims, blocks: unit },
    keys,
    options.seed,
    (signal) => contentsOf(dataset, keys, signal),
  );
  const counts = counted ? joinInts(tokens, n) : null;
  return {
    rows: counts === null ? rows : { ...rows, tokens: counts },
    ids,
    keys,
    exactDuplicates: n - new Set(keys).size,
    tokens: counts,
  };
}

/** What the dataset is called in messages. */
export const nameOf = (dataset: Dataset): string =>
  dataset.sources.map(({ path }) => (path === '-' ? 'standard input' : path)).join(', ');

async function* blocksOf(dataset: Dataset, options: CollectOptions): AsyncIterable<Block> {
  const rows = dataset.rows({ signal: options.signal });
  if (dataset.kind === 'text') {
    if (options.embedder === null) {
      throw usageError(`${nameOf(dataset)} holds texts; a model is needed to embed them.`);
    }
    yield* embedRows(rows, options.embedder, options.store, options);
    return;
  }
  const dims = dataset.dims ?? 0;
  let block: Row[] = [];
  const flush = (): Block => {
    const vectors = new Float32Array(block.length * dims);
    for (const [i, row] of block.entries()) vectors.set(row.vector!, i * dims);
    const done = { rows: block, vectors, tokens: null };
    block = [];
    return done;
  };
  for await (const row of rows) {
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    throwIfAborted(options.signal);
    yield flush();
  }
  if (block.length > 0) yield flush();
}

/**
 * Groups and order of rows, from a seeded hash of (content, occurrence): the same rows get the same
 * groups and the same order wherever they stand in the input.
 */
export function makeRows(
  vectors: Vectors,
  unit: Vectors,
  keys: readonly string[],
  seed: number,
  contents: Contents | null = null,
): Rows {
  const { n } = vectors;
  const groups = new Uint8Array(n);
  const ranks = new Float64Array(n);
  const kinds = new Int32Array(n);
  const seen = new Map<string, { readonly kind: number; occurrences: number }>();
  for (let i = 0; i < n; i += 1) {
    const key = keys[i]!;
    const known = seen.get(key) ?? { kind: seen.size, occurrences: 0 };
    const occurrence = known.occurrences;
    known.occurrences += 1;
    seen.set(key, known);
    kinds[i] = known.kind;
    const hash = word(key, 0);
    groups[i] = groupOf(hash, occurrence, seed);
    ranks[i] = mix(seed, 1, hash, occurrence) * 0x100000 + (word(key, 4) & 0xfffff);
  }
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => ranks[a]! - ranks[b]!);
  const sizes = groupSizes(groups);
  return { n, vectors, unit, groups, sizes, order, kinds, contents };
}

/** 32 bits of a key, which is a string of bytes. */
const word = (key: string, at: number): number =>
  ((key.charCodeAt(at) << 24) |
    (key.charCodeAt(at + 1) << 16) |
    (key.charCodeAt(at + 2) << 8) |
    key.charCodeAt(at + 3)) >>>
  0;

/** The key of what a row is: its text, or its vector as it was read. */
export const contentKey = ({ text, vector }: Row): Key =>
  text === null ? vectorKey(vector!) : textKey(text);

/** The key of a vector row: its bytes, hashed as textKey hashes a text. */
export function vectorKey(vector: Float32Array): Key {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return createHash('sha256').update(bytes).digest().toString('latin1', 0, KEY_BYTES) as Key;
}

/** The rows once more, in blocks, for what is finished from texts and columns. */
async function* contentsOf(
  dataset: Dataset,
  keys: readonly Key[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Row[], void, undefined> {
  let block: Row[] = [];
  for await (const [row] of checkedRows(dataset, keys, signal)) {
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** The rows once more, with their numbers. Refuses data that is no longer the same. */
export async function* checkedRows(
  dataset: Dataset,
  keys: readonly Key[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly [row: Row, i: number], void, undefined> {
  let i = 0;
  for await (const row of dataset.rows({ signal })) {
    if (i >= keys.length || contentKey(row) !== keys[i]) throw changed(dataset, i);
    yield [row, i];
    i += 1;
  }
  if (i !== keys.length) throw changed(dataset, i);
}

const changed = (dataset: Dataset, i: number): Error =>
  inputError(
    `${nameOf(dataset)} changed while it was read: row ${i + 1} is no longer what it was. Run again.`,
  );

function joinInts(parts: readonly Int32Array[], n: number): Int32Array {
  const whole = new Int32Array(n);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
