import { describe, expect, test } from 'vitest';
import type { Embedder } from '../../src/embed/embedder.ts';
import { TextSample, unreadWarning } from '../../src/embed/unread.ts';
import { createUseLite } from '../../src/embed/use-lite.ts';

const sampleOf = (texts: readonly string[]): string[] => {
  const sample = new TextSample();
  for (const text of texts) sample.add(text);
  return sample.texts();
};

describe('a sample of texts', () => {
  const texts = Array.from({ length: 1500 }, (_, i) => `text ${i * 7919} of many`);

  test('is bounded and does not depend on their order', () => {
    const sample = sampleOf(texts);
    expect(sample).toHaveLength(200);
    expect(sampleOf(texts.slice().reverse())).toEqual(sample);
  });

  test('is all of them where they are few', () => {
    expect(sampleOf(['b', 'a', '']).sort()).toEqual(['', 'a', 'b']);
    expect(sampleOf([])).toEqual([]);
  });
});

describe('the warning', () => {
  test('says which share of the tokens the model cannot read', async () => {
    const model = await createUseLite();
    expect(unreadWarning(model, ['Plain English words, nothing else.'])).toBeNull();
    expect(unreadWarning(model, ['我们今天学习数学', 'Привет, как дела?', 'yes'])).toMatch(
      /^\d+\u202f% of the tokens are unknown to the model use-lite \(in a sample of 3 rows\)/,
    );
    await model.close();
  });

  test('is silent where there are no tokens, or nobody knows', () => {
    const nobody = {} as Embedder;
    expect(unreadWarning(nobody, ['我'])).toBeNull();
    const none = { unknownTokens: () => ({ tokens: 0, unknown: 0 }) } as unknown as Embedder;
    expect(unreadWarning(none, [])).toBeNull();
  });
});
