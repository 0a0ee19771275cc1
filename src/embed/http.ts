import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, throwIfAborted } from '../base/errors.ts';
import type { Pace } from './pace.ts';

/** How a request is made again when it fails for a while. */
export interface Retry {
  readonly signal?: AbortSignal | undefined;
  /** How many times in all; default 5. */
  readonly attempts?: number | undefined;
  /** The first wait, doubled each time; default a second. */
  readonly waitMs?: number | undefined;
  /** How long the server may take to answer, or to say more; default two minutes. */
  readonly timeoutMs?: number | undefined;
  /** Awaited before each try. */
  readonly pace?: Pace | undefined;
}

/** An answer that is no success, and will be none if it is asked for again. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request that may succeed if it is made again, at the earliest after so many milliseconds. */
class Passing extends Error {
  readonly afterMs: number;
  constructor(message: string, afterMs: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** Nobody waits longer than this for a server that asks for more. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Makes a request and uses its answer, and does so again after a growing wait where the network fails,
 * the server is busy (408, 429, 5xx) or the answer breaks off; a server that says how long to wait
 * (`Retry-After`) is obeyed. `use` gets successful answers only, and may be called again.
 */
export async function request<T>(
  url: string,
  init: () => RequestInit,
  use: (response: Response) => Promise<T>,
  { signal, attempts = 5, waitMs = 1000, timeoutMs = 120_000, pace }: Retry = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal);
    await pace?.(signal);
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const response = await fetch(url, { ...init(), signal: either });
      if (response.ok) return await use(response);
      throw await failureOf(response);
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof HttpError || attempt >= attempts) throw error;
      const asked = error instanceof Passing ? error.afterMs : 0;
      const wait = Math.min(LONGEST_WAIT_MS, Math.max(asked, waitMs * 2 ** (attempt - 1)));
      await sleep(wait, undefined, signal ? { signal } : {}).catch(() => throwIfAborted(signal));
    }
  }
}

async function failureOf(response: Response): Promise<Error> {
  const { status } = response;
  const said = (await response.text().catch(() => '')).trim().replace(/\s+/gu, ' ').slice(0, 200);
  const message = `${status} ${response.statusText}${said === '' ? '' : `: ${said}`}`;
  const passing = status === 408 || status === 429 || status >= 500;
  if (!passing) return new HttpError(status, message);
  return new Passing(message, retryAfterMs(response.headers.get('retry-after')));
}

/** Seconds, or a date. */
function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** What went wrong, in a few words: fetch hides the reason in the cause. */
export function networkProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  const message = messageOf(cause);
  return code && !message.includes(code) ? `${message || 'no answer'} (${code})` : message;
}
