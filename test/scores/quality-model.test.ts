import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cpu } from '../../src/compute/device.ts';
import {
  askedModel,
  openQualityModel,
  type QualityModelOptions,
} from '../../src/scores/quality-model.ts';
import type { Item } from '../../src/scores/scorer.ts';
import { MARKERS, normal } from '../support/models.ts';
import { type TinyClassifier, writeClassifier } from '../support/score-models.ts';

const WORDS = [...MARKERS, 'red', 'green', 'blue', 'sky', 'grass', 'a'];
const [CLS, SEP, RED, BLUE, SKY] = [2, 3, 5, 7, 8];

const classifier = (outputs: number): TinyClassifier => ({
  words: WORDS,
  table: normal(WORDS.length * outputs, 3),
  outputs,
});

/** The logits of some tokens, each with how much it weighs. */
const logits = ({ table, outputs }: TinyClassifier, ids: readonly (readonly [number, number])[]) =>
  Array.from({ length: outputs }, (_, o) =>
    ids.reduce((sum, [id, weight]) => sum + weight * table[id * outputs + o]!, 0),
  );
const once = (ids: readonly number[]) => ids.map((id) => [id, 1] as const);
const softmax = (values: readonly number[], at: number): number =>
  Math.exp(values[at]!) / values.reduce((sum, value) => sum + Math.exp(value), 0);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-judge-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function judge(
  items: readonly Item[],
  label = '',
  options: Partial<QualityModelOptions> = {},
) {
  const model = await openQualityModel(askedModel(`${folder}${label}`), {
    device: cpu,
    ...options,
  });
  try {
    const { values } = await model.score(items);
    return { values: Array.from(values), head: model.head, card: model.card };
  } finally {
    await model.close();
  }
}

describe('what a quality model says', () => {
  test('is the number of a regression as it is', async () => {
    const model = classifier(1);
    await writeClassifier(folder, model);
    const { values, head, card } = await judge([['red sky'], ['blue']]);
    expect(values[0]).toBeCloseTo(logits(model, once([CLS, RED, SKY, SEP]))[0]!, 5);
    expect(values[1]).toBeCloseTo(logits(model, once([CLS, BLUE, SEP]))[0]!, 5);
    expect(head).toMatchObject({ kind: 'regression', label: null });
    expect(card).toMatchObject({ name: basename(folder), dtype: 'fp32', maxTokens: 12 });
    await expect(judge([], '#good')).rejects.toThrow(/gives one number and no labels/);
  });

  test('is the probability of the last of two labels, or of the one that is named', async () => {
    const model = classifier(2);
    await writeClassifier(folder, model, { id2label: { 0: 'BAD', 1: 'GOOD' } });
    const expected = logits(model, once([CLS, RED, SKY, SEP]));
    const last = await judge([['red sky']]);
    expect(last.values[0]).toBeCloseTo(softmax(expected, 1), 5);
    expect(last.head).toMatchObject({ kind: 'softmax', label: 'GOOD', labels: ['BAD', 'GOOD'] });
    const named = await judge([['red sky']], '#bad');
    expect(named.values[0]).toBeCloseTo(softmax(expected, 0), 5);
    expect(named.card.name).toBe(`${basename(folder)}#bad`);
  });

  test('of more labels must be said', async () => {
    const model = classifier(3);
    await writeClassifier(folder, model, { id2label: { 0: 'low', 1: 'middle', 2: 'high' } });
    await expect(judge([])).rejects.toThrow(/labels low, middle, high.*#high/);
    await expect(judge([], '#best')).rejects.toThrow(/none is called best/);
    const { values } = await judge([['blue']], '#middle');
    expect(values[0]).toBeCloseTo(softmax(logits(model, once([CLS, BLUE, SEP])), 1), 5);
  });

  test('of labels that exclude no other is a sigmoid', async () => {
    const model = classifier(2);
    await writeClassifier(folder, model, {
      ...{ id2label: { 0: 'toxic', 1: 'insult' }, problem_type: 'multi_label_classification' },
    });
    await expect(judge([])).rejects.toThrow(/labels toxic, insult/);
    const { values } = await judge([['blue']], '#toxic');
    expect(values[0]).toBeCloseTo(sigmoid(logits(model, once([CLS, BLUE, SEP]))[0]!), 5);
  });

  test('of a prompt and a response is of both together, as the tokeniser puts them', async () => {
    const model = classifier(1);
    await writeClassifier(folder, model);
    const { values } = await judge([['red', 'sky blue']]);
    const expected = logits(model, [
      ...once([CLS, RED, SEP]),
      ...([SKY, BLUE, SEP].map((id) => [id, 10]) as [number, number][]),
    ]);
    expect(values[0]).toBeCloseTo(expected[0]!, 4);
  });

  test('does not depend on what else is asked', async () => {
    await writeClassifier(folder, classifier(2));
    const texts: Item[] = [['red sky'], ['blue'], ['sky sky sky a'], ['']];
    const together = await judge(texts);
    for (const [i, text] of texts.entries()) {
      expect((await judge([text])).values[0]).toBe(together.values[i]);
    }
  });

  test('of a long text is the mean of its windows, or the first', async () => {
    const model = classifier(1);
    await writeClassifier(folder, model);
    const text = Array.from({ length: 13 }, () => 'red').join(' ');
    const window = (n: number) =>
      logits(model, once([CLS, ...Array.from({ length: n }, () => RED), SEP]))[0]!;
    const whole = await judge([[text]]);
    expect(whole.values[0]).toBeCloseTo((10 * window(10) + 3 * window(3)) / 13, 4);
    const cut = await judge([[text]], '', { long: 'truncate' });
    expect(cut.values[0]).toBeCloseTo(window(10), 4);
  });

  test('of a long pair keeps the beginning of both', async () => {
    const model = classifier(1);
    await writeClassifier(folder, model);
    const red = Array.from({ length: 20 }, () => 'red').join(' ');
    const both = await judge([[red, 'blue blue']]);
    const expected = logits(model, [
      ...once([CLS, ...Array.from({ length: 7 }, () => RED), SEP]),
      ...([BLUE, BLUE, SEP].map((id) => [id, 10]) as [number, number][]),
    ]);
    expect(both.values[0]).toBeCloseTo(expected[0]!, 4);
  });
});

test('names: a folder’s own, a hub id without its revision, the label behind both', () => {
  expect(askedModel(folder)).toEqual({ model: folder, label: null, name: basename(folder) });
  expect(askedModel('org/judge@v2#good')).toEqual({
    ...{ model: 'org/judge@v2', label: 'good', name: 'org/judge#good' },
  });
});
