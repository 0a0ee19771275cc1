import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/embed/embedder.ts';
import { createUseLite } from '../../src/embed/use-lite.ts';

interface Golden {
  readonly texts: readonly { text: string; tokens: number[]; vector: number[] }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/use-lite.json', import.meta.url), 'utf8'),
) as Golden;

const DIMS = 512;
let model: Embedder;
let truncating: Embedder;
let oneThread: Embedder;
beforeAll(async () => {
  [model, truncating, oneThread] = await Promise.all([
    createUseLite(),
    createUseLite({ long: 'truncate' }),
    createUseLite({ threads: 1 }),
  ]);
});
afterAll(() => Promise.all([model, truncating, oneThread].map((embedder) => embedder.close())));

async function embedOne(text: string, by = model): Promise<Float32Array> {
  return (await by.embed([text])).vectors;
}
const row = (vectors: Float32Array, i: number): Float32Array =>
  vectors.subarray(i * DIMS, (i + 1) * DIMS);
const norm = (vector: Float32Array): number => Math.hypot(...vector);
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** Texts of many lengths, odd ones among them. */
const MIXED = [
  ...golden.texts.map(({ text }) => text),
  '',
  ...Array.from({ length: 40 }, (_, i) => `Row ${i}: ${'the quick brown fox '.repeat(i)}end.`),
  'one two three four five six seven eight nine ten '.repeat(60),
];

describe('vectors', () => {
  test.each(golden.texts)('agree with the original program to 1e-5: $text', async (expected) => {
    const { vectors, tokens } = await model.embed([expected.text]);
    expect(tokens[0]).toBe(expected.tokens.length);
    expect(largestDifference(vectors, expected.vector)).toBeLessThan(1e-5);
  });

  test('come back one a text, in the order of the texts, of unit length', async () => {
    const { vectors, tokens } = await model.embed(MIXED);
    expect(vectors).toHaveLength(MIXED.length * DIMS);
    expect(tokens).toHaveLength(MIXED.length);
    for (const [i, text] of MIXED.entries()) {
      expect(row(vectors, i)).toEqual(await embedOne(text));
      expect(norm(row(vectors, i))).toBeCloseTo(1, 5);
    }
  });

  test('are the same to the last bit in any company, place, batch and number of threads', async () => {
    const { vectors } = await model.embed(MIXED);
    const reversed = (await model.embed([...MIXED].reverse())).vectors;
    const crowded = (await model.embed([...MIXED, ...MIXED, ...MIXED, ...MIXED])).vectors;
    const narrow = (await oneThread.embed(MIXED)).vectors;
    expect(narrow).toEqual(vectors);
    for (let i = 0; i < MIXED.length; i++) {
      expect(row(reversed, MIXED.length - 1 - i)).toEqual(row(vectors, i));
      expect(row(crowded, 2 * MIXED.length + i)).toEqual(row(vectors, i));
    }
  });

  test('do not change with white space, but do with case', async () => {
    const plain = await embedOne('Mix the flour. Add two eggs.');
    expect(await embedOne('  Mix the flour.\n\n\tAdd two\u00a0eggs.\r\n')).toEqual(plain);
    expect(await embedOne('MIX THE FLOUR. ADD TWO EGGS.')).not.toEqual(plain);
  });
});

describe('texts of more than 128 tokens', () => {
  // Each of these words is one token.
  const dogs = Array<string>(128).fill('dog').join(' ');
  const cats = Array<string>(72).fill('cat').join(' ');
  const long = `${dogs} ${cats}`;

  test('are the mean of their windows, weighted by tokens, at unit length', async () => {
    const { vectors, tokens } = await model.embed([long]);
    expect(tokens[0]).toBe(200);
    const [first, second] = [await embedOne(dogs), await embedOne(cats)];
    const sum = first.map((value, i) => 128 * value + 72 * second[i]!);
    expect(
      largestDifference(
        vectors,
        sum.map((value) => value / norm(sum)),
      ),
    ).toBeLessThan(1e-6);
  });

  test('are cut to the first 128 when truncated, and still counted whole', async () => {
    const { vectors, tokens } = await truncating.embed([long]);
    expect(tokens[0]).toBe(200);
    expect(vectors).toEqual(await embedOne(dogs));
  });

  test('are the only ones that the two ways treat differently', async () => {
    expect(await embedOne(dogs, truncating)).toEqual(await embedOne(dogs));
    expect(await embedOne(`${dogs} cat`, truncating)).not.toEqual(await embedOne(`${dogs} cat`));
    expect(truncating.fingerprint).not.toBe(model.fingerprint);
  });
});

describe('odd texts', () => {
  test('an empty text has the constant vector of the model, as do texts of white space', async () => {
    const { vectors, tokens } = await model.embed(['', 'in the middle', ' \n\t\u00a0']);
    expect([tokens[0], tokens[2]]).toEqual([0, 0]);
    // From the original program, for an empty text between others.
    const expected = [0.0023547, -0.0348753, 0.013102, -0.0211761];
    expect(largestDifference(expected, row(vectors, 0))).toBeLessThan(1e-5);
    expect(row(vectors, 2)).toEqual(row(vectors, 0));
    expect(row(await embedOne(''), 0)).toEqual(row(vectors, 0));
  });

  test.each([
    ['one character', 'q'],
    ['a colon, whose score was damaged', ':'],
    ['emoji', '👩‍👩‍👧‍👦🇧🇷🫠'],
    ['Chinese', '机器学习的数据集'],
    ['Arabic', 'مرحبا بالعالم'],
    ['many combining marks', `Z${'\u0351\u0300\u0334'.repeat(300)}algo`],
    ['a lone surrogate', 'half \ud83d a smile \ude00'],
    ['control characters', 'a\0b\u0007c'],
    ['10,000 words', 'all work and no play makes jack a dull boy '.repeat(1000)],
    ['one word of 20,000 letters', 'a'.repeat(20_000)],
  ])('%s has a finite unit vector', async (_, text) => {
    const { vectors, tokens } = await model.embed([text]);
    expect(tokens[0]).toBeGreaterThan(0);
    expect(norm(vectors)).toBeCloseTo(1, 5);
  });

  test('the same text composed and decomposed has the same vector', async () => {
    const text = 'crème brûlée à la façon de l’été';
    expect(await embedOne(text.normalize('NFD'))).toEqual(await embedOne(text.normalize('NFC')));
  });

  test('no texts have no vectors', async () => {
    expect(await model.embed([])).toEqual({
      vectors: new Float32Array(0),
      tokens: new Int32Array(0),
      given: { tokens: 0, padding: 0 },
    });
  });
});

describe('a run', () => {
  test('tells of every finished text once', async () => {
    const told: number[] = [];
    await model.embed(MIXED, { onTexts: (finished) => told.push(finished) });
    expect(told.reduce((sum, finished) => sum + finished, 0)).toBe(MIXED.length);
    expect(Math.min(...told)).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(1);
  });

  test('stops between batches when it is interrupted', async () => {
    const controller = new AbortController();
    let finished = 0;
    const run = model.embed(MIXED, {
      signal: controller.signal,
      onTexts: (count) => {
        finished += count;
        controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ kind: 'interrupted' });
    expect(finished).toBeLessThan(MIXED.length);
  });

  test('does not start when it was interrupted before', async () => {
    const signal = AbortSignal.abort();
    await expect(model.embed(['a'], { signal })).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
