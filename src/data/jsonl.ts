import type { Bytes } from './bytes.ts';
import { INVALID_UTF8, type Parsed, parseRow, type Reader, type Table } from './reader.ts';
import { splitLines } from './split-lines.ts';

/** JSON Lines: one object (or string) a line; blank lines are skipped. */
export const jsonl: Reader = {
  extensions: ['.jsonl', '.ndjson'],
  // Without a telling name the JSON reader looks deeper, and hands over what turns out to be lines.
  recognises: () => false,
  async open(bytes) {
    return jsonLines(bytes);
  },
};

export const jsonLines = (bytes: Bytes): Table => ({
  format: 'jsonl',
  dims: null,
  rows: () => rows(bytes.chunks()),
});

async function* rows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Parsed[]> {
  for await (const batch of splitLines(chunks)) {
    const parsed: Parsed[] = [];
    for (const { line, text } of batch) {
      if (text === null) parsed.push({ line, why: INVALID_UTF8 });
      else if (text.trim() !== '') parsed.push(parseRow(text, line));
    }
    yield parsed;
  }
}
