import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { GamutError } from '../../src/base/errors.ts';
import { openDataset } from '../../src/data/open.ts';
import type { Dataset, DatasetOptions, Row } from '../../src/data/row.ts';

/** A folder for the calling test file's fixtures, removed when its tests are over. */
export function fixtures(): { path: (name: string, content?: string | Uint8Array) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'gamut-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path(name, content) {
      const path = join(folder, name);
      if (content !== undefined) writeFileSync(path, content);
      return path;
    },
  };
}

export async function collect(dataset: Dataset): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of dataset.rows()) rows.push(row);
  return rows;
}

export async function readAll(
  paths: string | readonly string[],
  options?: DatasetOptions,
): Promise<Row[]> {
  const dataset = await openDataset(typeof paths === 'string' ? [paths] : paths, options);
  try {
    return await collect(dataset);
  } finally {
    await dataset.close();
  }
}

export const texts = (rows: readonly Row[]): (string | null)[] => rows.map((row) => row.text);

/** Opening and reading must be refused with this message; the folder of fixtures is left out of it. */
export async function refusal(
  paths: string | readonly string[],
  options?: DatasetOptions,
): Promise<string> {
  const error = await readAll(paths, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GamutError);
  expect((error as GamutError).exitCode).toBe(2);
  return (error as GamutError).message.replaceAll(/\/\S*gamut-test-[^/]*\//g, '');
}

/** The bytes of a .npy file, version 1, as numpy.save writes it. */
export function npyBytes(descr: string, shape: string, data: Uint8Array, fortran = false): Buffer {
  const order = fortran ? 'True' : 'False';
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), data]);
}

export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
