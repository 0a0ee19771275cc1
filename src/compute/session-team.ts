import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { messageOf, runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';
import { filesBeside } from './external-data.ts';
import { defaultThreads } from './pool.ts';
import type { Runner } from './quicker.ts';
import { onnxruntime, type Results, type SessionOptions } from './session.ts';
import type { Answer, Asked, MemberModel } from './session-thread.ts';

/**
 * A model open several times, each with one thread, in threads of their own: runs that are independent
 * then wait for nothing, where the threads of one session meet after every operator. Results are
 * the same to the bit.
 *
 * Memory: the model once for each thread, and what a run takes. The session with all threads stays open beside
 * until one of both is chosen; all these models together take at most COPIES_BYTES.
 */
export type SessionTeam = Runner;

/** What a model may take that is open once for each thread and once for all. */
const COPIES_BYTES = 2 ** 30;
/** Runs that are worth starting threads for. */
const WORTH_IT = 8;

/** How many threads a model is worth for so many runs; 1 where one session with all threads is better. */
export async function teamSize(
  model: Uint8Array | string,
  runs: number,
  { threads = 0, beside = [] }: Pick<SessionOptions, 'threads' | 'beside'> = {},
): Promise<number> {
  if (runs < WORTH_IT) return 1;
  const most = threads > 0 ? threads : defaultThreads();
  const files = typeof model === 'string' ? [model, ...filesBeside(model)] : [];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bytes = typeof model === 'string' ? [] : [model, ...beside.map(({ data }) => data)];
  const size = [...sizes, ...bytes.map(({ length }) => length)].reduce((sum, own) => sum + own, 0);
  return (most + 1) * size <= COPIES_BYTES ? most : 1;
}

/** Starts the threads and waits until all have opened the model. */
export async function openSessionTeam(
  model: Uint8Array | string,
  threads: number,
  beside?: SessionOptions['beside'],
): Promise<SessionTeam> {
  const members = Array.from({ length: threads }, () => startMember({ model, beside }));
  const idle = [...members];
  const waiting: ((member: Member) => void)[] = [];
  const opened = await Promise.allSettled(members.map((member) => member.opened));
  const close = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.stop()));
  };
  for (const result of opened) {
    if (result.status === 'fulfilled') continue;
    await close();
    throw result.reason;
  }
  return {
    // The next of each thread is ready before it asks.
    atOnce: 2 * threads,
    threads,
    close,
    async run(feeds, pool, took) {
      const member = idle.pop() ?? (await new Promise<Member>((resolve) => waiting.push(resolve)));
      const began = performance.now();
      try {
        const results = await member.run({ feeds, pool });
        took?.(performance.now() - began);
        return results;
      } finally {
        const next = waiting.shift();
        if (next === undefined) idle.push(member);
        else next(member);
      }
    },
  };
}

interface Member {
  readonly opened: Promise<unknown>;
  run(asked: Asked): Promise<Results>;
  stop(): Promise<void>;
}

function startMember(workerData: MemberModel): Member {
  const program = packagePath('dist', 'src', 'compute', 'session-thread.js');
  if (!existsSync(program)) {
    throw runtimeError(`${program} is missing. Run \`npm run build\` in gamut's folder.`);
  }
  // What this process was started with may suit its own program only.
  const worker = new Worker(program, { workerData, execArgv: [] });
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;
  let broken: Error | null = null;
  const settle = (answer: Answer, error: Error | null): void => {
    const caller = waiting;
    waiting = null;
    if (error) caller?.reject(error);
    else caller?.resolve(answer);
  };
  const fail = (what: string): void => {
    broken ??= runtimeError(`A thread that runs the model failed: ${what}.`);
    settle(null, broken);
  };
  worker.on('message', (answer: Answer) => {
    if (typeof answer === 'string') settle(null, runtimeError(answer));
    else settle(answer, null);
  });
  worker.on('error', (error) => fail(messageOf(error)));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail('it has ended');
      resolve();
    });
  });
  const ask = (asked: Asked | undefined): Promise<Answer> => {
    if (broken) return Promise.reject(broken);
    worker.ref();
    return new Promise<Answer>((resolve, reject) => {
      waiting = { resolve, reject };
      if (asked !== undefined) worker.postMessage(asked);
    }).finally(() => worker.unref());
  };
  // It answers when it has opened the model, without being asked. A thread that sleeps does not keep
  // the process alive.
  const opened = ask(undefined);
  return {
    opened,
    async run(asked) {
      const { Tensor } = onnxruntime();
      const answer = (await ask(asked)) as Exclude<Answer, string | null>;
      return Object.fromEntries(
        Object.entries(answer).map(([name, { type, data, dims }]) => [
          name,
          new Tensor(type as 'float32', data as Float32Array, dims),
        ]),
      );
    },
    async stop() {
      worker.ref();
      worker.postMessage(null);
      await exited;
    },
  };
}
