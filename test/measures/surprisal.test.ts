import { describe, expect, test } from 'vitest';
import { isCommon } from '../../src/measures/complexity/rare-words.ts';
import { TextView } from '../../src/measures/text-view.ts';
import { TRAITS } from '../../src/measures/trait-list.ts';
import type { Value } from '../../src/measures/value.ts';
import { trainWordModel } from '../../src/measures/word-model.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';
import { samples } from '../support/texts.ts';

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** Witten–Bell over plain strings, counted anew for every question. */
function plainChance(texts: readonly string[][], history: readonly string[], word: string): number {
  const kinds = new Set(texts.flat()).size;
  if (history.length === 0) {
    const all = texts.flat();
    const count = all.filter((one) => one === word).length;
    return all.length === 0 ? 1 : (count + kinds / (kinds + 1)) / (all.length + kinds);
  }
  const after = texts.flatMap((text) => {
    const marked = ['<s>', '<s>', ...text];
    return marked.filter(
      (_, i) => i >= 2 && history.every((one, h) => marked[i - history.length + h] === one),
    );
  });
  const below = plainChance(texts, history.slice(1), word);
  if (after.length === 0) return below;
  const followers = new Set(after).size;
  const count = after.filter((one) => one === word).length;
  return (count + followers * below) / (after.length + followers);
}

function plainBits(texts: readonly string[][], text: readonly string[]): number {
  const marked = ['<s>', '<s>', ...text];
  const bits = text.map((word, i) => -Math.log2(plainChance(texts, marked.slice(i, i + 2), word)));
  return bits.reduce((a, b) => a + b, 0) / text.length;
}

const learned = samples(40, 5).map(({ text }) => words(text));
const asked = [...samples(12, 6).map(({ text }) => words(text)), words('never seen at all of it')];

describe('the model of words', () => {
  test('gives the bits that counting plainly gives', () => {
    const model = trainWordModel(learned);
    for (const text of [...asked, ...learned.slice(0, 5)]) {
      expect(model.bits(text)).toBeCloseTo(plainBits(learned, text), 9);
    }
  });

  test('is a distribution after every history, one word more for all unseen ones', () => {
    const model = trainWordModel(learned);
    const vocabulary = [...new Set(learned.flat()), 'unseen'];
    const chance = (history: readonly string[], word: string): number =>
      2 **
      -(
        model.bits([...history, word])! * (history.length + 1) -
        (history.length > 0 ? model.bits(history)! * history.length : 0)
      );
    for (const history of [[], learned[0]!.slice(0, 2), ['unseen', learned[1]![0]!]]) {
      const sum = vocabulary.reduce((total, word) => total + chance(history, word), 0);
      expect(sum).toBeCloseTo(1, 9);
    }
    expect(model).toMatchObject({
      vocabulary: vocabulary.length - 1,
      words: learned.flat().length,
    });
  });

  test('of nothing finds every word certain, and texts without words have no bits', () => {
    const empty = trainWordModel([]);
    expect(empty.bits(['a', 'b'])).toBeCloseTo(0, 12);
    expect(empty.bits([])).toBeNull();
  });

  test('holds many more runs than its tables began with', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `w${(i * 7919) % 4001}`);
    const model = trainWordModel([text]);
    expect(model.vocabulary).toBe(4001);
    expect(model.bits(text)).toBeLessThan(model.bits(text.toReversed())!);
  });
});

describe('surprisal', () => {
  const rows = (texts: readonly string[]) => rowsOfTexts(texts);
  const reference = rows(learned.map((text) => text.join(' ')));

  const measure = async (texts: readonly string[]): Promise<Value> =>
    (await measureRows(rows(texts), ['surprisal'], { reference })).surprisal!;

  test('is the mean of the rows, each by its words', async () => {
    const { value, interval, distribution } = await measure(asked.map((text) => text.join(' ')));
    const expected = asked.map((text) => plainBits(learned, text));
    expect(value).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / asked.length, 9);
    expect(interval![0]).toBeLessThan(value!);
    expect(distribution!.max).toBeCloseTo(Math.max(...expected), 9);
  });

  test('is lower for rows that the reference has', async () => {
    const own = await measure(learned.slice(0, 20).map((text) => text.join(' ')));
    const others = await measure(asked.map((text) => text.join(' ')));
    expect(own.value!).toBeLessThan(others.value!);
  });
});

describe('rare words', () => {
  const share = (text: string): number | null => TRAITS['rare-words']!.of(new TextView(text));

  test('are those outside a fixed list, whose inflected forms are on it too', () => {
    for (const word of ['the', 'tips', 'cooking', 'planned', 'easily', 'don’t', 'well-known'])
      expect(isCommon(word), word).toBe(true);
    for (const word of ['photosynthesis', 'quokka', 'sesquipedalian', 'zzz'])
      expect(isCommon(word), word).toBe(false);
  });

  test('count as a share of the words that are no numbers', () => {
    expect(share('The quokka is one of the 12 animals that live in the east of it.')).toBeCloseTo(
      1 / 14,
      12,
    );
  });

  test('are not counted in other languages or in a few words', () => {
    expect(share('The quokka.')).toBeNull();
    expect(share('Der Hund und die Katze sind in dem Haus und nicht auf der Wiese.')).toBeNull();
  });
});
