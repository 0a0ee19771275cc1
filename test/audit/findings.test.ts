import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';

const DIMS = 8;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-findings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, rows: Float32Array): Promise<string> {
  const path = join(folder, name);
  await writeNpy(path, vectorsOf(rows, DIMS));
  return path;
}

const said = async (...args: Parameters<typeof audit>): Promise<string> =>
  (await audit(args[0], { map: false, ...args[1] })).report.findings
    .map(({ level, text }) => `${level}: ${text}`)
    .join('\n')
    // Units follow a narrow space that does not break.
    .replaceAll('\u202f', ' ');

test('a small second draw from the reference’s own source is not blamed for its size', async () => {
  const reference = await file('many.npy', gaussianRows(2000, DIMS, 1));
  const few = await file('few.npy', gaussianRows(150, DIMS, 2));
  const text = await said(few, { reference });
  expect(text).toMatch(
    /good: Covers \d+ % of the reference, as much as 150 rows of its own kind would/,
  );
  expect(text).not.toMatch(/Covers only/);
});

test('balanced labels are not called crowded, and one that holds most is', async () => {
  const rows = await file('rows.npy', gaussianRows(400, DIMS, 3));
  const labels = join(folder, 'labels.npy');
  const write = (of: (i: number) => number): Promise<void> =>
    writeNpy(
      labels,
      vectorsOf(
        Float32Array.from({ length: 400 }, (_, i) => of(i)),
        1,
      ),
    );
  await write((i) => i % 4);
  expect(await said(rows, { labels })).not.toMatch(/crowd/);
  await write((i) => (i < 300 ? 0 : 1 + (i % 3)));
  expect(await said(rows, { labels })).toMatch(/problem: The rows crowd into few themes.*75 %/);
});

test('rows as they are may point the same way without being called duplicates', async () => {
  const along = clusteredRows(100, DIMS, 1, 0.001, 4).map((v, i) => v * (1 + Math.floor(i / DIMS)));
  const path = await file('along.npy', along);
  expect(await said(path, { space: 'euclidean' })).not.toMatch(/nearly/);
  expect(await said(path)).toMatch(/point nearly where another row does/);
});

test('copies are named also where near-duplicates were not measured', async () => {
  const path = join(folder, 'copies.jsonl');
  const rows = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ text: `word ${i % 40} here` }),
  );
  await writeFile(path, rows.join('\n'));
  expect(await said(path, { measures: 'fast' })).toMatch(
    /problem: 20 rows \(33 %\) are equal to an earlier one to the letter/,
  );
});
