import { runtimeError } from '../../base/errors.ts';
import { type Kind, KindSurvey, kindOf, type TableColumn } from '../kinds.ts';
import type { Json } from '../row.ts';
import { cell, type TableRow, type TableRows } from './table.ts';

/** A part of a table, column by column, with values of the column's kind or null. */
export interface Group {
  readonly length: number;
  readonly columns: readonly GroupColumn[];
}

export interface GroupColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly values: readonly Json[];
}

/** A group is full with this many rows, or this many characters of text: what is held in memory. */
const GROUP_ROWS = 65_536;
const GROUP_CHARS = 1 << 25;

/**
 * Rows in groups for formats that are written column by column. Kinds that nobody said are those of the
 * first group; a later value of another kind is refused then, since what is written cannot be changed.
 * A table without rows gives one empty group, for its columns.
 */
export async function* groupsOf(
  columns: readonly TableColumn[],
  rows: TableRows,
): AsyncGenerator<Group> {
  let kinds: readonly Kind[] | null = null;
  let waiting: TableRow[] = [];
  let chars = 0;
  const flush = (): Group => {
    kinds ??= kindsOf(columns, waiting);
    const group = transposed(columns, kinds, waiting);
    waiting = [];
    chars = 0;
    return group;
  };
  let written = false;
  for await (const row of rows) {
    waiting.push(row);
    for (const { name } of columns) chars += sizeOf(cell(row, name));
    if (waiting.length < GROUP_ROWS && chars < GROUP_CHARS) continue;
    yield flush();
    written = true;
  }
  if (waiting.length > 0 || !written) yield flush();
}

const sizeOf = (value: Json): number =>
  typeof value === 'string'
    ? value.length
    : value !== null && typeof value === 'object'
      ? Object.values(value).reduce((sum: number, item: Json) => sum + sizeOf(item), 8)
      : 8;

function kindsOf(columns: readonly TableColumn[], rows: readonly TableRow[]): Kind[] {
  const survey = new KindSurvey();
  for (const { name, kind } of columns) {
    if (kind === null) for (const row of rows) survey.observe(name, cell(row, name));
  }
  return columns.map(({ name, kind }) => kind ?? survey.kindOf(name));
}

const transposed = (
  columns: readonly TableColumn[],
  kinds: readonly Kind[],
  rows: readonly TableRow[],
): Group => ({
  length: rows.length,
  columns: columns.map(({ name }, c) => ({
    name,
    kind: kinds[c]!,
    values: rows.map((row) => fitting(name, kinds[c]!, cell(row, name))),
  })),
});

function fitting(name: string, kind: Kind, value: Json): Json {
  if (value === null || kind === 'json') return value;
  if (kind === 'number' && typeof value === 'number') return value;
  if (kindOf(value) === kind) return value;
  throw runtimeError(
    `Column '${name}' holds ${kind} values first and ${JSON.stringify(value).slice(0, 60)} later, which one typed column cannot; name a file ending in .jsonl.`,
  );
}
