import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { inputError, messageOf } from '../base/errors.ts';

/** What a JSON file of a model says. */
export function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw inputError(`${file} cannot be read as JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** 'sha256:…' of a file of any size. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return `sha256:${hash.digest('hex')}`;
}

/** The hexadecimal SHA-256 of a text. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
