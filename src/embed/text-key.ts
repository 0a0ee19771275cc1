import { createHash } from 'node:crypto';

declare const key: unique symbol;

/**
 * What a text is found by: the first 128 bits of its SHA-256, as 16 latin1 characters. A string of
 * one-byte characters is what a Map hashes fastest and keeps smallest (32 bytes, against 40 in hex or
 * base64 and far more for a BigInt or a Buffer), and it turns back into bytes without decoding.
 */
export type Key = string & { readonly [key]: true };

export const KEY_BYTES = 16;

/**
 * The key of a text. Its UTF-16 code units are hashed, not its UTF-8: UTF-8 cannot tell two lone
 * surrogates apart, and different strings must never share a vector.
 */
export function textKey(text: string): Key {
  const digest = createHash('sha256').update(text, 'utf16le').digest();
  return digest.toString('latin1', 0, KEY_BYTES) as Key;
}

/** The key of a file's content. */
export const bytesKey = (bytes: Uint8Array): Key =>
  createHash('sha256').update(bytes).digest().toString('latin1', 0, KEY_BYTES) as Key;
