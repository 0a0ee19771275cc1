import type { Feeds, Results } from './session.ts';
import type { TokenPool } from './token-pool.ts';

/** A way to run a model. */
export interface Runner {
  /** How many runs are worth having under way at once. */
  readonly atOnce: number;
  /** Runs that do take place side by side. */
  readonly threads: number;
  /** `took` is told how long the run itself took, without waiting for its turn. */
  run(feeds: Feeds, pool?: TokenPool, took?: (ms: number) => void): Promise<Results>;
  close(): Promise<void>;
}

/**
 * The turns of the trial, the one session's first: runs for each of its threads. Both sit early and late, for batches
 * come longest first. The first run of a thread sets up its memory and is not timed.
 */
const TURNS = [1, 2, 2, 2, 1];

/**
 * One session with all threads, or a session a thread: which is quicker hangs on the model, the batches and the machine.
 * The first runs tell: they go through the one and the other by turns, and the quicker stays. Both give
 * the same bits, so nobody but the clock notices.
 */
export function quickerOf(whole: Runner, team: Runner): Runner {
  const trials = [trialOf(whole), trialOf(team)] as const;
  let turn = 0;
  /** The runs of this turn, and the end of those before it: neither may take the other's threads. */
  let begun: Promise<unknown>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  let chosen: Runner | null = null;
  let closed: Promise<void> | null = null;
  const underWay = new Set<Promise<unknown>>();

  const choose = (): void => {
    const [first, second] = trials;
    const [kept, other] = second.rate() > first.rate() ? [second, first] : [first, second];
    chosen = kept.runner;
    closed = other.runner.close();
    // Whether that failed is told to whoever closes both.
    closed.catch(() => {});
  };
  const tryOut: Runner['run'] = (feeds, pool, took) => {
    const { runner, run } = trials[turn % 2]!;
    const result = before.then(() => run(feeds, pool, took));
    begun.push(result.catch(() => {}));
    if (begun.length === TURNS[turn]! * runner.threads) {
      before = Promise.all(begun);
      begun = [];
      turn += 1;
      if (turn === TURNS.length) before = before.then(choose);
    }
    return result;
  };
  const run: Runner['run'] = async (feeds, pool, took) => {
    if (turn < TURNS.length) return tryOut(feeds, pool, took);
    await before;
    return chosen!.run(feeds, pool, took);
  };
  return {
    get atOnce() {
      return (chosen ?? team).atOnce;
    },
    threads: team.threads,
    run(feeds, pool, took) {
      const result = run(feeds, pool, took);
      const ended = result.catch(() => {});
      underWay.add(ended);
      void ended.then(() => underWay.delete(ended));
      return result;
    },
    async close() {
      await Promise.all([...underWay, before]);
      const closing = chosen === null ? [whole.close(), team.close()] : [closed, chosen.close()];
      for (const ended of await Promise.allSettled(closing)) {
        if (ended.status === 'rejected') throw ended.reason;
      }
    },
  };
}

/** A runner whose runs are timed, but for the first of each thread. */
function trialOf(runner: Runner) {
  let [done, elements, ms] = [0, 0, 0];
  return {
    runner,
    run(feeds: Feeds, pool?: TokenPool, took?: (ms: number) => void): Promise<Results> {
      return runner.run(feeds, pool, (spent) => {
        took?.(spent);
        done += 1;
        if (done <= runner.threads) return;
        elements += Object.values(feeds)[0]![0].length;
        ms += spent;
      });
    },
    /** Elements of the first input that all threads together take in a millisecond. */
    rate: () => (ms > 0 ? (runner.threads * elements) / ms : 0),
  };
}
