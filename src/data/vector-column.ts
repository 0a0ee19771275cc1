import type { Columns, Parsed } from './reader.ts';

/** What the schema of a binary table says of a column. */
export interface SchemaColumn {
  readonly name: string;
  /** 'vectors' for lists of floating-point numbers. */
  readonly kind: 'vectors' | 'other';
}

const VECTOR_NAMES = ['vector', 'vectors', 'embedding', 'embeddings'];

/** Columns that say that a table is one of texts, whatever vectors stand beside them. */
const TEXT_NAMES: ReadonlySet<string> = new Set([
  ...['text', 'content', 'instruction', 'prompt', 'question', 'query', 'sentence'],
  ...['messages', 'conversations'],
]);

/**
 * The column whose lists are the rows' vectors: one called so, or the only one of lists of floats;
 * null where the table has a column of text, which is embedded anew then.
 */
export function vectorColumn(columns: readonly SchemaColumn[]): string | null {
  if (columns.some(({ name }) => TEXT_NAMES.has(name.toLowerCase()))) return null;
  const lists = columns.filter(({ kind }) => kind === 'vectors').map(({ name }) => name);
  const called = lists.find((name) => VECTOR_NAMES.includes(name.toLowerCase()));
  return called ?? (lists.length === 1 ? lists[0]! : null);
}

/** A row of a table of vectors. `value` is what the vector column holds. */
export function vectorRow(
  line: number,
  column: string,
  value: unknown,
  dims: number,
  columns: Columns,
): Parsed {
  const numbers = listOf(value);
  if (numbers === null) return { line, why: `has no vector: ${column} is empty` };
  if (numbers.length !== dims) {
    return { line, why: `has a vector of length ${numbers.length} where the first has ${dims}` };
  }
  const vector = Float32Array.from(numbers, (number) => number ?? Number.NaN);
  const bad = vector.findIndex((number) => !Number.isFinite(number));
  if (bad === -1) return { line, vector, columns };
  const what = Number.isNaN(vector[bad]) ? 'NaN' : 'an infinite number';
  return { line, why: `has ${what} in position ${bad} of ${column}` };
}

/** The list as it is; null where there is none. */
export const listOf = (value: unknown): ArrayLike<number | null> | null =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
    ? (value as unknown as ArrayLike<number | null>)
    : null;
