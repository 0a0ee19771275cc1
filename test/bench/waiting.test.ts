import { expect, test } from 'vitest';
import { watchedDevice } from '../../src/bench/waiting.ts';
import { cpu } from '../../src/compute/device.ts';
import { tableGraph, tinyModel } from '../support/models.ts';

const graph = tableGraph(tinyModel(['red'], 4));
const feeds = {
  input_ids: [BigInt64Array.of(5n), [1, 1]],
  attention_mask: [BigInt64Array.of(1n), [1, 1]],
} as const;

test('a device is at work while a batch is under way in any session, and waits otherwise', async () => {
  let clock = 0;
  const { device, busyMs } = watchedDevice(cpu, () => clock);
  // Nothing that is opened on it: nothing can be said.
  expect(busyMs()).toBeNull();
  const [one, other] = [await device.open(graph), await device.open(graph)];
  expect(busyMs()).toBe(0);

  clock = 10;
  const first = one.run(feeds);
  clock = 15;
  const second = other.run(feeds);
  clock = 30;
  expect(busyMs()).toBe(20);
  const [{ last_hidden_state: vectors }] = await Promise.all([first, second]);
  expect(vectors!.dims).toEqual([1, 1, 4]);
  clock = 50;
  // The two overlapped: 20, not 35; and the time since then was waited.
  expect(busyMs()).toBe(20);

  const failing = one.run({});
  clock = 53;
  await expect(failing).rejects.toThrow();
  expect(busyMs()).toBe(23);
  await Promise.all([one.release(), other.release()]);
});
