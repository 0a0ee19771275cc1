import { isUtf8 } from 'node:buffer';

/** A line without its end (LF or CRLF), counted from 1; `text` is null where it is not UTF-8. */
export interface Line {
  readonly line: number;
  readonly text: string | null;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Splits bytes into lines, a batch a chunk. Characters and lines may lie across chunks. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let unfinished: Buffer[] = [];
  let line = 0;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      let bytes = chunk.subarray(start, end);
      if (unfinished.length > 0) {
        bytes = Buffer.concat([...unfinished, bytes]);
        unfinished = [];
      }
      line += 1;
      lines.push({ line, text: decode(bytes) });
      start = end + 1;
    }
    if (start < chunk.length) unfinished.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (unfinished.length > 0) yield [{ line: line + 1, text: decode(Buffer.concat(unfinished)) }];
}

function decode(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return null;
  const end = bytes.length - (bytes[bytes.length - 1] === RETURN ? 1 : 0);
  return bytes.toString('utf8', 0, end);
}
