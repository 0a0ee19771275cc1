import { INVALID_UTF8, type Parsed, type Reader } from './reader.ts';
import { splitLines } from './split-lines.ts';

/** Plain text: each line that is not blank is a row with the column `text`. */
export const lines: Reader = {
  extensions: ['.txt'],
  recognises: () => true,
  async open(bytes) {
    return { format: 'lines', dims: null, rows: () => rows(bytes.chunks()) };
  },
};

async function* rows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Parsed[]> {
  for await (const batch of splitLines(chunks)) {
    const parsed: Parsed[] = [];
    for (const { line, text } of batch) {
      if (text === null) parsed.push({ line, why: INVALID_UTF8 });
      else if (text.trim() !== '') parsed.push({ line, columns: { text } });
    }
    yield parsed;
  }
}
