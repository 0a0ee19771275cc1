import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  audit,
  buildIndex,
  embed,
  novelty,
  type ProgressEvent,
  project,
  type RunOptions,
} from '../../src/index.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

/** What every call of the library keeps to. */
const DIMS = 8;
const { path } = fixtures();
/** More than are committed at a time. */
const texts = path('texts.jsonl', jsonl(samples(540, 1)));
const few = path('few.jsonl', jsonl(samples(60, 2)));
const vectors = path(
  'vectors.npy',
  npyBytes('<f4', `600, ${DIMS}`, bytesOf(clusteredRows(600, DIMS, 5, 0.5, 1))),
);

const CALLS: readonly (readonly [name: string, call: (options: RunOptions) => Promise<unknown>])[] =
  [
    ['audit', (options) => audit(vectors, { ...options, reference: vectors })],
    ['audit of texts', (options) => audit(few, { ...options, saveIndex: path('saved') })],
    ['embed', (options) => embed(few, options)],
    [
      'project',
      async (options) => {
        const projection = await project(vectors, options);
        for await (const { row } of projection.rows()) void row;
        await projection.close();
      },
    ],
    ['buildIndex', (options) => buildIndex(vectors, path('built'), options)],
    [
      'novelty',
      async (options) => {
        await buildIndex(vectors, path('known'));
        await novelty(vectors, { ...options, index: path('known') });
      },
    ],
  ];

async function eventsOf(call: (options: RunOptions) => Promise<unknown>): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  await call({ onProgress: (event) => events.push(event) });
  return events;
}

const silenced: ReturnType<typeof vi.spyOn>[] = [];
beforeEach(() => {
  for (const stream of [process.stdout, process.stderr]) {
    silenced.push(vi.spyOn(stream, 'write').mockReturnValue(true));
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    silenced.push(vi.spyOn(console, method).mockImplementation(() => {}));
  }
});
afterEach(() => {
  const printed = silenced.flatMap((spy) => spy.mock.calls);
  for (const spy of silenced.splice(0)) spy.mockRestore();
  // Whatever a test called: the library prints nothing.
  expect(printed).toEqual([]);
});

describe('progress', () => {
  test.each(CALLS)(
    'of %s never falls within a stage, and ends where it said it would',
    async (_, call) => {
      const last = new Map<string, ProgressEvent>();
      const events = await eventsOf(call);
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        expect(event.stage).not.toBe('');
        expect(event.unit).not.toBe('');
        expect(event.done).toBeGreaterThanOrEqual(0);
        if (event.total !== null) expect(event.done).toBeLessThanOrEqual(event.total);
        const before = last.get(event.stage);
        // A stage may run again, for the reference say: but only once it was finished.
        const again = before === undefined || before.total === null || before.done === before.total;
        if (!again) expect(event.done).toBeGreaterThanOrEqual(before.done);
        last.set(event.stage, event);
      }
      for (const { done, total } of last.values()) if (total !== null) expect(done).toBe(total);
    },
  );
});

describe('an AbortSignal', () => {
  test.each(CALLS)('that has fired stops %s before it does anything', async (_, call) => {
    const events: ProgressEvent[] = [];
    const running = call({
      signal: AbortSignal.abort(),
      onProgress: (event) => events.push(event),
    });
    await expect(running).rejects.toMatchObject({ name: 'GamutError', kind: 'interrupted' });
    expect(events).toEqual([]);
  });

  test.each(['indexing', 'neighbours', 'clusters', 'map'])(
    'that fires during %s stops there',
    async (stage) => {
      const controller = new AbortController();
      const after: ProgressEvent[] = [];
      const running = audit(vectors, {
        index: 'hnsw',
        signal: controller.signal,
        onProgress: (event) => {
          if (controller.signal.aborted) after.push(event);
          if (event.stage === stage) controller.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ kind: 'interrupted' });
      expect(after.length).toBeLessThanOrEqual(1);
    },
  );

  test('that fires during embedding leaves a cache that can be used', async () => {
    const cache = path('interrupted');
    const controller = new AbortController();
    const running = embed(texts, {
      cache,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done >= 512) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ kind: 'interrupted' });
    let kept: number | undefined;
    const resumed = await embed(texts, {
      cache,
      onProgress: ({ cached }) => {
        kept ??= cached === 0 ? undefined : cached;
      },
    });
    expect(kept).toBeGreaterThanOrEqual(512);
    expect(resumed.warnings).toEqual([]);
    const whole = await embed(texts, { cache: path('uninterrupted') });
    expect(resumed.vectors).toEqual(whole.vectors);
  });

  test('that fires while rows are read out stops the reading', async () => {
    const controller = new AbortController();
    const projection = await project(texts, { signal: controller.signal, epochs: 5 });
    controller.abort();
    const read = async (): Promise<void> => {
      for await (const { row } of projection.rows()) void row;
    };
    await expect(read()).rejects.toMatchObject({ kind: 'interrupted' });
    await projection.close();
  });

  test('leaves no index that is half written', async () => {
    const controller = new AbortController();
    const folder = path('half-index');
    const running = buildIndex(vectors, folder, {
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'indexing') controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(novelty(vectors, { index: folder })).rejects.toMatchObject({ kind: 'input' });
  });
});

test('errors carry a kind and the exit code of the command line', async () => {
  await expect(audit(join(path('nowhere'), 'x.jsonl'))).rejects.toMatchObject({
    name: 'GamutError',
    kind: 'input',
    exitCode: 2,
  });
  await expect(audit([])).rejects.toMatchObject({ kind: 'usage', exitCode: 2 });
});
