import { describe, expect, test } from 'vitest';
import { conclusionsOf, driftOf, orderOf } from '../../src/bench/conclusions.ts';
import { robustnessOf } from '../../src/bench/sensitivity.ts';
import type { Value } from '../../src/measures/measure.ts';

const value = (low: number, middle: number, high: number): Value => ({
  ...{ value: middle, interval: [low, high], n: 10, method: 'exact' },
});
const bare: Value = { value: 1, interval: null, n: 10, method: 'exact' };

describe('drift', () => {
  test('is in halves of the baseline’s interval, on the side it goes to', () => {
    const baseline = value(4, 5, 9);
    expect([driftOf(9, baseline), driftOf(3, baseline), driftOf(5, baseline)]).toEqual([1, -2, 0]);
  });

  test('is null without an interval or a value', () => {
    expect([driftOf(1, bare), driftOf(null, value(0, 1, 2))]).toEqual([null, null]);
    expect([driftOf(2, value(1, 1, 1)), driftOf(1, value(1, 1, 1))]).toEqual([null, 0]);
  });
});

test('two values are told apart when their intervals do not overlap', () => {
  const [low, high] = [value(0, 1, 2), value(3, 4, 5)];
  expect([orderOf(low, high), orderOf(high, low)]).toEqual([-1, 1]);
  expect([orderOf(low, value(2, 3, 4)), orderOf(low, bare)]).toEqual([0, 0]);
});

describe('conclusions', () => {
  const baseline = [
    { vendi: value(0, 1, 2), coverage: value(0, 1, 2) },
    { vendi: value(3, 4, 5), coverage: value(3, 4, 5) },
  ];

  test('are kept when every ranking is', () => {
    const found = conclusionsOf('int8', baseline, baseline, ['A', 'B']);
    expect([found.kept, found.decided, found.within, found.measured]).toEqual([2, 2, 4, 4]);
    expect(found.words).toContain('int8 keeps every conclusion (2)');
  });

  test('that are swapped or lost are named with their datasets', () => {
    const here = [
      { vendi: value(0, 1, 2), coverage: value(3, 4, 5) },
      { vendi: value(1, 2, 3), coverage: value(0, 1, 2) },
    ];
    const found = conclusionsOf('static', here, baseline, ['A', 'B']);
    expect(found.kept).toBe(0);
    expect(found.words).toBe(
      'static keeps 0 of 2 conclusions: it swaps A and B on coverage, and no longer tells apart A and B on vendi.',
    );
  });

  test('about one dataset are about its numbers alone', () => {
    const found = conclusionsOf('static', [baseline[1]!], [baseline[0]!], ['A']);
    expect(found.words).toBe('static: 0 of 2 numbers stay within the baseline’s intervals.');
  });
});

test('a measure is robust where embedders that tell datasets apart agree', () => {
  const [low, high] = [value(0, 1, 2), value(3, 4, 5)];
  const by = (...values: Value[]) => ({ values: values.map((v) => ({ vendi: v })) });
  expect(robustnessOf('vendi', [by(low, high), by(low, high)])).toMatchObject({
    ...{ decided: 1, unanimous: 1, contradicted: [] },
  });
  expect(robustnessOf('vendi', [by(low, high), by(high, low)])).toMatchObject({
    ...{ decided: 1, unanimous: 0, contradicted: [{ a: 0, b: 1 }] },
  });
  const [three, turned] = [by(low, value(2, 3, 4), high), by(high, value(2, 3, 4), low)];
  expect(robustnessOf('vendi', [three, turned]).lowestCorrelation).toBe(-1);
});
