import type { Json } from './row.ts';

/**
 * The text of a conversation, its turns joined by newlines, who speaks left out: `messages`
 * ([{role, content}], content a string or a list of parts) or ShareGPT's `conversations`
 * ([{from, value}]). Null where the value is no conversation. Turns without text (tool calls) are ''.
 */
export function chatText(value: Json | undefined): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const turns: string[] = [];
  for (const turn of value as readonly Json[]) {
    const text = turnText(turn);
    if (text === null) return null;
    if (text !== '') turns.push(text);
  }
  return turns.join('\n');
}

/** Who answers, by the names that conversations have for it. */
const ANSWERING: ReadonlySet<string> = new Set([
  'assistant',
  'gpt',
  'model',
  'bot',
  'chatgpt',
  'bard',
]);

/** The last answer of a conversation and all that was said before it; null where there is none. */
export function chatExchange(
  value: Json | undefined,
): { readonly prompt: string; readonly response: string } | null {
  if (chatText(value) === null) return null;
  const turns = value as readonly Readonly<Record<string, Json>>[];
  const last = turns.findLastIndex(({ role, from }) =>
    ANSWERING.has(String(role ?? from).toLowerCase()),
  );
  const response = last < 0 ? '' : turnText(turns[last]!)!;
  const prompt = last <= 0 ? '' : chatText(turns.slice(0, last))!;
  return response.trim() === '' || prompt.trim() === '' ? null : { prompt, response };
}

function turnText(turn: Json): string | null {
  if (turn === null || typeof turn !== 'object' || Array.isArray(turn)) return null;
  const fields = turn as Readonly<Record<string, Json>>;
  if (typeof fields.role === 'string') return contentText(fields.content ?? null);
  if (typeof fields.from === 'string') return contentText(fields.value ?? null);
  return null;
}

function contentText(content: Json): string | null {
  if (content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  return content
    .map(partText)
    .filter((text) => text !== '')
    .join('\n');
}

/** Parts that are no text (images, tool calls) have none. */
function partText(part: Json): string {
  if (typeof part === 'string') return part;
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return '';
  const text = (part as Readonly<Record<string, Json>>).text;
  return typeof text === 'string' ? text : '';
}
