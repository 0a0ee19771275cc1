import { expect } from 'vitest';
import { type Device, type DeviceName, openDevice } from '../../src/compute/device.ts';
import { QUERY_ROWS } from '../../src/compute/kernels/tiles.ts';
import { type Vectors, vectorsOf } from '../../src/compute/vectors.ts';
import { gaussianRows } from './data.ts';

/**
 * Every kernel on every device that works here agrees with plain loops. WebGPU is tried in a process of
 * its own, the same files with GAMUT_TEST_DEVICE set: drivers are found through the environment that a
 * process starts with.
 */
export const only = process.env.GAMUT_TEST_DEVICE as DeviceName | undefined;
const hasCuda = only === undefined && (await openDevice('cuda').then(closed, () => false));
export const names: readonly DeviceName[] =
  only === undefined ? ['cpu', 'wasm', ...(hasCuda ? (['cuda'] as const) : [])] : [only];

async function closed(device: Device): Promise<true> {
  await device.close();
  return true;
}

interface Shape {
  readonly n: number;
  readonly m: number;
  readonly d: number;
  readonly what: string;
}

/** Tiles hold 512 queries and 4,096 targets: the last two shapes are no multiples of them. */
export const SHAPES: readonly Shape[] = [
  { n: 1, m: 1, d: 1, what: 'one row each, one dimension' },
  { n: 5, m: 3, d: 1, what: 'one dimension' },
  { n: 7, m: 70, d: 17, what: 'an odd number of dimensions' },
  { n: QUERY_ROWS + 1, m: 40, d: 8, what: 'one query more than a tile' },
  { n: 3, m: 4100, d: 5, what: 'a few targets more than a tile' },
];

export const rows = (n: number, d: number, seed: number): Vectors =>
  vectorsOf(gaussianRows(n, d, seed), d);

export function expectClose(
  found: ArrayLike<number>,
  wanted: readonly number[],
  scale: number,
): void {
  expect(found.length).toBe(wanted.length);
  let worst = 0;
  for (const [i, value] of wanted.entries()) {
    const error = Math.abs(found[i]! - value);
    worst = error <= worst ? worst : error;
  }
  expect(worst / scale).toBeLessThan(1);
}
