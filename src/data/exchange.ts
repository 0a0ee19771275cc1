import { chatExchange } from './chat.ts';
import { valueAt } from './columns.ts';
import type { Json, Row } from './row.ts';
import { CHATS, SHAPES } from './text.ts';

/** A prompt and the response to it. */
export interface Exchange {
  readonly prompt: string;
  readonly response: string;
}

/** The columns that hold them, where they were named. */
export interface ExchangeColumns {
  readonly prompt?: string | undefined;
  readonly response?: string | undefined;
}

/**
 * What was asked and what was answered in a row: in the columns that were named, else in those that texts
 * are found in (`instruction` + `input` before `output`, `prompt` before `completion` …), else in a conversation,
 * whose last answer is the response and all before it the prompt. null where a row has no response.
 */
export function exchangeOf(
  columns: Row['columns'],
  { prompt, response }: ExchangeColumns = {},
): Exchange | null {
  if (prompt !== undefined && response !== undefined) {
    return exchange([valueAt(columns, prompt)], valueAt(columns, response));
  }
  const names = new Map(Object.keys(columns).map((name) => [name.toLowerCase(), name]));
  const first = (wanted: readonly string[]): Json | undefined => {
    const found = wanted.map((name) => names.get(name)).find((name) => name !== undefined);
    return found === undefined ? undefined : columns[found];
  };
  for (const shape of SHAPES) {
    if (shape.length < 2) continue;
    const parts = shape.map(first);
    const found = exchange(parts.slice(0, -1), parts.at(-1));
    if (found !== null) return found;
  }
  for (const name of CHATS) {
    const found = chatExchange(first([name]));
    if (found !== null) return found;
  }
  return null;
}

function exchange(
  prompts: readonly (Json | undefined)[],
  response: Json | undefined,
): Exchange | null {
  const asked = prompts.filter(
    (part): part is string => typeof part === 'string' && part.trim() !== '',
  );
  if (asked.length === 0 || typeof response !== 'string' || response.trim() === '') return null;
  return { prompt: asked.join('\n'), response };
}
