import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/data/row.ts';
import { measureRows } from '../support/measure.ts';
import { rowsOfTexts } from '../support/rows.ts';
import { samples } from '../support/texts.ts';

const texts = samples(60, 3).map(({ text }) => text);

describe('quality:COLUMN', () => {
  const measure = async (column: (i: number) => Json) =>
    (
      await measureRows(
        rowsOfTexts(texts, (i) => ({ reward: column(i) })),
        ['quality:reward'],
      )
    )['quality:reward']!;

  test('is the mean of the numbers, as numbers or as text', async () => {
    const { value, interval, distribution } = await measure((i) => (i % 2 === 0 ? i : `${i}`));
    expect(value).toBeCloseTo(29.5, 12);
    expect(interval![0]).toBeLessThan(29.5);
    expect(distribution).toMatchObject({ min: 0, median: 29.5, max: 59 });
  });

  test('of passes and fails is their share, inside 0 and 1', async () => {
    const { value, interval } = await measure((i) => i > 0);
    expect(value).toBeCloseTo(59 / 60, 12);
    expect(interval![1]).toBeLessThanOrEqual(1);
    expect((await measure((i) => (i % 2 === 0 ? 'Pass' : 'fail'))).value).toBe(0.5);
  });

  test('leaves out what is no number, and says so', async () => {
    const { value, why } = await measure((i) => (i < 15 ? ['none', null, 'NaN', ''][i % 4]! : 2));
    expect(value).toBe(2);
    expect(why).toBe('only rows with a number in the column reward count: 45 of 60');
    expect((await measure(() => 'good')).value).toBeNull();
  });
});
