import { chatText } from './chat.ts';
import type { Columns } from './reader.ts';
import type { Json } from './row.ts';

/** What the first rows show about a column. Counts are of rows. */
export interface ColumnStats {
  /** Rows whose value is a string, blank ones included. */
  strings: number;
  /** Rows whose value is a string that is not blank. */
  texts: number;
  /** Of those, how many are but a number, as all values of a CSV file's number columns are. */
  numbers: number;
  /** Characters in all texts. */
  chars: number;
  /** Rows whose value is a conversation. */
  chats: number;
}

export interface ColumnSurvey {
  rows: number;
  /** By name, in the order in which they were first seen. */
  readonly columns: Map<string, ColumnStats>;
  /** For each path that a template asks for, the rows that have it. */
  readonly paths: Map<string, number>;
}

export const newSurvey = (paths: readonly string[]): ColumnSurvey => ({
  rows: 0,
  columns: new Map(),
  paths: new Map(paths.map((path) => [path, 0])),
});

export function observeColumns(survey: ColumnSurvey, columns: Columns): void {
  survey.rows += 1;
  for (const [name, value] of Object.entries(columns)) {
    let stats = survey.columns.get(name);
    if (stats === undefined) {
      stats = { strings: 0, texts: 0, numbers: 0, chars: 0, chats: 0 };
      survey.columns.set(name, stats);
    }
    if (typeof value === 'string') {
      stats.strings += 1;
      const trimmed = value.trim();
      if (trimmed === '') continue;
      stats.texts += 1;
      stats.chars += trimmed.length;
      if (Number.isFinite(Number(trimmed))) stats.numbers += 1;
    } else if (chatText(value) !== null) stats.chats += 1;
  }
  for (const [path, count] of survey.paths) {
    if (valueAt(columns, path) !== undefined) survey.paths.set(path, count + 1);
  }
}

/** The value of a column, or one inside it: `a.b`, `instances.0.input`. A column called 'a.b' goes first. */
export function valueAt(columns: Columns, path: string): Json | undefined {
  if (Object.hasOwn(columns, path)) return columns[path];
  let value: Json | undefined = columns;
  for (const step of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Readonly<Record<string, Json>>)[step];
  }
  return value;
}

/** The columns' names for a message, at most twenty of them. */
export function listColumns(survey: ColumnSurvey): string {
  const names = [...survey.columns.keys()];
  if (names.length === 0) return 'none';
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
