import { describe, expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { goodTuringOf } from '../../src/measures/unseen.ts';
import { chao, goodTuring, seenIn } from '../../src/stats/unseen.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';

describe('what is unseen, from what was seen once and twice', () => {
  test('Chao1 and its interval are those of the formula', () => {
    // Ten kinds once, five twice, two thrice: n = 26.
    const counts = [...Array(10).fill(1), ...Array(5).fill(2), 3, 3];
    const seen = seenIn(counts, 26);
    expect(seen).toEqual({ kinds: 17, once: 10, twice: 5, thrice: 2, draws: 26 });
    const unseen = ((25 / 26) * 100) / 10;
    const found = chao(seen);
    expect(found.value).toBeCloseTo(17 + unseen, 12);
    expect(found.interval![0]).toBeGreaterThan(17);
    expect(found.interval![0] - 17).toBeCloseTo(unseen ** 2 / (found.interval![1] - 17), 9);
    expect(goodTuring(seen)).toBeCloseTo(16 / 26, 12);
  });

  test('without kinds that came twice, and without kinds that came once', () => {
    expect(chao(seenIn([1, 1, 1], 3)).value).toBeCloseTo(3 + (2 / 3) * 3, 12);
    expect(chao(seenIn([4, 5], 9))).toEqual({ value: 2, interval: null });
    expect(chao(seenIn([1], 1)).value).toBe(1);
  });

  test('the interval holds the number of kinds of an even source', () => {
    const uniform = random(3);
    let held = 0;
    for (let draw = 0; draw < 200; draw += 1) {
      const counts = new Int32Array(100);
      for (let i = 0; i < 120; i += 1) counts[Math.floor(uniform() * 100)]! += 1;
      const { interval } = chao(seenIn(counts, 120));
      if (interval![0] <= 100 && interval![1] >= 100) held += 1;
    }
    expect(held).toBeGreaterThan(175);
  });
});

describe('rows and columns', () => {
  const topics = ['cooking', 'space', 'music', 'code', 'law'];
  const texts = Array.from(
    { length: 160 },
    (_, i) => `row number ${i < 120 ? i % 50 : i} of this set`,
  );
  const column = (i: number): Record<string, string | null> => ({
    topic: i % 7 === 0 ? null : topics[Math.floor(5 * ((i * 0.618) % 1) ** 2)]!,
    rare: i === 3 ? 'once' : 'often',
  });
  const rows = rowsOfTexts(texts, column);

  test('good-turing.rows is the share of rows that another equals', async () => {
    const { value, interval } = (await measureRows(rows, ['good-turing.rows']))[
      'good-turing.rows'
    ]!;
    expect(value).toBeCloseTo(120 / 160, 12);
    // 40 rows come once, 30 texts twice, 20 three times: √(40 − 60e⁻² − 20²/160) ÷ 160, and Wilson's bounds of as many
    // draws as that is worth.
    const worth = (0.25 * 0.75) / ((37.5 - 60 * Math.exp(-2)) / 160 ** 2);
    const pull = 1.96 ** 2 / worth;
    const half = (1.96 / (1 + pull)) * Math.sqrt((0.25 * 0.75 + pull / 4) / worth);
    const centre = (0.75 + pull / 2) / (1 + pull);
    expect(interval![0]).toBeCloseTo(centre - half, 9);
    expect(interval![1]).toBeCloseTo(centre + half, 9);
  });

  test('a share of kinds seen has an interval that holds its mean over fresh draws', async () => {
    const [kinds, draws, repeats] = [60, 150, 300];
    const seen = Array.from({ length: repeats }, (_, r) => {
      const uniform = random(900 + r);
      const counts = new Int32Array(kinds);
      for (let i = 0; i < draws; i += 1) counts[Math.floor(uniform() ** 2 * kinds)]! += 1;
      return goodTuringOf(seenIn(counts, draws), draws);
    });
    const mean = seen.reduce((sum, { value }) => sum + value!, 0) / repeats;
    const held = seen.filter(
      ({ interval }) => interval !== null && interval[0] <= mean && mean <= interval[1],
    );
    expect(held.length / repeats).toBeGreaterThan(0.92);
  });

  test('the entropy of a column leaves out rows without a value, and says so', async () => {
    const id = 'attribute-entropy:topic';
    const { value, interval, why, n } = (await measureRows(rows, [id]))[id]!;
    const values = texts.map((_, i) => column(i).topic).filter((topic) => topic !== null);
    const shares = topics.map(
      (topic) => values.filter((one) => one === topic).length / values.length,
    );
    const entropy = -shares.filter((p) => p > 0).reduce((sum, p) => sum + p * Math.log(p), 0);
    expect(value).toBeCloseTo(entropy, 12);
    expect(interval![0]).toBeLessThan(entropy);
    expect(n).toBe(160);
    expect(why).toBe('23 of 160 rows have no value in the column topic');
  });

  test('the coverage of a column counts each value of the reference once', async () => {
    const reference = rowsOfTexts(['a', 'b', 'c', 'd', 'e', 'f'], (i) => ({
      topic: ['space', 'space', 'law', 'sport', 'sport', 'art'][i]!,
    }));
    const id = 'attribute-coverage:topic';
    const found = (await measureRows(rows, [id], { reference }))[id]!;
    expect(found.value).toBeCloseTo(2 / 4, 12);
    const none = await measureRows(rows, [id], { reference: rowsOfTexts(['a', 'b']) });
    expect(none[id]).toMatchObject({ value: null, why: expect.stringContaining('the reference') });
  });

  test('labels that came with the data have unseen ones, found clusters have not', async () => {
    const ids = ['chao.labels', 'good-turing.labels'];
    const given = await measureRows(rows, ids, { labels: texts.map((_, i) => column(i).rare!) });
    expect(given['good-turing.labels']!.value).toBeCloseTo(159 / 160, 12);
    const found = await measureRows(rows, ids, { clusters: 3 });
    expect(found['chao.labels']).toMatchObject({
      value: null,
      why: expect.stringContaining('--labels'),
    });
  });
});

describe('contamination', () => {
  const long = 'The quick brown fox jumps over the lazy dog and then it runs far away from here';
  const dataset = rowsOfTexts([
    `Q: ${long.toUpperCase().replaceAll(' ', ', ')}!`,
    'short and equal',
    ...Array.from(
      { length: 60 },
      (_, i) => `something else about ${i} and more of it, number ${i * i}`,
    ),
  ]);

  test('finds runs of 13 words whatever their case and signs, and rows that are nearly equal', async () => {
    const reference = rowsOfTexts([
      `He said: "${long}."`,
      'short and equal',
      'The quick brown fox jumps over the lazy dog and then it stops',
      'nothing in common',
    ]);
    const values = await measureRows(dataset, ['contamination'], { reference });
    expect(values.contamination!.value).toBeCloseTo(2 / 4, 12);
  });

  test('a dataset contaminates itself wholly, and another not at all', async () => {
    const whole = await measureRows(dataset, ['contamination'], { reference: dataset });
    expect(whole.contamination!.value).toBe(1);
    const other = rowsOfTexts(Array.from({ length: 50 }, (_, i) => `unrelated words number ${i}`));
    const none = await measureRows(dataset, ['contamination'], { reference: other });
    expect(none.contamination!.value).toBe(0);
  });
});
