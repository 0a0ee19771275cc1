/**
 * Where the rows of a JSON document are:
 * - `array`: the elements of the array that the document is;
 * - `members`: the elements of the arrays that are members of the object that the document is;
 * - `values`: the document is a sequence of values, each a row.
 */
export type JsonShape = 'array' | 'members' | 'values';

/** The bytes of one row, not yet parsed. `line`, from 1, is where it starts. */
export interface JsonPiece {
  readonly line: number;
  readonly bytes: Buffer;
  /** The member that holds it; null in other shapes than `members`. */
  readonly key: string | null;
}

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [
  0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x5c,
] as const;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

/**
 * Cuts a JSON document into rows as its bytes arrive; memory is that of the longest row. It only
 * counts brackets and skips strings: that each row is sound JSON is for whoever parses it to say.
 */
export class JsonSplitter {
  /** The line of the last byte seen. */
  line = 1;
  /** The first byte after the end of the document that is no white space, and its line. */
  surplus: { readonly byte: number; readonly line: number } | null = null;
  /** The lines on which the array or object that the document is starts and ends. */
  opened: number | null = null;
  closed: number | null = null;

  private readonly shape: JsonShape;
  private depth = 0;
  /** The depth at which rows lie just now; -1 where none do. */
  private rowDepth: number;
  private inString = false;
  private escaped = false;
  private afterComma = false;
  private expectKey = true;
  private key: string | null = null;

  /** What is being cut out: from `start` in this chunk (-1: nothing), after `parts` of earlier ones. */
  private start = -1;
  private parts: Buffer[] = [];
  private startLine = 1;

  constructor(shape: JsonShape) {
    this.shape = shape;
    this.rowDepth = shape === 'values' ? 0 : -1;
  }

  push(chunk: Buffer): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let at = 0;
    while (at < chunk.length && this.surplus === null) {
      if (this.inString) at = this.skipString(chunk, at);
      else {
        this.step(chunk, at, pieces);
        at += 1;
      }
    }
    if (this.start !== -1) {
      this.parts.push(chunk.subarray(this.start));
      this.start = 0;
    }
    return pieces;
  }

  /** What was cut off by the end of the document, if anything was. */
  end(): JsonPiece | null {
    return this.start === -1 ? null : this.take(Buffer.alloc(0), 0);
  }

  private skipString(chunk: Buffer, from: number): number {
    let at = from;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === NEWLINE) this.line += 1;
      else if (byte === QUOTE) {
        this.inString = false;
        this.endString(chunk, at + 1);
        return at + 1;
      }
    }
    return at;
  }

  private endString(chunk: Buffer, end: number): void {
    const isKey = this.shape === 'members' && this.depth === 1 && this.expectKey;
    if (isKey && this.start !== -1)
      this.key = this.take(chunk, end).bytes.toString('utf8').slice(1, -1);
  }

  private step(chunk: Buffer, at: number, pieces: JsonPiece[]): void {
    const byte = chunk[at]!;
    if (byte === NEWLINE) this.line += 1;
    const blank = byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;
    if (this.closed !== null) {
      if (!blank) this.surplus = { byte, line: this.line };
      return;
    }
    if (this.depth === this.rowDepth) {
      if (this.shape === 'values') {
        if (blank && this.start !== -1) pieces.push(this.take(chunk, at));
      } else if (byte === COMMA || byte === CLOSE_ARRAY) {
        // A comma with nothing before it is an empty row, which the parser will refuse.
        if (this.start !== -1 || byte === COMMA || this.afterComma)
          pieces.push(this.take(chunk, at));
        this.afterComma = byte === COMMA;
      }
      const separates = this.shape !== 'values' && (byte === COMMA || byte === CLOSE_ARRAY);
      if (!blank && !separates && this.start === -1) this.begin(at);
    }
    if (byte === QUOTE) {
      this.inString = true;
      const isKey = this.shape === 'members' && this.depth === 1 && this.expectKey;
      if (isKey) this.begin(at);
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.open(byte);
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) this.close(byte, chunk, at, pieces);
    else if (this.depth === 1 && this.rowDepth === -1) {
      if (byte === COLON) this.expectKey = false;
      else if (byte === COMMA) this.expectKey = true;
    }
  }

  private open(byte: number): void {
    const holdsRows =
      byte === OPEN_ARRAY &&
      ((this.shape === 'array' && this.depth === 0) ||
        (this.shape === 'members' && this.depth === 1 && !this.expectKey));
    this.opened ??= this.line;
    this.depth += 1;
    if (holdsRows) {
      this.rowDepth = this.depth;
      this.afterComma = false;
    }
  }

  private close(byte: number, chunk: Buffer, at: number, pieces: JsonPiece[]): void {
    if (this.shape !== 'values' && this.depth === this.rowDepth) {
      // A brace too many belongs to the row it follows, which the parser will refuse.
      if (byte === CLOSE_OBJECT) return;
      this.rowDepth = -1;
    }
    this.depth -= 1;
    if (this.depth > 0) return;
    if (this.shape === 'values') {
      this.depth = 0;
      pieces.push(this.take(chunk, at + 1));
    } else this.closed = this.line;
  }

  private begin(at: number): void {
    this.start = at;
    this.startLine = this.line;
  }

  private take(chunk: Buffer, end: number): JsonPiece {
    const nothing = this.start === -1;
    const last = nothing ? Buffer.alloc(0) : chunk.subarray(this.start, end);
    const bytes = this.parts.length > 0 ? Buffer.concat([...this.parts, last]) : last;
    const piece = { line: nothing ? this.line : this.startLine, bytes, key: this.key };
    this.parts = [];
    this.start = -1;
    return piece;
  }
}
