import { describe, expect, test } from 'vitest';
import { runMeasures } from '../../src/audit/measure.ts';
import { random } from '../../src/base/random.ts';
import { answersOf } from '../../src/engine/answers.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { finalAnswer, type SettledMatch, settleMatch } from '../../src/measures/answers.ts';
import { DEFAULT_SETTINGS, type Value } from '../../src/measures/measure.ts';
import { findMeasure } from '../../src/measures/registry.ts';
import { majority } from '../../src/stats/majority.ts';
import { rowsOfTexts } from '../support/rows.ts';

describe('final answers', () => {
  test.each<readonly [SettledMatch, string, string | null]>([
    ['number', 'He pays 12 and 30.\n#### 1,234.50', '1234.5'],
    ['number', 'so \\boxed{\\frac{3}{4}} of 9', '0.75'],
    ['number', 'Thus \\boxed{x = {42}}.', '42'],
    ['number', 'It costs $18, not 20%', '20'],
    ['number', 'The answer is: -3.0', '-3'],
    ['number', 'It costs 100,000.', '100000'],
    ['number', 'The answer is 5. I hope that 2 help.', '5'],
    ['number', 'Final answer: 3 + 4 = 7 (see 2)', '7'],
    ['number', 'from −5 to 10-12', '12'],
    ['number', 'at −5', '-5'],
    ['number', 'It takes 3 1/2 hours', '3.5'],
    ['number', '\\boxed{-2\\frac{1}{2}\\text{ cm}^2}', '-2.5'],
    ['number', '\\boxed{1{,}000}', '1000'],
    ['number', '\\boxed{2\\sqrt{3}}', null],
    ['number', 'الجواب هو ٤٢', '42'],
    ['number', '1/0', null],
    ['number', 'none', null],
    ['number', 'The answer is approx. 5 metres', '5'],
    ['number', 'The answer is: No. 7', '7'],
    ['number', 'The answer is 25 cm^2.', '25'],
    ['number', 'The answer is $25\\text{ cm}^2$.', '25'],
    ['number', '#### 5 km^2', '5'],
    ['number', 'Its area is 9.8 m^{2}', '9.8'],
    ['number', '\\boxed{10^{3}}', '1000'],
    ['number', '\\boxed{10^{-2}}', '0.01'],
    ['number', 'The answer is 2^10.', '1024'],
    ['number', 'The answer is 1,000^2', '1000000'],
    ['number', 'The answer is 3 × 10^5', '300000'],
    ['number', '\\boxed{-2^2}', '-4'],
    ['number', '\\boxed{2^{10} - 1}', null],
    ['number', '\\boxed{2 \\cdot 3^2}', null],
    ['number', '\\boxed{3m^2 + 2m}', null],
    ['number', '\\boxed{3 + \\sqrt{2}}', null],
    ['number', 'The answer is \\pi. I hope 2 help', null],
    ['number', 'The answer is 5 because √25 is 5', '5'],
    ['number', 'The answer is 2 times \\sqrt{3}', null],
    ['number', 'The answer is 2 times the square root of 3', null],
    ['number', 'The answer is the square root of 5', null],
    ['number', 'It grows 3 times a year', '3'],
    ['number', 'The answer is 3 times.', '3'],
    ['number', 'The answer is 2 plus x', null],
    ['number', 'The answer is 2 squared', null],
    ['number', '\\boxed{2x + 3}', null],
    ['number', '\\boxed{x - 3}', null],
    ['number', '\\boxed{5(x+1)}', null],
    ['number', '\\boxed{(2, 3)}', null],
    ['number', '\\boxed{2, 3}', null],
    ['number', '\\boxed{x \\le 5}', null],
    ['number', '\\boxed{3\\pi}', null],
    ['number', '\\boxed{5 \\text{ and } 6}', null],
    ['number', 'The answer is 5 or 6', null],
    ['number', 'The answer is 5 to 6 days', null],
    ['number', 'The answer is 3 hours and 20 minutes', null],
    ['number', 'The answer is 5 feet 6 inches', null],
    ['number', 'The answer is 10:30', null],
    ['number', 'The answer is 1 000 500', null],
    ['number', 'The answer is 3+4', null],
    ['number', 'The answer is 12 - 5', null],
    ['number', 'The answer is minus 5', '-5'],
    ['number', 'So it is negative 7', '-7'],
    ['number', 'The answer is 5 million dollars', '5000000'],
    ['number', 'The answer is 1/2 million', null],
    ['number', 'The answer is 2 and 1/2 cups', '2.5'],
    ['number', 'The answer is **12** apples', '12'],
    ['number', 'It is a *12* mile walk', '12'],
    ['number', '* 12 apples\n* 13 pears', '13'],
    ['number', 'Total - 12', '12'],
    ['number', 'so x = 2\\sqrt{3}', null],
    ['number', 'so x = 2 * 3', null],
    ['number', 'so x = 4x', null],
    ['number', 'The answer is 18 because 9 eggs are sold', '18'],
    ['number', 'The answer is $9,000 per month - that is all', '9000'],
    ['number', 'The answer is 20 m/s', '20'],
    ['number', 'The answer is 5 m', '5'],
    ['number', 'We had 4\n1/2', '0.5'],
    ['number', 'It is 1,000 1/2 m', '1000.5'],
    ['number', 'It is 3 / 4', '0.75'],
    ['number', 'Each has 4 $20 bills', '20'],
    ['number', 'It is $18$.', '18'],
    ['number', 'The final answer is option 2: 40', '40'],
    ['number', 'The answer is option 2.', '2'],
    ['number', 'The best option is 2 of 5', '5'],
    ['choice', 'A good option is to wait.\nB', 'B'],
    ['choice', 'The best choice is C, not A.', 'C'],
    ['choice', 'The answer is (B).', 'B'],
    ['choice', 'c', 'C'],
    ['choice', 'The answer is B because A is wrong.', 'B'],
    ['choice', 'The correct option is (b).', 'B'],
    ['choice', '\\boxed{\\text{(C)}}', 'C'],
    ['text', '\\boxed{\\text{Paris}}', 'paris'],
    ['choice', 'A plane. So I choose D', 'D'],
    ['choice', 'no letter', null],
    ['text', 'The  Eiffel-Tower!', 'eiffel tower'],
    ['text', '…', null],
    ['exact', ' The Tower ', 'The Tower'],
  ])('as %s of %j is %j', (match, text, final) => {
    expect(finalAnswer(text, match)).toBe(final);
  });

  test('how truths look says how they are compared', () => {
    expect(settleMatch(['A', '(B)', 'c.'])).toBe('choice');
    expect(settleMatch(['72', '$1,000', '3/4', 'some steps\n#### 10'])).toBe('number');
    expect(settleMatch(['in 1990', 'Paris'])).toBe('text');
    expect(settleMatch([])).toBe('text');
  });
});

