import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { messageOf, throwIfAborted } from '../../base/errors.ts';
import { packagePath } from '../../base/package.ts';
import { breathe } from '../../base/progress.ts';
import type { TokenizerJson } from './tokenizer-json.ts';
import type { Tokenise } from './unigram.ts';

/** What a tokeniser is made of: a model folder, or the content of a tokenizer.json. */
export type Source = { readonly folder: string } | { readonly json: TokenizerJson };

/** The tokens of many texts behind each other, and where each text ends. */
export interface Packed {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly ends: Int32Array<ArrayBuffer>;
}

/** What the thread says: that it is ready, the tokens it was asked for, or what went wrong. */
export type ThreadAnswer = null | Packed | string;

export interface Tokens {
  /** The tokens of each text, behind the prefix. */
  of(texts: readonly string[], signal?: AbortSignal): Promise<Int32Array[]>;
  /** Begins with texts that `of` will be asked for next: the same array. */
  ahead(texts: readonly string[]): void;
  /** What whoever reads the result may want to know; complete once all texts are tokenised. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

export interface TokensOptions {
  readonly prefix: string;
  /** What the thread opens. */
  readonly source: Source;
  /** So many texts are worth a thread. */
  readonly worth: number;
}

/** How many texts are tokenised here before timers and signals get their turn. */
const AT_ONCE = 512;
/** Fewer texts than these are tokenised before a thread would have heard of them. */
const FEW = 32;

/**
 * Tokenises texts, in a thread of its own where there are many: while a model runs on some, the next are tokenised. The first
 * ones are done here, so that few texts wait for no thread to start; both give the same tokens.
 */
export function tokensOf(tokenise: Tokenise, { prefix, source, worth }: TokensOptions): Tokens {
  let seen = 0;
  let thread: TokenThread | null = null;
  let closed = false;
  const prepared = new WeakMap<readonly string[], Promise<Int32Array[]>>();
  const startFrom = (known: number): void => {
    if (known >= worth && !closed) thread ??= startThread(source);
  };
  const prefixed = (texts: readonly string[]): readonly string[] =>
    prefix === '' ? texts : texts.map((text) => prefix + text);
  const here = async (texts: readonly string[], signal?: AbortSignal): Promise<Int32Array[]> => {
    const all: Int32Array[] = [];
    for (let from = 0; from < texts.length; from += AT_ONCE) {
      await breathe();
      throwIfAborted(signal);
      for (const text of texts.slice(from, from + AT_ONCE)) all.push(tokenise(prefix + text));
    }
    return all;
  };
  const inThread = (texts: readonly string[]): Promise<Int32Array[]> => {
    const all = thread!.tokenise(prefixed(texts)).catch((error) => {
      // Nobody asks any more; to tokenise them here would hold up the end.
      if (closed) throw error;
      return here(texts);
    });
    // Whoever has texts prepared may end before asking for them.
    all.catch(() => {});
    return all;
  };
  return {
    async of(texts, signal) {
      throwIfAborted(signal);
      const before = prepared.get(texts);
      prepared.delete(texts);
      seen += texts.length;
      startFrom(seen);
      const many = texts.length >= FEW && thread?.ready === true;
      const all = await (before ?? (many ? inThread(texts) : here(texts, signal)));
      throwIfAborted(signal);
      return all;
    },
    ahead(texts) {
      startFrom(seen + texts.length);
      if (texts.length >= FEW && thread?.ready) prepared.set(texts, inThread(texts));
    },
    get warnings() {
      const why = thread?.broken ?? null;
      return why === null
        ? []
        : [`The thread that tokenises failed: ${why}. Texts were tokenised without it.`];
    },
    async close() {
      closed = true;
      await thread?.close();
    },
  };
}

interface TokenThread {
  /** It has opened the tokeniser and has not failed. */
  readonly ready: boolean;
  readonly broken: string | null;
  tokenise(texts: readonly string[]): Promise<Int32Array[]>;
  close(): Promise<void>;
}

function startThread(workerData: Source): TokenThread {
  const program = packagePath('dist', 'src', 'embed', 'tokenise', 'thread.js');
  let ready = false;
  let broken: string | null = null;
  let closing = false;
  let worker: Worker | null = null;
  const waiting: { resolve(all: Int32Array[]): void; reject(error: Error): void }[] = [];
  const fail = (what: string): void => {
    ready = false;
    if (!closing) broken ??= what;
    void worker?.terminate();
    for (const { reject } of waiting.splice(0)) reject(new Error(what));
  };
  const start = (): void => {
    if (!existsSync(program)) throw new Error(`${program} is missing`);
    // What this process was started with may suit its own program only.
    worker = new Worker(program, { workerData, execArgv: [] });
    // A thread that nobody waits for does not keep the process alive.
    worker.unref();
    worker.on('message', (answer: ThreadAnswer) => {
      if (answer === null) ready = true;
      else if (typeof answer === 'string') fail(answer);
      else waiting.shift()?.resolve(unpacked(answer));
      if (waiting.length === 0) worker!.unref();
    });
    worker.on('error', (error) => fail(messageOf(error)));
    worker.on('exit', () => fail('it has ended'));
  };
  try {
    start();
  } catch (error) {
    fail(messageOf(error));
  }
  return {
    get ready() {
      return ready;
    },
    get broken() {
      return broken;
    },
    tokenise: (texts) =>
      new Promise((resolve, reject) => {
        if (!ready) return reject(new Error(broken ?? 'it is not there yet'));
        waiting.push({ resolve, reject });
        worker!.ref();
        worker!.postMessage(texts);
      }),
    async close() {
      closing = true;
      await worker?.terminate();
    },
  };
}

export function packed(all: readonly Int32Array[]): Packed {
  const ends = new Int32Array(all.length);
  let size = 0;
  for (const [text, ids] of all.entries()) {
    size += ids.length;
    ends[text] = size;
  }
  const ids = new Int32Array(size);
  for (const [text, own] of all.entries()) ids.set(own, ends[text]! - own.length);
  return { ids, ends };
}

function unpacked({ ids, ends }: Packed): Int32Array[] {
  return Array.from(ends, (end, text) => ids.subarray(text === 0 ? 0 : ends[text - 1]!, end));
}
