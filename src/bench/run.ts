/**
 * Times one setup under one load in a process of its own, so that memory and loading are its alone and a
 * driver that crashes ends nothing else: `node run.js JOB`, with a Job in JSON; the answer goes to the
 * file that the job names.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { messageOf } from '../base/errors.ts';
import { type Answer, type Job, texts } from './job.ts';
import { peakBytes, timeEmbedder } from './timing.ts';
import { withEmbedder } from './vectors.ts';

async function answer(job: Job): Promise<Answer> {
  const startBytes = peakBytes();
  const began = performance.now();
  const timing = await withEmbedder(job.setup, job.models, async (embedder, { busyMs }) => {
    const loadMs = performance.now() - began;
    return timeEmbedder(embedder, await texts(job), job.load, {
      ...{ loadMs, startBytes, busyMs },
    });
  });
  return { timing };
}

const job = JSON.parse(await readFile(process.argv[2]!, 'utf8')) as Job;
const said = await answer(job).catch((error: unknown): Answer => ({ failed: messageOf(error) }));
await writeFile(job.answer, JSON.stringify(said));
