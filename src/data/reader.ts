import type { Bytes } from './bytes.ts';
import type { Json, Source } from './row.ts';

export type Columns = Readonly<Record<string, Json>>;

/** One row as a format yields it: its columns, its vector, or why it cannot be used. Lines count from 1. */
export type Parsed =
  | { readonly line: number; readonly columns: Columns }
  | { readonly line: number; readonly vector: Float32Array; readonly columns?: Columns }
  | { readonly line: number; readonly why: string };

/** An input whose format is known and whose start has been checked. */
export interface Table {
  readonly format: Source['format'];
  /** The length of its vectors; null where rows have columns. */
  readonly dims: number | null;
  /**
   * Every row from the first, in batches as they come off the disk. Rows that are broken are part of
   * the stream; only damage that makes all that follows unreadable is thrown.
   */
  rows(): AsyncIterable<readonly Parsed[]>;
}

/** A format. To add one, write a file with one of these and name it in formats.ts. */
export interface Reader {
  /** With their dots, lower-case. */
  readonly extensions: readonly string[];
  /** Whether bytes whose name tells nothing (standard input) are of this format. */
  recognises(head: Buffer): boolean;
  open(bytes: Bytes, asked: Asked): Promise<Table>;
}

/** What is known of what the rows are wanted for. */
export interface Asked {
  /** Whether a text was asked for: a table that has vectors too is read for its columns then. */
  readonly wantsText: boolean;
}

/** What an array or a line of JSON means as columns; null where it is no row at all. */
export function columnsOf(value: Json): Columns | null {
  if (typeof value === 'string') return { text: value };
  if (Array.isArray(value)) {
    const [text, label] = value as readonly Json[];
    const pair = value.length === 2 && typeof text === 'string' && !isContainer(label);
    return pair ? { text, label: label ?? null } : null;
  }
  return value !== null && typeof value === 'object' ? (value as Columns) : null;
}

const isContainer = (value: Json | undefined): boolean =>
  value !== null && typeof value === 'object';

export const INVALID_UTF8 = 'holds bytes that are not UTF-8 (convert the file with iconv)';

const MANY_DIGITS = /\d{16}/u;
/** A string, which is passed over, or a number; in text that is valid JSON. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gsu;

/**
 * JSON whose whole numbers beyond 2⁵³ become text, as those of binary formats do (to-json.ts): ids of 64 bits
 * keep every digit.
 */
function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (typeof value !== 'object' || !MANY_DIGITS.test(text)) return value;
  const exact = text.replace(STRING_OR_NUMBER, (token) =>
    /^-?\d+$/u.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
  return exact === text ? value : (JSON.parse(exact) as Json);
}

/** Reads one row's JSON. `line` is where the text starts; the answer names the line that is wrong. */
export function parseRow(text: string, line: number): Parsed {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    return brokenRow(text, line, (error as Error).message);
  }
  const columns = columnsOf(value);
  if (columns !== null) return { line, columns };
  const what = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return { line, why: `is ${what}, not an object or a string` };
}

function brokenRow(text: string, line: number, message: string): Parsed {
  if (text.trim() === '') return { line, why: 'is not valid JSON: there is a comma too many' };
  // The engine quotes the text around the error, which may be long: only its own words are kept.
  const cause = message
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, (\.\.\.)?".* is not valid JSON$/s, '');
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
  const why = cause.startsWith('Unexpected end')
    ? 'it ends in the middle of a value'
    : lower(cause);
  return { line: line + countNewlines(text, position), why: `is not valid JSON: ${why}` };
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
