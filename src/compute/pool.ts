import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { messageOf, runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';
import {
  joinWasm,
  loadWasm,
  type SharedWasm,
  sharedWasm,
  type WasmBuild,
  type WasmMemory,
  wasmBuild,
} from './wasm.ts';

/** What every module that a pool runs exports; see native/chunks.ts and native/heap.ts. */
export interface PooledExports {
  readonly memory: WasmMemory;
  restart(): void;
}

/**
 * Several threads on one WASM module and one memory. Whoever opens a pool closes it; until then its
 * threads sleep, and do not keep the process alive.
 */
export interface Pool<Exports extends PooledExports> {
  /** Threads that work on a task, this one included. */
  readonly threads: number;
  /** This thread's instance, for preparing the memory and reading it. Not while a task runs. */
  readonly exports: Exports;
  /**
   * Runs the export `task` with the same arguments on every thread at once, this one included, and
   * resolves when all have returned. The task shares its work out by taking chunks. One task at a
   * time. A thread that fails makes this a runtime error, and the pool of no further use.
   */
  run(task: keyof Exports & string, ...args: readonly number[]): Promise<void>;
  /**
   * Starts the export `task` on the other threads, and returns without waiting for it: for tasks that
   * help this thread with what it does next, and end when it says so in the memory.
   */
  wake(task: keyof Exports & string, ...args: readonly number[]): void;
  /** Ends the threads. The memory goes when nobody refers to the pool any more. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Default: as many as the machine runs at once, at most 16. With 1 no shared memory is needed. */
  readonly threads?: number | undefined;
  readonly build?: WasmBuild | undefined;
}

const MOST_THREADS = 16;

export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism());

/** Opens a pool on `dist/native/NAME`; starting its threads takes a few hundredths of a second. */
export async function openPool<Exports extends PooledExports>(
  name: string,
  options: PoolOptions = {},
): Promise<Pool<Exports>> {
  const threads = Math.max(1, Math.floor(options.threads ?? defaultThreads()));
  const build = options.build ?? wasmBuild();
  if (threads === 1) return poolOf(await loadWasm<Exports>(name, build), []);
  const shared = await sharedWasm(name, build);
  const helpers = Array.from({ length: threads - 1 }, () => startHelper(name, shared));
  return poolOf(await joinWasm<Exports>(shared), helpers);
}

function poolOf<Exports extends PooledExports>(
  exports: Exports,
  helpers: readonly Helper[],
): Pool<Exports> {
  return {
    threads: helpers.length + 1,
    exports,
    async run(task, ...args) {
      exports.restart();
      const others = helpers.map((helper) => helper.call(task, args));
      // Attached now: what fails while this thread is busy must not count as unhandled.
      const settled = Promise.allSettled(others);
      (exports[task] as (...args: readonly number[]) => void)(...args);
      for (const result of await settled) if (result.status === 'rejected') throw result.reason;
    },
    wake(task, ...args) {
      for (const helper of helpers) helper.post(task, args);
    },
    async close() {
      await Promise.all(helpers.map((helper) => helper.stop()));
    },
  };
}

interface Helper {
  call(task: string, args: readonly number[]): Promise<void>;
  /** Without an answer: what fails is told to the next caller. */
  post(task: string, args: readonly number[]): void;
  stop(): Promise<void>;
}

function startHelper(name: string, { module, memory }: SharedWasm): Helper {
  const worker = new Worker(packagePath('dist', 'native', 'worker.mjs'), {
    workerData: { module, memory },
    // What this process was started with may suit its own program only.
    execArgv: [],
  });
  let waiting: { resolve(): void; reject(error: Error): void } | null = null;
  let broken: Error | null = null;
  const settle = (error: Error | null): void => {
    const caller = waiting;
    waiting = null;
    broken ??= error;
    worker.unref();
    if (error) caller?.reject(error);
    else caller?.resolve();
  };
  const failed = (what: string): Error =>
    runtimeError(`A thread of the ${name} kernels failed: ${what}. Run it again on fewer threads.`);
  worker.on('message', (error: string | null) => settle(error === null ? null : failed(error)));
  worker.on('error', (error) => settle(failed(messageOf(error))));
  worker.on('exit', () => settle(failed('it has ended')));
  worker.unref();
  return {
    call(task, args) {
      if (broken) return Promise.reject(broken);
      worker.ref();
      return new Promise<void>((resolve, reject) => {
        waiting = { resolve, reject };
        worker.postMessage({ task, args, answer: true });
      });
    },
    post(task, args) {
      if (!broken) worker.postMessage({ task, args, answer: false });
    },
    async stop() {
      await worker.terminate();
    },
  };
}
