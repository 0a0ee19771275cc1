import type { OnProgress } from '../base/progress.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [k: string]: Json };

/** One sample. It has a text or a vector, never neither. */
export interface Row {
  /** The row's own `id` (or `uid`, `_id`) column where the data has one, else its number from 0, as a string. */
  readonly id: string;
  /** What is embedded. `null` for rows that are vectors. */
  readonly text: string | null;
  /** The row's vector as it was read, where the input holds vectors. */
  readonly vector: Float32Array | null;
  /** Every column as it was read, the ones that made the text included. */
  readonly columns: Readonly<Record<string, Json>>;
  /** Where it was read: which source, and the line it starts on (from 1); in binary formats the row (from 1). */
  readonly at: { readonly source: number; readonly line: number };
}

export interface Source {
  /** The path as it was given; `-` for standard input. */
  readonly path: string;
  readonly format:
    | 'jsonl'
    | 'json'
    | 'csv'
    | 'tsv'
    | 'lines'
    | 'npy'
    | 'parquet'
    | 'arrow'
    | 'pictures';
  /** How the text was made and who said so, in words for people: "instruction + input + output (found)". */
  readonly text: string | null;
  /** The columns, or paths into them, that the text is made of; none where each line is one, and for vectors. */
  readonly textColumns: readonly string[];
}

/** A row that could not be used; listed when `onBadRow` is 'skip', thrown when it is 'fail'. */
export interface BadRow {
  readonly source: string;
  readonly line: number;
  /** Why, in words that follow 'the row': "has no text: text is empty". */
  readonly why: string;
}

/**
 * A stream of rows from one or several inputs. It is never assumed to fit in memory, and it can be
 * read again: `rows()` starts from the first row each time and yields the same rows in the same order.
 */
export interface Dataset {
  readonly kind: 'text' | 'vectors';
  /** The length of every vector, when kind is 'vectors'. */
  readonly dims: number | null;
  readonly sources: readonly Source[];
  /** Rows that were left out in the latest complete pass, the first 100; only ever non-empty with `onBadRow: 'skip'`. */
  readonly badRows: readonly BadRow[];
  /** How many rows were left out in the latest complete pass, the unlisted ones included. */
  readonly badRowCount: number;
  rows(options?: { signal?: AbortSignal | undefined }): AsyncIterable<Row>;
  /** Removes what was spooled to disk for re-reading. */
  close(): Promise<void>;
}

export interface DatasetOptions {
  /** A template such as '{instruction}\n{output}' or a column's name; found from the data when absent. */
  readonly text?: string | undefined;
  /** Default 'fail'. */
  readonly onBadRow?: 'fail' | 'skip' | undefined;
  /** What rows of `--space cosine` vectors must not be: all zeros. Default true. */
  readonly refuseZeroVectors?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}
