/** What a block of the page holds. */
export const blockOf = (id: string): string => document.getElementById(id)!.textContent ?? '';

/** The bytes that were compressed and written as base64. */
export async function unpack(encoded: string): Promise<ArrayBuffer> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  // Not awaited: it ends when what comes out has been read, and its errors come out there too.
  Promise.all([writer.write(bytesOf(encoded)), writer.close()]).catch(() => {});
  return new Response(stream.readable).arrayBuffer();
}

interface FromBase64 {
  readonly fromBase64?: (encoded: string) => Uint8Array<ArrayBuffer>;
}

function bytesOf(encoded: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as FromBase64;
  if (fromBase64) return fromBase64.call(Uint8Array, encoded);
  const letters = atob(encoded);
  // A loop: Uint8Array.from walks the string by an iterator, ten times slower.
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
