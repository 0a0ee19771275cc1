import { throwIfAborted } from '../base/errors.ts';
import { breathe, type RunOptions } from '../base/progress.ts';
import { type Key, textKey, type VectorStore } from '../embed/store.ts';
import type { Item, Scorer } from './scorer.ts';

/** Items that are scored and committed at a time: what a kill can lose, at some rows a second. */
const COMMIT_ITEMS = 64;

export interface ScoredRows {
  /** One column for each of the scorer's numbers; NaN for rows without an item. */
  readonly columns: readonly Float64Array[];
  readonly tokens: Float64Array;
}

export interface ScoreRowsOptions extends RunOptions {
  /** What is being done, for progress. */
  readonly stage: string;
  readonly rows: number;
}

/**
 * Scores rows in the order they come in: those of the store from there, equal ones once. What is scored
 * together does not change a number, so an interrupted run ends in the same ones.
 */
export async function scoreRows(
  items: AsyncIterable<Item | null>,
  scorer: Scorer,
  store: VectorStore | null,
  { stage, rows, signal, onProgress }: ScoreRowsOptions,
): Promise<ScoredRows> {
  const { width } = scorer;
  const columns = Array.from({ length: width }, () => new Float64Array(rows).fill(Number.NaN));
  const tokens = new Float64Array(rows);
  const known = new Map<Key, number>();
  let waiting = new Map<Key, { readonly item: Item; readonly rows: number[] }>();
  let done = 0;
  let cached = 0;
  const report = (): void => onProgress?.({ stage, done, total: rows, unit: 'rows', cached });
  const put = (row: number, values: ArrayLike<number>, at: number, count: number): void => {
    for (const [w, column] of columns.entries()) column[row] = values[at + w]!;
    tokens[row] = count;
  };
  const flush = async (): Promise<void> => {
    throwIfAborted(signal);
    if (waiting.size === 0) return;
    const keys = [...waiting.keys()];
    const parts = [...waiting.values()];
    waiting = new Map();
    const scored = await scorer.score(
      parts.map(({ item }) => item),
      { signal },
    );
    await store?.commit(keys, scored.values, Int32Array.from(scored.tokens));
    for (const [i, part] of parts.entries()) {
      for (const row of part.rows) put(row, scored.values, width * i, scored.tokens[i]!);
      done += part.rows.length;
    }
    report();
  };
  report();
  let row = 0;
  for await (const item of items) {
    const at = row;
    row += 1;
    if (item === null) {
      done += 1;
      cached += 1;
      continue;
    }
    const key = textKey(JSON.stringify(item));
    const first = known.get(key);
    const stored = first === undefined ? store?.get(key) : undefined;
    if (stored !== undefined) put(at, stored.vector, 0, stored.tokens);
    const together = waiting.get(key);
    if (together !== undefined) together.rows.push(at);
    else if (first !== undefined) {
      for (const column of columns) column[at] = column[first]!;
      tokens[at] = tokens[first]!;
    } else if (stored === undefined) waiting.set(key, { item, rows: [at] });
    known.set(key, first ?? at);
    if (together === undefined && (first !== undefined || stored !== undefined)) {
      done += 1;
      cached += 1;
      // Reading the store never waits, so without this a warm run would hear no signal.
      if (row % 512 === 0) {
        await breathe();
        throwIfAborted(signal);
        report();
      }
    }
    if (waiting.size === COMMIT_ITEMS) await flush();
  }
  await flush();
  report();
  return { columns, tokens };
}
