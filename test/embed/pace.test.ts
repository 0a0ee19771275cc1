import { describe, expect, test } from 'vitest';
import { paceOf } from '../../src/embed/pace.ts';

/** A clock that stands still but when somebody sleeps. */
function clockOf() {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    pass: (ms: number) => {
      time += ms;
    },
    now: () => time,
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
}

describe('a pace', () => {
  test('spreads what begins evenly, whoever asks at once', async () => {
    const clock = clockOf();
    const pace = paceOf(120, clock);
    await Promise.all([pace(), pace(), pace()]);
    expect(clock.slept).toEqual([500, 1000]);
  });

  test('saves nothing up while nobody asks', async () => {
    const clock = clockOf();
    const pace = paceOf(60, clock);
    await pace();
    clock.pass(10_000);
    await pace();
    expect(clock.slept).toEqual([]);
    await pace();
    expect(clock.slept).toEqual([1000]);
  });

  test('ends with whoever waits', async () => {
    const pace = paceOf(1);
    await pace();
    const controller = new AbortController();
    const waiting = pace(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
