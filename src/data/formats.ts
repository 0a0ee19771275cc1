import { inputError } from '../base/errors.ts';
import { arrow } from './arrow.ts';
import type { Bytes } from './bytes.ts';
import { csv, tsv } from './csv.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { lines } from './lines.ts';
import { npy } from './npy.ts';
import { parquet } from './parquet.ts';
import type { Reader } from './reader.ts';

/** Formats that are no text, each told by its first bytes. */
const binary: readonly Reader[] = [npy, parquet, arrow];
/** Every format, in the order in which content without a telling name is tried. */
const readers: readonly Reader[] = [...binary, json, jsonl, tsv, csv, lines];

/**
 * The reader for an input. Its extension decides; content does where there is none (standard input)
 * and where it plainly contradicts the name: a binary format under another name, an array in a `.jsonl`.
 */
export function readerFor(bytes: Bytes): Reader {
  const named = readers.find((reader) => reader.extensions.includes(bytes.extension));
  const content = binary.find((reader) => reader.recognises(bytes.head));
  if (content !== undefined) return content;
  if (named !== undefined && binary.includes(named)) return named;
  const nul = bytes.head.indexOf(0);
  if (nul !== -1) {
    throw inputError(
      `${bytes.name} is binary (byte ${nul} is zero), not text; give JSON Lines, JSON, CSV, TSV, plain text in UTF-8, Parquet, Arrow or .npy.`,
    );
  }
  if (named === jsonl && /^\s*\[/.test(bytes.head.toString('latin1', 0, 1024))) return json;
  if (named !== undefined) return named;
  if (bytes.extension !== '') return lines;
  return readers.find((reader) => reader.recognises(bytes.head)) ?? lines;
}
