import { usageError } from '../base/errors.ts';
import { chatText } from './chat.ts';
import { type ColumnSurvey, listColumns, valueAt } from './columns.ts';
import type { Json } from './row.ts';
import { singleColumn, type TextRule } from './text.ts';

/** What `--text` says: a column's name, or literal text with `{column}` in it. */
export interface Template {
  readonly source: string;
  /** The columns, or paths into them, that it asks for. */
  readonly paths: readonly string[];
  /** Null where the source is a bare name. */
  readonly parts: readonly Part[] | null;
}

type Part = { readonly literal: string } | { readonly path: string };

/** `{a.b}` is a value, `{{` and `}}` are braces, and a backslash before n is a newline. */
export function parseTemplate(source: string): Template {
  if (source.trim() === '')
    throw usageError("--text is empty; give a column's name or a template.");
  if (!source.includes('{')) return { source, paths: [source], parts: null };
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < source.length; ) {
    const two = source.slice(at, at + 2);
    if (two === '{{' || two === '}}' || two === '\\n') {
      literal += two === '\\n' ? '\n' : two[0];
      at += 2;
    } else if (source[at] === '{') {
      const end = source.indexOf('}', at);
      const path = source.slice(at + 1, end === -1 ? undefined : end).trim();
      if (end === -1 || path === '') {
        throw usageError(
          `--text '${source}': the brace at character ${at + 1} ${end === -1 ? 'is not closed' : 'names no column'}; write {column}, or {{ for a brace.`,
        );
      }
      if (literal !== '') parts.push({ literal });
      literal = '';
      parts.push({ path });
      at = end + 1;
    } else {
      literal += source[at];
      at += 1;
    }
  }
  if (literal !== '') parts.push({ literal });
  const paths = parts.flatMap((part) => ('path' in part ? [part.path] : []));
  if (paths.length === 0) throw usageError(`--text '${source}' names no column; write {column}.`);
  return { source, paths, parts };
}

/** The rule that a template makes, once the first rows have shown that its columns are there. */
export function templateRule(template: Template, survey: ColumnSurvey, name: string): TextRule {
  const { source, parts, paths } = template;
  const missing = paths.find((path) => (survey.paths.get(path) ?? 0) === 0);
  if (missing !== undefined) {
    throw usageError(
      `--text '${source}': no row of ${name} has a column ${JSON.stringify(missing)} (columns: ${listColumns(survey)}).`,
    );
  }
  const words = `${source} (asked for)`;
  if (parts === null) return singleColumn(source, words);
  return {
    words,
    columns: paths,
    read(row) {
      let text = '';
      let filled = false;
      for (const part of parts) {
        if ('literal' in part) {
          text += part.literal;
          continue;
        }
        const value = asText(valueAt(row, part.path));
        filled ||= value.trim() !== '';
        text += value;
      }
      return filled ? { text } : { why: `has no text: ${paths.join(', ')} are empty or missing` };
    },
  };
}

/** Any value inside a template: conversations as their turns, lists of strings as lines. */
function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  const chat = chatText(value);
  if (chat !== null) return chat;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join('\n');
  return JSON.stringify(value);
}
