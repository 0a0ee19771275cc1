import { inputError, messageOf } from '../base/errors.ts';
import { fieldAt, schemaFromFooter } from './arrow-footer.ts';
import type { Bytes } from './bytes.ts';

/** One message of Arrow's IPC format, body included. It starts at the start of its own buffer. */
export interface ArrowMessage {
  readonly kind: 'schema' | 'dictionary' | 'batch' | 'other';
  readonly bytes: Uint8Array;
}

export const ARROW_MAGIC = 'ARROW1';

/** What a stream, which has no magic, starts with: a marker and the length of a schema's metadata. */
export function startsStream(head: Buffer): boolean {
  if (head.length < 8 || head.readUInt32LE(0) !== CONTINUES) return false;
  const length = head.readInt32LE(4);
  return length > 0 && length % 8 === 0 && length < LONGEST_METADATA;
}

const CONTINUES = 0xffffffff;
const LONGEST_METADATA = 1 << 28;
const KINDS = ['other', 'schema', 'dictionary', 'batch'] as const;

/**
 * The messages of a stream, or of a file, which is a stream between magics with an index behind it.
 * One message is held at a time. Refuses what ends in the middle of one, and a file without its end.
 */
export async function* arrowMessages(bytes: Bytes): AsyncGenerator<ArrowMessage> {
  const input = new ByteQueue(bytes.chunks());
  const isFile = bytes.head.toString('latin1', 0, ARROW_MAGIC.length) === ARROW_MAGIC;
  const truncated = (): Error =>
    inputError(
      `${bytes.name} is a truncated Arrow file: it ends too early. Fetch or write it again.`,
    );
  if (isFile) await input.take(8);
  let schemaSeen = false;
  for (;;) {
    let prefix = await input.take(4);
    if (prefix?.readUInt32LE(0) === CONTINUES) prefix = await input.take(4);
    // A stream may end with a message instead of with its mark.
    if (prefix === null && input.ended === 'clean' && !isFile) return;
    if (prefix === null) throw truncated();
    const length = prefix.readInt32LE(0);
    if (length === 0) break;
    if (length < 0 || length > LONGEST_METADATA) throw damaged(bytes.name);
    const metadata = await input.take(length);
    if (metadata === null) throw truncated();
    const { kind, bodyLength } = headerOf(metadata, bytes.name);
    const body = await input.take(bodyLength);
    if (body === null) throw truncated();
    if (!schemaSeen && isFile && kind !== 'schema') yield await fromFooter(bytes);
    schemaSeen = true;
    yield { kind, bytes: joined(metadata, body) };
  }
  if (!isFile) return;
  const tail = await input.rest(ARROW_MAGIC.length);
  if (tail.toString('latin1') !== ARROW_MAGIC) throw truncated();
}

/** Some writers put a file's schema into its footer only. */
async function fromFooter(bytes: Bytes): Promise<ArrowMessage> {
  try {
    const metadata = await schemaFromFooter(await bytes.file());
    return { kind: 'schema', bytes: joined(metadata, Buffer.alloc(0)) };
  } catch (error) {
    throw damaged(bytes.name, messageOf(error));
  }
}

export const damaged = (name: string, why = 'its messages make no sense'): Error =>
  inputError(`${name} is a damaged Arrow file (${why}); fetch it or write it again.`);

/** The fields of a message's table that framing needs: 1 the header's type, 3 the body's length. */
function headerOf(
  metadata: Buffer,
  name: string,
): { kind: ArrowMessage['kind']; bodyLength: number } {
  try {
    const table = metadata.readUInt32LE(0);
    const type = fieldAt(metadata, table, 1);
    const length = fieldAt(metadata, table, 3);
    return {
      kind: KINDS[type === null ? 0 : metadata.readUInt8(type)] ?? 'other',
      bodyLength: length === null ? 0 : Number(metadata.readBigInt64LE(length)),
    };
  } catch {
    throw damaged(name);
  }
}

/** Numbers of a body must be aligned to 8 bytes: metadata is padded to that, and so is our prefix. */
function joined(metadata: Buffer, body: Buffer): Uint8Array {
  const padded = Math.ceil(metadata.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CONTINUES, true);
  view.setUint32(4, padded, true);
  bytes.set(metadata, 8);
  bytes.set(body, 8 + padded);
  return bytes;
}

/** Bytes in the order in which they come, taken in lengths that chunks know nothing of. */
class ByteQueue {
  /** 'clean' when the bytes were used up exactly by earlier takes. */
  ended: 'no' | 'clean' | 'short' = 'no';
  private readonly source: AsyncIterator<Buffer>;
  private parts: Buffer[] = [];
  private waiting = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, all of them or none. */
  async take(length: number): Promise<Buffer | null> {
    while (this.waiting < length) {
      const next = await this.source.next();
      if (next.done) {
        this.ended = this.waiting === 0 ? 'clean' : 'short';
        return null;
      }
      this.parts.push(next.value);
      this.waiting += next.value.length;
    }
    const whole = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    this.parts = [whole.subarray(length)];
    this.waiting = whole.length - length;
    return whole.subarray(0, length);
  }

  /** The last bytes there are; what is before them is read and dropped. */
  async rest(length: number): Promise<Buffer> {
    let tail = Buffer.concat(this.parts).subarray(-length);
    for (let next = await this.source.next(); !next.done; next = await this.source.next()) {
      tail = Buffer.concat([tail, next.value.subarray(-length)]).subarray(-length);
    }
    return tail;
  }
}
