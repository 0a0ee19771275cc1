import { inputError } from '../base/errors.ts';
import type { Bytes } from './bytes.ts';
import { INVALID_UTF8, type Parsed, type Table } from './reader.ts';
import { type Line, splitLines } from './split-lines.ts';

/**
 * Tables of delimited text: a header line, then a record a line. Values stay the strings they are.
 * With `quoting`, as in RFC 4180, a field in double quotes may hold delimiters, doubled quotes and
 * line ends (which become LF). Without it, as in most TSV, quotes are ordinary characters, but for a
 * field that is wrapped in them as a whole.
 */
export interface Dialect {
  readonly format: 'csv' | 'tsv';
  readonly delimiter: string;
  readonly quoting: boolean;
}

/** A quoted field of this many characters is a quote that was never closed. */
const LONGEST_QUOTE = 1 << 26;

interface RawRecord {
  readonly line: number;
  /** The fields, or why they cannot be told. */
  readonly fields: readonly string[] | string;
}

export async function openDelimited(bytes: Bytes, dialect: Dialect): Promise<Table> {
  const header = await readHeader(bytes, dialect);
  return { format: dialect.format, dims: null, rows: () => rows(bytes, dialect, header) };
}

async function readHeader(bytes: Bytes, dialect: Dialect): Promise<readonly string[]> {
  for await (const [first] of records(bytes, dialect)) {
    if (first === undefined) continue;
    const { line, fields } = first;
    if (typeof fields === 'string') {
      throw inputError(`${bytes.name}:${line}: the header line ${fields}.`);
    }
    const names = fields.map((field, index) => field.trim() || `column ${index + 1}`);
    const doubt = whyNoHeader(names);
    if (doubt === null) return names;
    throw inputError(
      `${bytes.name}:${line} is no header line: ${doubt}. Put a first line with the names of the columns.`,
    );
  }
  return [];
}

/** Data where names should be shows in numbers and repetitions; 0, 1, 2… are names that tools give. */
function whyNoHeader(names: readonly string[]): string | null {
  const isPosition = (name: string, index: number): boolean =>
    name === String(index) || name === String(index - 1) || name === String(index + 1);
  const number = names.findIndex(
    (name, index) => /^[-+]?\d+(\.\d+)?$/.test(name) && !isPosition(name, index),
  );
  if (number !== -1) return `field ${number + 1} is the number ${names[number]}`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? null : `two columns are called ${JSON.stringify(twice)}`;
}

async function* rows(
  bytes: Bytes,
  dialect: Dialect,
  header: readonly string[],
): AsyncGenerator<Parsed[]> {
  let seenHeader = false;
  for await (const batch of records(bytes, dialect)) {
    const parsed: Parsed[] = [];
    for (const { line, fields } of batch) {
      if (!seenHeader) seenHeader = true;
      else if (typeof fields === 'string') parsed.push({ line, why: fields });
      else if (fields.length !== header.length) {
        const why = `has ${fields.length} fields where the header has ${header.length}`;
        parsed.push({ line, why: dialect.quoting ? `${why} (is a field not quoted?)` : why });
      } else {
        const columns = Object.fromEntries(header.map((name, index) => [name, fields[index]!]));
        parsed.push({ line, columns });
      }
    }
    yield parsed;
  }
}

/** Records from the header on, blank lines left out. */
async function* records(bytes: Bytes, dialect: Dialect): AsyncGenerator<RawRecord[]> {
  let open: QuotedRecord | null = null;
  for await (const batch of splitLines(bytes.chunks())) {
    const found: RawRecord[] = [];
    for (const { line, text } of batch) {
      if (open === null) {
        if (text?.trim() === '') continue;
        if (text !== null && dialect.quoting && text.includes('"')) {
          open = startQuoted(line);
        } else {
          found.push(plainRecord({ line, text }, dialect));
          continue;
        }
      }
      readQuoted(open, text, dialect.delimiter);
      if (open.length > LONGEST_QUOTE) throw neverClosed(bytes, open);
      if (open.field === null) {
        found.push({ line: open.line, fields: open.problem ?? open.fields });
        open = null;
      }
    }
    yield found;
  }
  if (open !== null) throw neverClosed(bytes, open);
}

const neverClosed = (bytes: Bytes, open: QuotedRecord): Error =>
  inputError(
    `${bytes.name}:${open.line}: a quote that is opened in this row is never closed, so the rows after it cannot be told apart. Close it, or double it if it is part of the text.`,
  );

function plainRecord({ line, text }: Line, { delimiter, quoting }: Dialect): RawRecord {
  if (text === null) return { line, fields: INVALID_UTF8 };
  const fields = text.split(delimiter);
  return { line, fields: quoting ? fields : fields.map(unwrap) };
}

/** Takes the quotes off a field that is wrapped in them and whose inner quotes are all doubled. */
function unwrap(field: string): string {
  if (field.length < 2 || !field.startsWith('"') || !field.endsWith('"')) return field;
  const inner = field.slice(1, -1).replaceAll('""', '');
  return inner.includes('"') ? field : field.slice(1, -1).replaceAll('""', '"');
}

/** A record that is being read, line by line while one of its quoted fields is open. */
interface QuotedRecord {
  readonly line: number;
  readonly fields: string[];
  /** The parts of the quoted field that is open; null where none is. */
  field: string[] | null;
  /** How many characters have gone into open fields. */
  length: number;
  problem: string | null;
}

const startQuoted = (line: number): QuotedRecord => ({
  line,
  fields: [],
  field: null,
  length: 0,
  problem: null,
});

function readQuoted(record: QuotedRecord, line: string | null, delimiter: string): void {
  const text = line ?? '';
  if (line === null) record.problem = INVALID_UTF8;
  let at = 0;
  if (record.field !== null) record.field.push('\n');
  for (;;) {
    if (record.field === null) {
      if (text[at] !== '"') {
        const end = text.indexOf(delimiter, at);
        record.fields.push(text.slice(at, end === -1 ? undefined : end));
        if (end === -1) return;
        at = end + 1;
        continue;
      }
      record.field = [];
      at += 1;
    }
    const quote = text.indexOf('"', at);
    const part = text.slice(at, quote === -1 ? undefined : quote);
    record.field.push(part);
    record.length += part.length + 1;
    if (quote === -1) return;
    if (text[quote + 1] === '"') {
      record.field.push('"');
      at = quote + 2;
      continue;
    }
    record.fields.push(record.field.join(''));
    record.field = null;
    const next = text.indexOf(delimiter, quote + 1);
    if (text.slice(quote + 1, next === -1 ? undefined : next).trim() !== '') {
      record.problem ??= `has text after the closing quote of field ${record.fields.length} (double the quotes that are part of the text)`;
    }
    if (next === -1) return;
    at = next + 1;
  }
}
