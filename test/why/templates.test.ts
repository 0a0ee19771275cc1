import { expect, test } from 'vitest';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { openingsOf, type SharedForm, templatesOf } from '../../src/why/templates.ts';
import { rowsOfTexts } from '../support/rows.ts';

async function forms(
  texts: readonly string[],
): Promise<{ templates: SharedForm[]; openings: SharedForm[] }> {
  const found = await artefactsOf(rowsOfTexts(texts), null, { seed: 0, index: 'exact' })(
    'templates',
  );
  return { templates: templatesOf(found), openings: openingsOf(found.sample) };
}

const SUBJECTS = ['sleeping well', 'growing roses', 'saving money', 'Paris', 'learning to code'];

test('a skeleton is text with slots, and says what fills them', async () => {
  const texts = Array.from(
    { length: 60 },
    (_, i) => `Give ${i % 3 === 0 ? 'five' : 'three'} tips for ${SUBJECTS[i % 5]}.`,
  );
  const { templates, openings } = await forms(texts);
  expect(templates).toHaveLength(2);
  const [three] = templates;
  expect(three).toMatchObject({ text: 'Give three tips for ___.', rows: 40, share: 40 / 60 });
  expect(three!.slots).toHaveLength(1);
  expect(three!.slots[0]!.different).toBe(5);
  expect(three!.slots[0]!.most.map(({ text }) => text)).toContain('learning to code');
  expect(three!.slots[0]!.most.reduce((sum, { rows }) => sum + rows, 0)).toBe(40);
  for (const row of three!.examples) expect(texts[row]).toMatch(/^Give three tips for/);
  expect(openings.map(({ text }) => text)).toContain('Give three tips for ___.');
});

test('a slot inside is filled by what differs there', async () => {
  const letters = 'bcdfghjklmnpqrstvwxz';
  const texts = Array.from(
    letters,
    (a, i) => `Write a ${a}${a}a poem about the ${a}o, number ${i}!`,
  );
  const [found] = (await forms(texts)).templates;
  expect(found).toMatchObject({ text: 'Write a ___ poem about the ___, number ___!', rows: 20 });
  expect(found!.slots.map(({ different }) => different)).toEqual([20, 20, 20]);
  expect(found!.slots[0]!.most.every(({ text }) => /^(.)\1a$/.test(text))).toBe(true);
});

test('numbers are slots where they differ and words where they do not', async () => {
  const texts = Array.from({ length: 30 }, (_, i) => `List 5 facts about the year ${1900 + i}.`);
  const [found] = (await forms(texts)).templates;
  expect(found).toMatchObject({ text: 'List 5 facts about the year ___.' });
  expect(found!.slots).toHaveLength(1);
});

test('an opening may be two words, and is as long as nearly all of its rows agree', async () => {
  const texts = Array.from({ length: 40 }, (_, i) => `What is ${'abcdefgh'[i % 8]}${i} made of`);
  texts.push(...Array.from({ length: 30 }, (_, i) => `Once upon a time there lived x${i}`));
  const { openings } = await forms(texts);
  expect(openings.map(({ text, rows }) => [text, rows])).toEqual([
    ['What is ___', 40],
    ['Once upon a time there lived ___', 30],
  ]);
});

test('the last slot ends with its sentence', async () => {
  const texts = Array.from(
    { length: 20 },
    (_, i) => `I hope these tips help with ${SUBJECTS[i % 5]}. Then there is more, ${i} times.`,
  );
  const [found] = (await forms(texts)).templates;
  expect(found).toMatchObject({ text: 'I hope these tips help with ___.' });
  expect(found!.slots[0]!.different).toBe(5);
});

test('texts that share nothing, one text and empty texts have none', async () => {
  for (const texts of [
    Array.from({ length: 30 }, (_, i) => `w${i}a w${i}b w${i}c w${i}d w${i}e`),
    ['Only this one text.'],
    ['', '', ' \n '],
  ]) {
    expect(await forms(texts)).toEqual({ templates: [], openings: [] });
  }
});
