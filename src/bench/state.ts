import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../base/cache.ts';
import { writeFileAtomic } from '../base/files.ts';
import { version } from '../base/package.ts';
import type { Timing } from './report.ts';

/**
 * What a run has measured so far, so that an interrupted one goes on where it stopped. Removed when the
 * run is done: the next one measures afresh.
 */
export interface RunState {
  get(job: unknown): Promise<Timing | null>;
  set(job: unknown, timing: Timing): Promise<void>;
  remove(): Promise<void>;
}

/** `question`: whatever makes two runs the same. */
export function openState(cache: string | undefined, question: unknown): RunState {
  const folder = join(cacheFolder(cache), 'bench', hashOf([version(), question]));
  const pathOf = (job: unknown): string => join(folder, `${hashOf(job)}.json`);
  return {
    async get(job) {
      try {
        return JSON.parse(await readFile(pathOf(job), 'utf8')) as Timing;
      } catch {
        // Not measured yet, or not readable: measured again.
        return null;
      }
    },
    set: (job, timing) => writeFileAtomic(pathOf(job), JSON.stringify(timing)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);
