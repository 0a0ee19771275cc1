import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { gaussianRows } from '../support/data.ts';

/** The command line as users have it: built. */
export const MAIN = packagePath('dist', 'src', 'cli', 'main.js');

export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A temporary folder to run in, with a cache of its own that has the model but no vectors. */
export interface Place {
  readonly folder: string;
  readonly cache: string;
  at(...parts: string[]): string;
  /** Runs a command line in a process of its own. */
  start(args: readonly string[], options?: StartOptions): Started;
  /**
   * The same, to its end. What needs nothing of a process but its output runs in one that the place keeps
   * (warm.mjs), one command after another.
   */
  gamut(args: readonly string[], options?: StartOptions): Promise<Ended>;
  remove(): Promise<void>;
}

export interface StartOptions {
  /** Written to stdin, which is closed then. Without it stdin is empty. */
  readonly input?: string;
  /** Leaves stdin open behind `input`, as a terminal or a slow pipe would. */
  readonly keepOpen?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What runs, when it is not gamut itself: it is given node and the path of gamut before `args`. */
  readonly wrapper?: readonly string[];
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'gamut-cli-'));
  const cache = join(folder, '.cache', 'gamut');
  await shareModels(cache);
  const start = (
    args: readonly string[],
    { input = '', keepOpen, env, wrapper = [] }: StartOptions = {},
  ) => {
    const [command, ...rest] = [...wrapper, process.execPath, MAIN, ...args];
    const child = spawn(command!, rest, {
      cwd: folder,
      env: { ...environmentOf(folder), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    if (keepOpen) child.stdin.write(input);
    else child.stdin.end(input);
    return { child, ended: collect(child) };
  };
  const warm = warmProcess(folder, environmentOf(folder));
  return {
    folder,
    cache,
    at: (...parts) => join(folder, ...parts),
    start,
    gamut: (args, options) =>
      options === undefined && !readsInput(args) ? warm.run(args) : start(args, options).ended,
    async remove() {
      await warm.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Lets a cache use the models that the tests share; gamut builds what is not there yet. */
export async function shareModels(cache: string): Promise<void> {
  const shared = join(process.env.XDG_CACHE_HOME!, 'gamut', 'models');
  await mkdir(shared, { recursive: true });
  await mkdir(cache, { recursive: true });
  await symlink(shared, join(cache, 'models'), 'junction');
}

/** Whether standard input is an input; a process has that once. */
const readsInput = (args: readonly string[]): boolean =>
  args.some((arg, i) => arg === '-' && args[i - 1] !== '--json');

interface Warm {
  run(args: readonly string[]): Promise<Ended>;
  end(): Promise<void>;
}

/** A process that runs command lines in a folder one after another; it starts with the first. */
function warmProcess(folder: string, env: NodeJS.ProcessEnv): Warm {
  let child: ChildProcess | undefined;
  const waiting: ((answer: Ended) => void)[] = [];
  const start = (): ChildProcess => {
    const program = packagePath('test', 'cli', 'warm.mjs');
    const started = fork(program, [join(dirname(MAIN), 'run.js')], {
      ...{ cwd: folder, env, execArgv: [] },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let lost = '';
    for (const stream of [started.stdout!, started.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        lost += text;
      });
    }
    started.on('message', (message) => {
      if (message !== 'ready') waiting.shift()?.(message as Ended);
    });
    started.on('exit', (code) => {
      child = undefined;
      for (const resolve of waiting.splice(0)) resolve({ code, stdout: '', stderr: lost });
    });
    return started;
  };
  return {
    run: (args) =>
      new Promise((resolve) => {
        child ??= start();
        waiting.push(resolve);
        child.send(args);
      }),
    async end() {
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

const environmentOf = (folder: string): NodeJS.ProcessEnv => ({
  ...plainEnvironment(),
  XDG_CACHE_HOME: join(folder, '.cache'),
});

/** What would make output depend on where the tests run is left out. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, TERM: ___, NODE_OPTIONS: ____, ...others } = process.env;
  return others;
}

async function collect(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** 24 vectors of 4 dimensions: nothing has to be embedded, so most commands take no time. */
export const writeVectors = (path: string): Promise<void> =>
  writeNpy(path, vectorsOf(gaussianRows(24, 4, 1), 4));

const WORDS =
  'river lamp seven cloud bread engine quiet paper storm violet market glass winter tiger copper song'.split(
    ' ',
  );

/** Rows of different texts, as JSON Lines with the columns `id`, `topic` and `text`. */
export function textRows(n: number, words = 12): string {
  const uniform = random(n + words);
  const word = (): string => WORDS[Math.floor(uniform() * WORDS.length)]!;
  return Array.from({ length: n }, (_, i) => {
    const text = `${Array.from({ length: words }, word).join(' ')} ${i}`;
    return `${JSON.stringify({ id: `r${i}`, topic: WORDS[i % 3], text })}\n`;
  }).join('');
}

export const writeTexts = (path: string, n: number, words?: number): Promise<void> =>
  writeFile(path, textRows(n, words));
