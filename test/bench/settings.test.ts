import { expect, test } from 'vitest';
import { setupsOf } from '../../src/bench/settings.ts';

const namesOf = (models: readonly string[]): string[] =>
  setupsOf({ models, dtypes: ['fp32', 'int8'] }).map(({ name }) => name);

test('a model that comes in one precision takes part once, whichever are asked for', () => {
  expect(namesOf(['use-lite', 'all-MiniLM-L6-v2', 'potion-base-8M', 'http://localhost#m'])).toEqual(
    [
      ...['use-lite', 'all-MiniLM-L6-v2 fp32', 'all-MiniLM-L6-v2 int8', 'potion-base-8M'],
      'localhost#m',
    ],
  );
});

test('a static model or an endpoint runs on no device, and takes part once', () => {
  const models = ['use-lite', 'use-lite-static', 'http://localhost#m'];
  const setups = setupsOf({ models, devices: ['webgpu', 'wasm'] });
  expect(setups.map(({ name }) => name)).toEqual([
    ...['use-lite webgpu', 'use-lite wasm', 'use-lite-static', 'localhost#m'],
  ]);
});

test('the baseline comes first, and no setup twice', () => {
  const setups = setupsOf({ models: ['use-lite', 'use-lite'], baseline: 'use-lite-static' });
  expect(setups.map(({ model }) => model)).toEqual(['use-lite-static', 'use-lite']);
});
