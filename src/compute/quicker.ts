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

/** Runs of each that are timed, after one for each thread, which also sets up its memory. */
const TIMED = 3;

/**
 * One session with all threads, or a session a thread: which is quicker hangs on the model, the batches and the machine.
 * The first runs tell: a few go through the one, a few through the other, and the quicker stays. Both give
 * the same bits, so nobody but the clock notices.
 */
export function quickerOf(whole: Runner, team: Runner): Runner {
  const trials = [trialOf(whole), trialOf(team)] as const;
  let chosen: Trial | null = null;
  let closed: Promise<void> | null = null;

  const choose = (): void => {
    const [first, second] = trials;
    const [kept, other] = second.rate() > first.rate() ? [second, first] : [first, second];
    chosen = kept;
    closed = other.ended().then(() => other.runner.close());
  };
  return {
    get atOnce() {
      return (chosen?.runner ?? team).atOnce;
    },
    threads: team.threads,
    async run(feeds, pool, took) {
      const trial = chosen ?? (trials[0].open() ? trials[0] : trials[1]);
      // While they are held against each other neither may take the other's threads.
      const result = trial.run(feeds, pool, took, trial === trials[1] ? trials[0].ended() : null);
      const found = await result;
      if (chosen === null && trials.every((each) => each.enough())) choose();
      return found;
    },
    async close() {
      await Promise.all(trials.map((each) => each.ended()));
      if (chosen === null) await Promise.all([whole.close(), team.close()]);
      else await Promise.all([closed, (chosen as Trial).runner.close()]);
    },
  };
}

interface Trial {
  readonly runner: Runner;
  run(
    feeds: Feeds,
    pool: TokenPool | undefined,
    took: ((ms: number) => void) | undefined,
    after: Promise<unknown> | null,
  ): Promise<Results>;
  /** Whether runs are still to be begun until it has enough. */
  open(): boolean;
  enough(): boolean;
  /** Elements of the first input that all threads together take in a millisecond. */
  rate(): number;
  /** When nothing is under way any more. */
  ended(): Promise<unknown>;
}

function trialOf(runner: Runner): Trial {
  const underWay = new Set<Promise<unknown>>();
  const enough = runner.threads + TIMED;
  let [begun, done, elements, ms] = [0, 0, 0, 0];
  return {
    runner,
    run(feeds, pool, took, after) {
      begun += 1;
      const timed = (spent: number): void => {
        took?.(spent);
        done += 1;
        if (done <= runner.threads) return;
        elements += Object.values(feeds)[0]![0].length;
        ms += spent;
      };
      const run = (): Promise<Results> => runner.run(feeds, pool, timed);
      const result = after === null ? run() : after.then(run);
      const ended = result.catch(() => {
        // What fails tells nothing about time; another takes its place.
        begun -= 1;
      });
      underWay.add(ended);
      void ended.then(() => underWay.delete(ended));
      return result;
    },
    open: () => begun < enough,
    enough: () => done >= enough,
    rate: () => (ms > 0 ? (runner.threads * elements) / ms : 0),
    ended: () => Promise.all([...underWay]),
  };
}