test('the winner of k draws: the chances are those of counting all draws', () => {
  const counts = [3, 2, 2, 1];
  const kinds = counts.flatMap((count, kind) => Array.from({ length: count }, () => kind));
  for (const k of [1, 2, 3, 4, 8]) {
    const chances = [0, 0, 0, 0];
    let all = 0;
    for (let draw = 0; draw < 2 ** kinds.length; draw += 1) {
      const drawn = kinds.filter((_, i) => ((draw >> i) & 1) === 1);
      if (drawn.length !== k) continue;
      all += 1;
      const got = counts.map((_, kind) => drawn.filter((one) => one === kind).length);
      const winners = got.flatMap((count, kind) => (count === Math.max(...got) ? [kind] : []));
      for (const kind of winners) chances[kind]! += 1 / winners.length;
    }
    for (const [kind, chance] of majority(counts, k).entries()) {
      expect(chance).toBeCloseTo(chances[kind]! / all, 12);
    }
  }
});

describe('as measures', () => {
  const IDS = [
    'correct',
    'self-consistency',
    'answers-per-prompt',
    'pass@1',
    'pass@2',
    'maj@4',
    'pass@8',
    'distinct-correct',
  ];
  interface Cell {
    readonly a: string | null;
    readonly t: string | null;
    readonly p: string;
  }
  const measure = async (cells: readonly Cell[]): Promise<Readonly<Record<string, Value>>> => {
    const rows = rowsOfTexts(
      cells.map(({ a, p }, i) => `${p} ${a} ${i}`),
      (i) => ({ ...cells[i]! }),
    );
    const answers = { answer: 'a', truth: 't', prompt: 'p' };
    const source = artefactsOf(rows, null, { seed: 0, index: 'exact', answers });
    const context = { seed: 0, settings: DEFAULT_SETTINGS };
    return runMeasures(
      IDS.map((id) => findMeasure(id)!),
      source,
      context,
    );
  };

  test('are what counting by hand gives', async () => {
    const values = await measure([
      { p: 'one', t: '#### 3', a: 'It is 3' },
      { p: 'one', t: '#### 3', a: 'it is 3!' },
      { p: 'one', t: '#### 3', a: 'Perhaps 4' },
      { p: 'one', t: '#### 3', a: null },
      { p: 'two', t: '#### 5', a: 'five, so 5' },
      { p: 'two', t: '#### 5', a: '5' },
      { p: 'three', t: '#### 6', a: '7' },
    ]);
    expect(values.correct!.value).toBeCloseTo(4 / 7, 12);
    expect(values['pass@1']!.value).toBeCloseTo((0.5 + 1 + 0) / 3, 12);
    expect(values['pass@2']!.value).toBeCloseTo((1 - 1 / 6 + 1) / 2, 12);
    expect(values['maj@4']!.value).toBe(1);
    expect(values['self-consistency']!.value).toBeCloseTo((0.5 + 1) / 2, 12);
    expect(values['answers-per-prompt']!.value).toBeCloseTo(1.5, 12);
    expect(values['distinct-correct']!.value).toBeCloseTo((1 + 2 + 0) / 3, 12);
    expect(values['pass@8']).toMatchObject({
      value: null,
      why: 'no prompt has 8 answers with a truth',
    });
  });

  test('with intervals over prompts, which hold the truth of what drew them', async () => {
    const uniform = random(4);
    const cells = Array.from({ length: 800 }, (_, i) => ({
      p: `prompt ${i >> 2}`,
      t: '1',
      a: uniform() < 0.3 ? '1' : `${Math.floor(2 + uniform() * 5)}`,
    }));
    const values = await measure(cells);
    for (const [id, truth] of [
      ['correct', 0.3],
      ['pass@1', 0.3],
      ['pass@2', 1 - 0.7 ** 2],
    ] as const) {
      expect(values[id]!.interval![0], id).toBeLessThan(truth);
      expect(values[id]!.interval![1], id).toBeGreaterThan(truth);
    }
    expect(values['pass@2']!.value!).toBeGreaterThan(values['pass@1']!.value!);
  });

  test('on no rows there is none, with the reason', async () => {
    for (const { value, why } of Object.values(await measure([]))) {
      expect(value).toBeNull();
      expect(why).toBeTruthy();
    }
  });
});

test('a list of truths is right with any of them', async () => {
  const columns = {
    of: async (name: string) => (name === 'a' ? ['Lutetia'] : ['["Paris","Lutetia"]']),
    ofReference: () => null,
  };
  const { marks } = await answersOf(columns, { answer: 'a', truth: 't' }, 0);
  expect(Array.from(marks!)).toEqual([1]);
});
