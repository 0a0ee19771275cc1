import type { Vectors } from '../compute/vectors.ts';
import type { Row } from '../data/row.ts';

/** Rows with the groups that intervals are made from: what every per-row measure starts with. */
export interface Rows {
  readonly n: number;
  /** As the space wants them: unit rows for cosine, rows as they are for euclidean. */
  readonly vectors: Vectors;
  /** The same rows with length one; the same object when the space is cosine. */
  readonly unit: Vectors;
  readonly groups: Uint8Array;
  /** Rows in each group. */
  readonly sizes: Int32Array;
  /** Row numbers in the order of a seeded hash of their content. */
  readonly order: Int32Array;
  /** Rows of equal content, and only those, share a number. */
  readonly kinds: Int32Array;
  /** What the rows say beside their vectors; null where only vectors are known. */
  readonly contents: Contents | null;
  /** Tokens of each row as the embedding model counts them; absent where none did. */
  readonly tokens?: Int32Array;
  /** What models said of each row, by name; absent where none was asked. */
  readonly scores?: ReadonlyMap<string, ScoreColumn>;
}

/** What a model said of each row; NaN where it said nothing. */
export interface ScoreColumn {
  readonly values: Float64Array;
  readonly range: readonly [number, number];
}

/** Texts and columns of rows, in the order of the rows, in blocks: read again from the data each time. */
export type Contents = (signal?: AbortSignal) => AsyncIterable<readonly RowContent[]>;

export type RowContent = Pick<Row, 'text' | 'columns'>;
