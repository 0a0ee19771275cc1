import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

/** What an input is packed with, told by its first bytes: names may lie. */
export type Packing = '.gz' | '.zst' | null;

export function packingOf(start: Buffer): Packing {
  if (start[0] === 0x1f && start[1] === 0x8b) return '.gz';
  return start.length >= 4 && start.readUInt32LE(0) === ZSTD_MAGIC ? '.zst' : null;
}

const ZSTD_MAGIC = 0xfd2fb528;
const CHUNK_BYTES = 256 * 1024;

/** The bytes under the packing, streamed: one window of the packing is held, never the whole. */
export async function* unpack(packed: Readable, packing: Packing): AsyncGenerator<Buffer> {
  if (packing === '.gz') {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    packed.once('error', (error) => gunzip.destroy(error));
    yield* packed.pipe(gunzip) as AsyncIterable<Buffer>;
  } else if (packing === '.zst') yield* unpackZstd(packed);
  else yield* packed as AsyncIterable<Buffer>;
}

/** Node 20 has no Zstandard of its own. Frames that follow each other are one stream. */
async function* unpackZstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => {
    // The decompressor goes on writing into what it hands out.
    if (chunk.length > 0) ready.push(Uint8Array.from(chunk));
  });
  const take = (): Buffer => {
    const whole = Buffer.concat(ready);
    ready = [];
    return whole;
  };
  for await (const chunk of packed) {
    stream.push(chunk);
    if (ready.length > 0) yield take();
  }
  stream.push(new Uint8Array(0), true);
  if (ready.length > 0) yield take();
}
