import { describe, expect, test } from 'vitest';
import { quickerOf, type Runner } from '../../src/compute/quicker.ts';
import type { Feeds, Results } from '../../src/compute/session.ts';

const feeds: Feeds = { x: [new Float32Array(8), [8]] };

/** A runner that says how long it took, and which fails the test where it is used after it was closed. */
function runner(threads: number, ms: number, log: string[], name: string): Runner {
  let closed = false;
  let underWay = 0;
  return {
    atOnce: 2 * threads,
    threads,
    async run(_, __, took) {
      if (closed) throw new Error(`${name} is closed`);
      underWay += 1;
      log.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      took?.(ms);
      return {} as Results;
    },
    async close() {
      if (underWay > 0) throw new Error(`${name} was closed at work`);
      closed = true;
      log.push(`${name} closed`);
    },
  };
}

describe('one session or many', () => {
  test.each([
    ['team', 10, 15, ['whole closed', 'team closed']],
    ['whole', 10, 25, ['team closed', 'whole closed']],
  ] as const)('the quicker stays: %s', async (kept, wholeMs, teamMs, ends) => {
    const log: string[] = [];
    const either = quickerOf(runner(1, wholeMs, log, 'whole'), runner(2, teamMs, log, 'team'));
    expect(either.atOnce).toBe(4);
    await Promise.all(Array.from({ length: 40 }, () => either.run(feeds)));
    for (let i = 0; i < 20; i += 1) await either.run(feeds);
    // By turns, each early and late.
    const turns = [['whole'], Array(4).fill('team'), ['whole', 'whole'], Array(4).fill('team')];
    expect(log.slice(0, 12)).toEqual([...turns.flat(), 'whole']);
    const runs = log.filter((entry) => !entry.endsWith('closed'));
    expect(runs.length).toBe(60);
    expect(new Set(runs.slice(-20))).toEqual(new Set([kept]));
    expect(either.atOnce).toBe(kept === 'team' ? 4 : 2);
    await either.close();
    expect(log.filter((entry) => entry.endsWith('closed'))).toEqual(ends);
  });

  test('how long the batches are does not favour whoever comes first', async () => {
    const log: string[] = [];
    let batch = 0;
    // Each takes a little less than the one before.
    const slower = (of: Runner): Runner => ({
      ...of,
      run: (asked, pool, took) => of.run(asked, pool, (ms) => took?.(ms * (30 - batch++))),
    });
    const either = quickerOf(
      slower(runner(1, 50, log, 'whole')),
      slower(runner(2, 110, log, 'team')),
    );
    for (let i = 0; i < 20; i += 1) await either.run(feeds);
    expect(log.at(-1)).toBe('whole');
    await either.close();
  });

  test('one that cannot be closed is said when both are, and not before', async () => {
    const log: string[] = [];
    const stuck = { ...runner(1, 30, log, 'whole'), close: () => Promise.reject(new Error('no')) };
    const either = quickerOf(stuck, runner(2, 10, log, 'team'));
    for (let i = 0; i < 20; i += 1) await either.run(feeds);
    await expect(either.close()).rejects.toThrow('no');
    expect(log.at(-1)).toBe('team closed');
  });

  test('both are closed where too few runs came to tell', async () => {
    const log: string[] = [];
    const either = quickerOf(runner(1, 1, log, 'whole'), runner(2, 1, log, 'team'));
    await either.run(feeds);
    await either.close();
    expect(log).toEqual(['whole', 'whole closed', 'team closed']);
  });

  test('a run that fails is its caller’s alone', async () => {
    const log: string[] = [];
    const whole = runner(1, 10, log, 'whole');
    let calls = 0;
    const failing: Runner = {
      ...whole,
      run: (...asked) => {
        calls += 1;
        return calls % 2 === 0 ? Promise.reject(new Error('broken')) : whole.run(...asked);
      },
    };
    const either = quickerOf(failing, runner(2, 5, log, 'team'));
    const ended = await Promise.allSettled(Array.from({ length: 30 }, () => either.run(feeds)));
    const failed = ended.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBeGreaterThan(0);
    expect(ended.length - failed).toBe(log.filter((entry) => !entry.endsWith('closed')).length);
    await either.close();
  });
});
