/**
 * Progress as events. The library prints nothing: whoever calls it decides what a person sees.
 */
export interface ProgressEvent {
  /** What is being done, in words that can be shown: 'embedding', 'neighbours', 'map'. */
  readonly stage: string;
  /** Units finished so far; units that came from a cache count as finished. */
  readonly done: number;
  /** Units in all, or null where it is not known beforehand (a stream). */
  readonly total: number | null;
  /** The unit, plural: 'rows', 'epochs'. */
  readonly unit: string;
  /** How many of `done` cost nothing because a cache had them. */
  readonly cached?: number;
}

export type OnProgress = (event: ProgressEvent) => void;

/** The options that every long-running call takes. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Lets timers and signals run: native calls block the event loop, so long loops yield between them. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
