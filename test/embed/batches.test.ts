import { expect, test } from 'vitest';
import { random } from '../../src/base/random.ts';
import { planBatches } from '../../src/embed/batches.ts';

const uniform = random(1);
const lengths = Array.from({ length: 3000 }, () => Math.floor(uniform() * 129));

test('every input is in one batch, in rising order within it', () => {
  const inputs = planBatches(lengths).map((batch) => batch.inputs);
  expect(inputs.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
  for (const batch of inputs) expect([...batch].sort((a, b) => a - b)).toEqual(batch);
});

test('what an input is padded to depends on its own length only', () => {
  const padded = (among: readonly number[]): number =>
    planBatches(among).find(({ inputs }) => inputs.includes(0))!.length;
  for (const length of [0, 1, 2, 3, 64, 127, 128]) {
    expect(padded([length, ...lengths])).toBe(padded([length]));
    expect(padded([length])).toBeGreaterThanOrEqual(Math.max(1, length));
    expect(padded([length]) - length).toBeLessThanOrEqual(2);
  }
});

test('batches hold about a thousand tokens, padding included, and the largest come first', () => {
  const batches = planBatches(lengths);
  for (const { length, inputs } of batches) {
    expect(length * inputs.length).toBeLessThanOrEqual(1024);
  }
  const order = batches.map(({ length, inputs }) => length * inputs.length);
  expect([...order].sort((a, b) => b - a)).toEqual(order);
});

test('an input longer than a batch has one to itself', () => {
  expect(planBatches([5000, 5000])).toEqual([
    { length: 5000, inputs: [0] },
    { length: 5000, inputs: [1] },
  ]);
});

test('no inputs make no batches', () => {
  expect(planBatches([])).toEqual([]);
});
