import type { OnProgress } from '../base/progress.ts';

/** What a command may do to the outside: results to stdout, notes and progress to stderr. */
export interface Io {
  /** No progress and no summary; errors are shown all the same. */
  readonly quiet: boolean;
  /** Columns of the terminal that results go to, 80 where they go elsewhere. */
  readonly columns: number;
  /** Whether results may have colours. */
  readonly colour: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Writes to stdout, as it is. */
  result(text: string): void;
  /** A line on stderr, unless quiet. */
  note(text: string): void;
}
