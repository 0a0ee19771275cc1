/**
 * Errors people can act on. Every message is one or two sentences: what is wrong, where, what to do.
 * The kind decides the exit code of the command line; the library throws the same objects.
 */
export type ErrorKind = 'gate' | 'usage' | 'input' | 'runtime' | 'interrupted';

/** The exit codes of the command line; documented in the README and stable. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  gate: 1,
  usage: 2,
  input: 2,
  runtime: 3,
  interrupted: 130,
};

export class GamutError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GamutError';
    this.kind = kind;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/** The request contradicts itself or names something that does not exist. */
export const usageError = (message: string, options?: ErrorOptions): GamutError =>
  new GamutError('usage', message, options);

/** A file or a row is missing, broken or empty. Name the file, the line and the remedy. */
export const inputError = (message: string, options?: ErrorOptions): GamutError =>
  new GamutError('input', message, options);

/** Something failed that the input is not to blame for: a full disk, a lost device. */
export const runtimeError = (message: string, options?: ErrorOptions): GamutError =>
  new GamutError('runtime', message, options);

/** Throws the `interrupted` error if the signal has fired. Call it between blocks of work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new GamutError(
      'interrupted',
      'Interrupted; run the same command again to go on from what is stored.',
      { cause: signal.reason },
    );
}

/** The message of anything that can be thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
