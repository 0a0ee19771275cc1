import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/base/package.ts';
import { COLUMN_MEASURES, MEASURES, MODEL_MEASURES } from '../../src/measures/registry.ts';
import { familyNotes } from '../../src/report/family-notes.ts';
import { measuresPage } from '../../src/report/measures-page.ts';

const ALL = [...MEASURES, ...COLUMN_MEASURES, ...MODEL_MEASURES];

test('MEASURES.md is what the registry says now; npm run docs writes it', async () => {
  const page = measuresPage(ALL, await familyNotes());
  expect(await readFile(packagePath('MEASURES.md'), 'utf8')).toBe(page);
});

test('the file of every family says at its head what it computes', async () => {
  const notes = await familyNotes();
  const silent = new Set(ALL.map(({ family }) => family.family).filter((name) => !notes.has(name)));
  expect([...silent]).toEqual([]);
});
