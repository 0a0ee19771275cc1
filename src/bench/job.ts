import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeError, throwIfAborted } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';
import type { ModelOptions } from '../embed/models.ts';
import type { Timing } from './report.ts';
import type { Setup } from './settings.ts';
import type { TimingOptions } from './timing.ts';

/** What a process is to time. */
export interface Job {
  readonly setup: Setup;
  readonly models: ModelOptions;
  readonly load: TimingOptions;
  /** A file with the texts as a JSON array. */
  readonly texts: string;
  readonly answer: string;
}

export type Answer = { readonly timing: Timing } | { readonly failed: string };

export const texts = async (job: Job): Promise<string[]> =>
  JSON.parse(await readFile(job.texts, 'utf8')) as string[];

/** A folder for the texts and answers of one run, removed at its end. */
export async function withJobs<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gamut-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a job in a process of its own. A failure is an answer too; only a stop from outside throws. */
export async function runJob(
  folder: string,
  job: Omit<Job, 'answer'>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const program = packagePath('dist', 'src', 'bench', 'run.js');
  if (!existsSync(program)) {
    throw runtimeError(`${program} is missing. Run \`npm run build\` in gamut's folder.`);
  }
  throwIfAborted(signal);
  const [asked, answer] = [join(folder, 'job.json'), join(folder, 'answer.json')];
  await rm(answer, { force: true });
  await writeFile(asked, JSON.stringify({ ...job, answer } satisfies Job));
  const { ended, log } = await ran(program, asked, signal);
  throwIfAborted(signal);
  const said = await readFile(answer, 'utf8').catch(() => null);
  if (said !== null) return JSON.parse(said) as Answer;
  const last = log.trim().split('\n').at(-1) ?? '';
  return { failed: `its process ended with ${ended}${last === '' ? '' : `: ${last}`}` };
}

function ran(
  program: string,
  asked: string,
  signal: AbortSignal | undefined,
): Promise<{ ended: string; log: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, asked], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stop = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
    });
    const end = (ended: string): void => {
      signal?.removeEventListener('abort', stop);
      resolve({ ended, log });
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, killed) => end(killed ?? `exit code ${code}`));
  });
}
