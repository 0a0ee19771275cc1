import { basename } from 'node:path';
import { inputError, throwIfAborted, usageError } from '../base/errors.ts';
import { type Bytes, openBytes } from './bytes.ts';
import { newSurvey, observeColumns } from './columns.ts';
import { readerFor } from './formats.ts';
import type { Columns, Parsed, Table } from './reader.ts';
import type { BadRow, Dataset, DatasetOptions, Json, Row } from './row.ts';
import { parseTemplate, type Template, templateRule } from './template.ts';
import { findText, type TextRule } from './text.ts';

/** Rows of each input that are looked at to find the text and to see early what is wrong. */
const FIRST_ROWS = 1000;
/** Bad rows that are listed; all are counted. */
const LISTED_BAD_ROWS = 100;

interface Input {
  readonly path: string;
  readonly bytes: Bytes;
  readonly table: Table;
  /** Null for vectors. */
  readonly rule: TextRule | null;
}

/**
 * Opens one or several inputs as one dataset, in the order given. Formats, columns and the first
 * rows are checked here, so that most of what can be wrong is known before work starts.
 */
export async function openDataset(
  paths: readonly string[],
  options: DatasetOptions = {},
): Promise<Dataset> {
  if (paths.length === 0)
    throw usageError('No input is given; name a file, or - for standard input.');
  if (paths.filter((path) => path === '-').length > 1) {
    throw usageError('Standard input (-) is given twice, but can be read as one input only.');
  }
  const template = options.text === undefined ? null : parseTemplate(options.text);
  const opened: Bytes[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((bytes) => bytes.close()));
  };
  try {
    const inputs: Input[] = [];
    for (const path of paths) {
      const bytes = await openBytes(path, options);
      opened.push(bytes);
      const table = await readerFor(bytes).open(bytes, { wantsText: template !== null });
      inputs.push({ path, bytes, table, rule: await textRule(bytes, table, template, options) });
    }
    checkAlike(inputs);
    return await makeDataset(inputs, options, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the first rows, refuses an input that has none, and settles which text its rows have. */
async function textRule(
  bytes: Bytes,
  table: Table,
  template: Template | null,
  options: DatasetOptions,
): Promise<TextRule | null> {
  const survey = newSurvey(template?.paths ?? []);
  let usable = 0;
  let seen = 0;
  let firstRefusal: Error | null = null;
  for await (const batch of table.rows()) {
    throwIfAborted(options.signal);
    for (const parsed of batch) {
      if ('why' in parsed) {
        firstRefusal ??= refusal({ bytes, table }, parsed.line, seen, parsed.why);
        if (options.onBadRow !== 'skip') throw firstRefusal;
      } else {
        usable += 1;
        if ('columns' in parsed) observeColumns(survey, parsed.columns);
      }
      seen += 1;
    }
    if (usable >= FIRST_ROWS) break;
  }
  if (seen === 0) throw inputError(`${bytes.name} has no rows; give a file that has some.`);
  if (usable === 0) throw firstRefusal ?? inputError(`${bytes.name} has no rows that can be used.`);
  if (table.dims !== null) {
    if (template === null) return null;
    throw usageError(
      `--text is given, but ${bytes.name} holds vectors, which have no text; leave it out.`,
    );
  }
  if (template !== null) return templateRule(template, survey, bytes.name);
  const rule = findText(survey, bytes.name);
  return table.format === 'lines' ? { ...rule, words: 'each line', columns: [] } : rule;
}

function checkAlike([first, ...others]: readonly Input[]): void {
  for (const other of others) {
    const [a, b] = [first!.table.dims, other.table.dims];
    if (a === b) continue;
    const names = [first!.bytes.name, other.bytes.name];
    if (a === null || b === null) {
      const [text, vectors] = a === null ? names : names.reverse();
      throw inputError(`${text} holds text and ${vectors} holds vectors; give inputs of one kind.`);
    }
    throw inputError(
      `${names[1]} has vectors of length ${b} where ${names[0]} has ${a}; embed both with one model.`,
    );
  }
}

async function makeDataset(
  inputs: readonly Input[],
  options: DatasetOptions,
  close: () => Promise<void>,
): Promise<Dataset> {
  const dims = inputs[0]!.table.dims;
  const labels = inputs.length > 1 ? sourceLabels(inputs) : null;
  const skip = options.onBadRow === 'skip';
  const refuseZeros = options.refuseZeroVectors !== false;
  let badRows: readonly BadRow[] = [];
  let badRowCount = 0;

  async function* rows({ signal = options.signal }: { signal?: AbortSignal | undefined } = {}) {
    const listed: BadRow[] = [];
    let bad = 0;
    let number = 0;
    for (const [source, input] of inputs.entries()) {
      const before = number;
      for await (const batch of input.table.rows()) {
        throwIfAborted(signal);
        for (const parsed of batch) {
          const content = contentOf(parsed, input.rule, refuseZeros);
          const { line } = parsed;
          if ('why' in content) {
            if (!skip) throw refusal(input, line, number - before, content.why);
            bad += 1;
            if (listed.length < LISTED_BAD_ROWS)
              listed.push({ source: input.path, line, why: content.why });
          } else {
            const { text, vector } = content;
            const columns = withSource(content.columns, labels?.[source]);
            const row: Row = {
              id: ownId(columns) ?? String(number),
              text,
              vector,
              columns,
              at: { source, line },
            };
            yield row;
          }
          number += 1;
        }
      }
    }
    if (bad === number) {
      const [first] = listed;
      throw inputError(
        `None of the ${number} rows can be used; in the first, ${first?.source}:${first?.line}, the row ${first?.why}.`,
      );
    }
    badRows = listed;
    badRowCount = bad;
  }

  if (!skip) await checkFirstRows(inputs, refuseZeros);
  return {
    kind: dims === null ? 'text' : 'vectors',
    dims,
    sources: inputs.map(({ path, table, rule }) => ({
      path,
      format: table.format,
      text: rule?.words ?? null,
      textColumns: rule?.columns ?? [],
    })),
    get badRows() {
      return badRows;
    },
    get badRowCount() {
      return badRowCount;
    },
    rows,
    close,
  };
}

/** Throws what reading would throw in the first rows of each input. */
async function checkFirstRows(inputs: readonly Input[], refuseZeros: boolean): Promise<void> {
  for (const input of inputs) {
    let seen = 0;
    for await (const batch of input.table.rows()) {
      for (const parsed of batch) {
        const content = contentOf(parsed, input.rule, refuseZeros);
        if ('why' in content) throw refusal(input, parsed.line, seen, content.why);
        seen += 1;
      }
      if (seen >= FIRST_ROWS) break;
    }
  }
}

type Content =
  | { readonly text: string; readonly vector: null; readonly columns: Columns }
  | { readonly text: null; readonly vector: Float32Array; readonly columns: Columns }
  | { readonly why: string };

function contentOf(parsed: Parsed, rule: TextRule | null, refuseZeros: boolean): Content {
  if ('why' in parsed) return parsed;
  if ('vector' in parsed) {
    const { vector } = parsed;
    if (refuseZeros && vector.every((value) => value === 0)) {
      return { why: 'is all zeros, which has no direction (--space euclidean takes such rows)' };
    }
    return { text: null, vector, columns: parsed.columns ?? {} };
  }
  const found = rule!.read(parsed.columns);
  return 'why' in found ? found : { text: found.text, vector: null, columns: parsed.columns };
}

const ID_COLUMNS = ['id', 'uid', '_id'] as const;

function ownId(columns: Columns): string | null {
  for (const name of ID_COLUMNS) {
    const value: Json | undefined = columns[name];
    if (typeof value === 'number' || (typeof value === 'string' && value !== ''))
      return String(value);
  }
  return null;
}

function withSource(columns: Columns, label: string | undefined): Columns {
  return label === undefined || Object.hasOwn(columns, 'source')
    ? columns
    : { ...columns, source: label };
}

/** What tells inputs apart in the column `source`: base names, or whole paths where those coincide. */
function sourceLabels(inputs: readonly Input[]): readonly string[] {
  const names = inputs.map(({ path }) => (path === '-' ? 'stdin' : basename(path)));
  return new Set(names).size === names.length ? names : inputs.map(({ path }) => path);
}

const WITHOUT_LINES: ReadonlySet<string> = new Set(['npy', 'parquet', 'arrow']);

/** `index` counts the rows of this input from 0; in JSON, where all may be on one line, it is said too. */
function refusal(
  { bytes, table }: Pick<Input, 'bytes' | 'table'>,
  line: number,
  index: number,
  why: string,
): Error {
  const place = WITHOUT_LINES.has(table.format)
    ? `${bytes.name}, row ${line}`
    : `${bytes.name}:${line}${table.format === 'json' ? ` (row ${index + 1})` : ''}`;
  return inputError(
    `${place}: the row ${why}. Mend it, or leave such rows out with --on-bad-row skip.`,
  );
}
