import { inputError } from '../base/errors.ts';
import { chatText } from './chat.ts';
import { type ColumnSurvey, listColumns, valueAt } from './columns.ts';
import type { Columns } from './reader.ts';
import type { Json } from './row.ts';

/** Which text a row has. */
export interface TextRule {
  /** For people: 'instruction + input + output (found)'. */
  readonly words: string;
  /** The columns, or paths into them, that the text is made of. */
  readonly columns: readonly string[];
  /** The row's text, never blank, or why it has none (to follow 'the row'). */
  read(columns: Columns): { readonly text: string } | { readonly why: string };
}

/**
 * The shapes that text datasets have, in the order in which they are tried. The first column must be
 * there; each further list adds the first of its columns that is. Case does not matter.
 */
export const SHAPES: readonly (readonly (readonly string[])[])[] = [
  [['text']],
  [['content']],
  [['instruction'], ['input'], ['output', 'response', 'completion']],
  [['prompt'], ['completion', 'response']],
  [['question'], ['answer']],
  [['query'], ['response', 'answer']],
  [['sentence']],
];

export const CHATS: readonly string[] = ['messages', 'conversations'];

/** Columns that are never the text, however long their values. */
const NEVER_TEXT: ReadonlySet<string> = new Set([
  'id',
  'uid',
  '_id',
  'source',
  'split',
  'url',
  'hash',
]);

/** How many times longer than any other a column must be to be taken for the text. */
const FAR_LONGER = 3;

/** Finds the text in the first rows. `name` is what messages call the input. */
export function findText(survey: ColumnSurvey, name: string): TextRule {
  const half = survey.rows / 2;
  for (const shape of SHAPES) {
    const found = matchShape(survey, shape);
    if (found !== null) return joinedColumns(found, `${found.join(' + ')} (found)`);
  }
  for (const chat of CHATS) {
    const column = findColumn(survey, chat);
    if (column !== null && survey.columns.get(column)!.chats >= half) {
      return singleColumn(column, `${column}, every turn (found)`);
    }
  }
  const texts = [...survey.columns]
    .filter(([column, stats]) => {
      return (
        !NEVER_TEXT.has(column.toLowerCase()) && stats.texts >= half && stats.numbers < stats.texts
      );
    })
    .map(([column, stats]) => ({ column, chars: stats.chars / stats.texts }))
    .sort((a, b) => b.chars - a.chars);
  const [longest, second] = texts;
  if (longest !== undefined && second === undefined) {
    return singleColumn(longest.column, `${longest.column} (found: the only column of text)`);
  }
  if (longest !== undefined && second !== undefined && longest.chars >= FAR_LONGER * second.chars) {
    return singleColumn(longest.column, `${longest.column} (found: by far the longest)`);
  }
  const example = longest?.column ?? [...survey.columns.keys()][0] ?? 'column';
  const both = second === undefined ? '' : `\\n{${second.column}}`;
  throw inputError(
    `Which column of ${name} is the text cannot be told (columns: ${listColumns(survey)}). Say it, for example --text '{${example}}${both}'.`,
  );
}

function matchShape(
  survey: ColumnSurvey,
  [required, ...further]: readonly (readonly string[])[],
): string[] | null {
  const first = findColumn(survey, required?.[0] ?? '');
  if (first === null || survey.columns.get(first)!.texts < survey.rows / 2) return null;
  const found = [first];
  for (const alternatives of further) {
    const column = alternatives
      .map((wanted) => findColumn(survey, wanted))
      .find((candidate) => candidate !== null && survey.columns.get(candidate)!.strings > 0);
    if (column) found.push(column);
  }
  return found;
}

function findColumn(survey: ColumnSurvey, wanted: string): string | null {
  if (survey.columns.has(wanted)) return wanted;
  for (const column of survey.columns.keys()) if (column.toLowerCase() === wanted) return column;
  return null;
}

/** The texts of several columns joined by newlines; empty ones are left out. */
function joinedColumns(columns: readonly string[], words: string): TextRule {
  if (columns.length === 1) return singleColumn(columns[0]!, words);
  return {
    words,
    columns,
    read(row) {
      const parts: string[] = [];
      for (const column of columns) {
        const value = row[column];
        if (typeof value === 'string') {
          if (value.trim() !== '') parts.push(value);
        } else if (value !== undefined && value !== null) return { why: notText(column, value) };
      }
      if (parts.length > 0) return { text: parts.join('\n') };
      return { why: `has no text: ${columns.join(', ')} are empty or missing` };
    },
  };
}

/** One column, or a path into it, that holds a string or a conversation. */
export function singleColumn(column: string, words: string): TextRule {
  return {
    words,
    columns: [column],
    read(row) {
      const value = valueAt(row, column);
      if (value === undefined || value === null)
        return { why: `has no text: ${column} is missing` };
      const text = typeof value === 'string' ? value : chatText(value);
      if (text === null) return { why: notText(column, value) };
      return text.trim() === '' ? { why: `has no text: ${column} is empty` } : { text };
    },
  };
}

function notText(column: string, value: Json): string {
  const what = Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'an object'
      : `a ${typeof value}`;
  return `has no text: ${column} is ${what}`;
}
