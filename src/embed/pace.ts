import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../base/errors.ts';

/** Waits until a request may be made. */
export type Pace = (signal?: AbortSignal) => Promise<void>;

/**
 * Lets at most so many requests a minute begin, spread evenly: in no minute are there more, and a server that
 * counts by seconds sees no burst. Those who wait get their turn in the order they asked.
 */
export function paceOf(perMinute: number, clock: Clock = TIME): Pace {
  const apart = 60_000 / perMinute;
  let next = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    throwIfAborted(signal);
    const now = clock.now();
    const at = Math.max(now, next);
    next = at + apart;
    if (at > now) await clock.sleep(at - now, signal);
    throwIfAborted(signal);
  };
}

interface Clock {
  now(): number;
  /** May end early when the signal is given. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const TIME: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(Math.ceil(ms), undefined, signal ? { signal } : {}).catch(() => {}),
};
