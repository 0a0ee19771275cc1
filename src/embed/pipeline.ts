import { inputError, throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { BLOCK_ROWS } from '../compute/vectors.ts';
import type { Row } from '../data/row.ts';
import type { Embedder } from './embedder.ts';
import { textKey, type VectorStore } from './store.ts';
import type { Key } from './text-key.ts';

export interface EmbeddedBlock {
  readonly rows: readonly Row[];
  /** One unit vector a row, row-major. */
  readonly vectors: Float32Array;
  /** How many tokens each row has, before windowing or cutting. */
  readonly tokens: Int32Array;
}

export interface EmbedOptions extends RunOptions {
  /** How many rows there will be, where that is known; only for progress. */
  readonly total?: number | null | undefined;
}

/**
 * Rows that are embedded and committed at a time: what a kill can lose. A block is a multiple of it.
 */
export const COMMIT_ROWS = 512;

/**
 * Embeds rows in blocks of BLOCK_ROWS, in the order they come in. What a block and its parts are
 * depends on that order alone, never on what the store has, so an interrupted run ends in the same
 * bytes as one that was not. Texts in the store, and texts that were in the block before, are not
 * embedded again.
 */
export async function* embedRows(
  rows: AsyncIterable<Row>,
  embedder: Embedder,
  store: VectorStore | null,
  options: EmbedOptions = {},
): AsyncGenerator<EmbeddedBlock, void, undefined> {
  const counter = new Counter(options);
  let block: Row[] = [];
  for await (const row of rows) {
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    yield await embedBlock(block, embedder, store, options.signal, counter);
    block = [];
  }
  if (block.length > 0) yield await embedBlock(block, embedder, store, options.signal, counter);
}

async function embedBlock(
  rows: readonly Row[],
  embedder: Embedder,
  store: VectorStore | null,
  signal: AbortSignal | undefined,
  counter: Counter,
): Promise<EmbeddedBlock> {
  const { dims } = embedder;
  const vectors = new Float32Array(rows.length * dims);
  const tokens = new Int32Array(rows.length);
  const firstRow = new Map<Key, number>();

  /** Takes what the store has of some rows, and says what is left to do. */
  const partAt = (start: number) => {
    const end = Math.min(start + COMMIT_ROWS, rows.length);
    const missing: number[] = [];
    const keys: Key[] = [];
    const repeats: [row: number, first: number][] = [];
    for (let row = start; row < end; row++) {
      const key = textKey(textOf(rows[row]!));
      const first = firstRow.get(key);
      if (first !== undefined) {
        repeats.push([row, first]);
        continue;
      }
      firstRow.set(key, row);
      const stored = store?.get(key);
      if (stored) {
        vectors.set(stored.vector, row * dims);
        tokens[row] = stored.tokens;
      } else {
        missing.push(row);
        keys.push(key);
      }
    }
    const texts = missing.map((row) => textOf(rows[row]!));
    return { missing, texts, keys, repeats, found: end - start - missing.length };
  };

  let next = partAt(0);
  for (let start = 0; start < rows.length; start += COMMIT_ROWS) {
    throwIfAborted(signal);
    const { missing, texts, keys, repeats, found } = next;
    next = partAt(start + COMMIT_ROWS);
    counter.found(found);
    if (missing.length > 0) {
      const onTexts = counter.embedding(missing.length);
      const embedding = embedder.embed(texts, { signal, onTexts });
      if (next.texts.length > 0) embedder.ahead?.(next.texts);
      const fresh = await embedding;
      await store?.commit(keys, fresh.vectors, fresh.tokens);
      counter.embedded();
      missing.forEach((row, i) => {
        vectors.set(fresh.vectors.subarray(i * dims, (i + 1) * dims), row * dims);
        tokens[row] = fresh.tokens[i]!;
      });
    } else {
      // Reading the store never waits, so without this a warm run would hear no signal.
      await breathe();
    }
    for (const [row, first] of repeats) {
      vectors.copyWithin(row * dims, first * dims, (first + 1) * dims);
      tokens[row] = tokens[first]!;
    }
  }
  return { rows, vectors, tokens };
}

function textOf(row: Row): string {
  if (row.text === null) {
    throw inputError(
      `Row ${row.id} (line ${row.at.line}) is a vector and has no text; only texts can be embedded.`,
    );
  }
  return row.text;
}

/** Counts rows over all blocks and reports them as progress. */
class Counter {
  private readonly options: EmbedOptions;
  private done = 0;
  private cached = 0;
  /** What `done` will be when the texts that are being embedded are finished. */
  private goal = 0;

  constructor(options: EmbedOptions) {
    this.options = options;
    this.report();
  }

  /** Rows that cost nothing: the store had them, or they repeat a row of their block. */
  found(rows: number): void {
    if (rows === 0) return;
    this.done += rows;
    this.cached += rows;
    this.report();
  }

  /** Announces texts about to be embedded; the function it returns is told of them bit by bit. */
  embedding(texts: number): (finished: number) => void {
    this.goal = this.done + texts;
    return (finished) => {
      this.done = Math.min(this.done + finished, this.goal);
      this.report();
    };
  }

  /** All that were announced are finished, whatever the embedder said on the way. */
  embedded(): void {
    if (this.done === this.goal) return;
    this.done = this.goal;
    this.report();
  }

  private report(): void {
    this.options.onProgress?.({
      stage: 'embedding',
      done: this.done,
      total: this.options.total ?? null,
      unit: 'rows',
      cached: this.cached,
    });
  }
}
