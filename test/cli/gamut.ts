import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../src/base/package.ts';
import { random } from '../../src/base/random.ts';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { gaussianRows } from '../support/data.ts';

/** The command line as users have it: built, in a process of its own. */
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
  start(args: readonly string[], options?: StartOptions): Started;
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
      env: { ...plainEnvironment(), XDG_CACHE_HOME: join(folder, '.cache'), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    if (keepOpen) child.stdin.write(input);
    else child.stdin.end(input);
    return { child, ended: collect(child) };
  };
  return {
    folder,
    cache,
    at: (...parts) => join(folder, ...parts),
    start,
    gamut: (args, options) => start(args, options).ended,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lets a cache use the models that the tests share; gamut builds what is not there yet. */
export async function shareModels(cache: string): Promise<void> {
  const shared = join(process.env.XDG_CACHE_HOME!, 'gamut', 'models');
  await mkdir(shared, { recursive: true });
  await mkdir(cache, { recursive: true });
  await symlink(shared, join(cache, 'models'), 'junction');
}

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
