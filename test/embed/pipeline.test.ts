import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { BLOCK_ROWS } from '../../src/compute/vectors.ts';
import type { Row } from '../../src/data/row.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import {
  COMMIT_ROWS,
  type EmbeddedBlock,
  type EmbedOptions,
  embedRows,
} from '../../src/embed/pipeline.ts';
import { openVectorStore, type VectorStore } from '../../src/embed/store.ts';

const DIMS = 8;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'gamut-pipeline-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

/** Embeds a text as how often its characters fall on each dimension; remembers what it was asked. */
interface CountingEmbedder extends Embedder {
  readonly calls: (readonly string[])[];
}

function countingEmbedder(): CountingEmbedder {
  const calls: (readonly string[])[] = [];
  return {
    calls,
    card: {
      name: 'characters',
      title: 'Characters',
      source: 'test',
      revision: '1',
      licence: 'none',
      citation: '',
      dims: DIMS,
      pooling: 'none',
      maxTokens: 16,
      prefix: '',
      hash: 'sha256:',
    },
    dims: DIMS,
    device: 'cpu',
    long: 'mean',
    fingerprint: 'characters 1',
    async embed(texts, options) {
      calls.push(texts);
      const vectors = new Float32Array(texts.length * DIMS);
      texts.forEach((text, row) => {
        const vector = vectors.subarray(row * DIMS, (row + 1) * DIMS).fill(1);
        for (let i = 0; i < text.length; i++) vector[(text.charCodeAt(i) * (i + 1)) % DIMS]! += 1;
        const norm = Math.hypot(...vector);
        for (let d = 0; d < DIMS; d++) vector[d]! /= norm;
      });
      const half = texts.length >> 1;
      options?.onTexts?.(half);
      options?.onTexts?.(texts.length - half);
      return { vectors, tokens: Int32Array.from(texts, (text) => text.length) };
    },
    async close() {},
  };
}

const rowOf = (text: string | null, i: number): Row => ({
  id: `row ${i}`,
  text,
  vector: null,
  columns: {},
  at: { source: 0, line: i + 1 },
});
async function* rowsOf(texts: readonly (string | null)[]): AsyncGenerator<Row> {
  yield* texts.map(rowOf);
}
const differentTexts = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `this is text number ${i}`);

const openStore = (): Promise<VectorStore> => openVectorStore(cache, 'characters 1', DIMS);

async function embedAll(
  texts: readonly (string | null)[],
  embedder: Embedder,
  store: VectorStore | null = null,
  options: EmbedOptions = {},
): Promise<EmbeddedBlock[]> {
  const blocks: EmbeddedBlock[] = [];
  for await (const block of embedRows(rowsOf(texts), embedder, store, options)) blocks.push(block);
  return blocks;
}

const bytesOf = (blocks: readonly EmbeddedBlock[]): Buffer =>
  Buffer.concat(
    blocks.flatMap(({ vectors, tokens }) => [
      Buffer.from(vectors.buffer),
      Buffer.from(tokens.buffer),
    ]),
  );
const embeddedTexts = (embedder: CountingEmbedder): string[] => embedder.calls.flat();

describe('blocks', () => {
  test('hold 4096 rows in input order, the last one what is left', async () => {
    const texts = differentTexts(2 * BLOCK_ROWS + 5);
    const blocks = await embedAll(texts, countingEmbedder());
    expect(blocks.map(({ rows }) => rows.length)).toEqual([4096, 4096, 5]);
    expect(blocks.flatMap(({ rows }) => rows.map(({ text }) => text))).toEqual(texts);
    for (const { rows, vectors, tokens } of blocks) {
      expect(vectors).toHaveLength(rows.length * DIMS);
      expect([...tokens]).toEqual(rows.map(({ text }) => text!.length));
    }
  });

  test('have each row’s own vector', async () => {
    const texts = ['one', 'two', 'one', 'three', '', 'two'];
    const embedder = countingEmbedder();
    const [block] = await embedAll(texts, embedder);
    for (const [row, text] of texts.entries()) {
      const alone = await embedder.embed([text]);
      expect(block!.vectors.subarray(row * DIMS, (row + 1) * DIMS)).toEqual(alone.vectors);
    }
  });

  test('are none for no rows, and none is empty when the rows fill the last one', async () => {
    expect(await embedAll([], countingEmbedder())).toEqual([]);
    expect(await embedAll(differentTexts(BLOCK_ROWS), countingEmbedder())).toHaveLength(1);
  });

  test('refuse a row that has no text', async () => {
    await expect(embedAll(['a', null], countingEmbedder())).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('Row row 1 (line 2)'),
    });
  });
});

describe('what is embedded', () => {
  test('goes to the embedder 512 rows of input order at a time', async () => {
    const texts = differentTexts(BLOCK_ROWS + 600);
    const embedder = countingEmbedder();
    await embedAll(texts, embedder);
    const sizes = embedder.calls.map((call) => call.length);
    expect(sizes).toEqual([...Array(8).fill(COMMIT_ROWS), 512, 88]);
    expect(embeddedTexts(embedder)).toEqual(texts);
  });

  test('is said beforehand, while the texts before it are embedded', async () => {
    const embedder = countingEmbedder();
    const said: (readonly string[])[] = [];
    const ahead = (texts: readonly string[]): void => {
      expect(embedder.calls).toHaveLength(said.length + 1);
      said.push(texts);
    };
    const texts = differentTexts(1200);
    const store = await openStore();
    await embedAll(texts.slice(600, 700), countingEmbedder(), store);
    const blocks = await embedAll(
      [...texts, ...texts.slice(0, 600)],
      { ...embedder, ahead },
      store,
    );
    expect(embedder.calls).toHaveLength(3);
    for (const [i, some] of said.entries()) expect(some).toBe(embedder.calls[i + 1]);
    expect(said).toHaveLength(2);
    expect(bytesOf(blocks)).toEqual(
      bytesOf(await embedAll([...texts, ...texts.slice(0, 600)], countingEmbedder())),
    );
    await store.close();
  });

  test('is each text of a block once, also across its parts', async () => {
    const texts = Array.from({ length: 2000 }, (_, i) => `text ${i % 700}`);
    const embedder = countingEmbedder();
    await embedAll(texts, embedder);
    expect(embeddedTexts(embedder)).toEqual(texts.slice(0, 700));
  });

  test('is nothing when the store has it all, in this run or in a later one', async () => {
    const texts = differentTexts(1000);
    const first = countingEmbedder();
    const cold = await embedAll([...texts, ...texts], first, await openStore());
    expect(embeddedTexts(first)).toEqual(texts);

    const second = countingEmbedder();
    const warm = await embedAll([...texts, ...texts], second, await openStore());
    expect(second.calls).toEqual([]);
    expect(bytesOf(warm).equals(bytesOf(cold))).toBe(true);
  });

  test('is only what the store lacks, and gives the bytes of a run without a store', async () => {
    const texts = differentTexts(BLOCK_ROWS + 1000);
    const some = texts.filter((_, i) => i % 3 === 0 || (i > 600 && i < 1800));
    await embedAll(some, countingEmbedder(), await openStore());

    const embedder = countingEmbedder();
    const partly = await embedAll(texts, embedder, await openStore());
    expect(embeddedTexts(embedder)).toEqual(texts.filter((text) => !some.includes(text)));
    expect(bytesOf(partly).equals(bytesOf(await embedAll(texts, countingEmbedder())))).toBe(true);
  });

  test('includes what a damaged block held', async () => {
    const texts = differentTexts(3 * COMMIT_ROWS);
    const cold = await embedAll(texts, countingEmbedder(), await openStore());
    const { folder } = await openStore();
    const victim = (await readdir(folder)).find((name) => name.endsWith('.block'))!;
    await writeFile(join(folder, victim), 'torn');

    const embedder = countingEmbedder();
    const again = await embedAll(texts, embedder, await openStore());
    expect(embedder.calls.map((call) => call.length)).toEqual([COMMIT_ROWS]);
    expect(bytesOf(again).equals(bytesOf(cold))).toBe(true);
  });

  test('is everything, and goes on, where nothing can be stored', async () => {
    const file = join(cache, 'file');
    await writeFile(file, '');
    const store = await openVectorStore(file, 'characters 1', DIMS);
    const texts = differentTexts(1000);
    const blocks = await embedAll(texts, countingEmbedder(), store);
    expect(store.failure).not.toBeNull();
    expect(bytesOf(blocks).equals(bytesOf(await embedAll(texts, countingEmbedder())))).toBe(true);
  });
});

describe('an interrupted run', () => {
  test('has committed all it embedded, and ends in the same bytes when run again', async () => {
    const texts = differentTexts(BLOCK_ROWS + 900);
    for (const stopAt of [1, COMMIT_ROWS, 3 * COMMIT_ROWS, BLOCK_ROWS, BLOCK_ROWS + 700]) {
      await rm(cache, { recursive: true });
      const abort = new AbortController();
      const stopped = countingEmbedder();
      const run = embedAll(texts, stopped, await openStore(), {
        signal: abort.signal,
        onProgress: ({ done }) => {
          if (done >= stopAt) abort.abort();
        },
      });
      const last = stopAt > BLOCK_ROWS + COMMIT_ROWS;
      // Nothing is left to stop after the last part.
      if (last) await run;
      else await expect(run).rejects.toMatchObject({ kind: 'interrupted' });

      const store = await openStore();
      expect(store.size).toBe(embeddedTexts(stopped).length);
      const embedder = countingEmbedder();
      const blocks = await embedAll(texts, embedder, store);
      expect([...embeddedTexts(stopped), ...embeddedTexts(embedder)]).toEqual(texts);
      expect(bytesOf(blocks).equals(bytesOf(await embedAll(texts, countingEmbedder())))).toBe(true);
    }
  });

  test('does not start when it was stopped before', async () => {
    const embedder = countingEmbedder();
    const run = embedAll(['a'], embedder, null, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ kind: 'interrupted' });
    expect(embedder.calls).toEqual([]);
  });

  test('can be stopped by a timer while all comes from the store', async () => {
    const texts = differentTexts(BLOCK_ROWS);
    await embedAll(texts, countingEmbedder(), await openStore());
    const store = await openStore();
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const run = embedAll(texts, countingEmbedder(), store, { signal: abort.signal });
    await expect(run).rejects.toMatchObject({ kind: 'interrupted' });
  });

  test('keeps what was committed before the embedder failed', async () => {
    const embedder = countingEmbedder();
    const failing: Embedder = {
      ...embedder,
      embed: (texts, options) => {
        if (embedder.calls.length === 2) throw new Error('device lost');
        return embedder.embed(texts, options);
      },
    };
    const run = embedAll(differentTexts(2000), failing, await openStore());
    await expect(run).rejects.toThrow('device lost');
    expect((await openStore()).size).toBe(2 * COMMIT_ROWS);
  });
});

describe('progress', () => {
  const record = async (
    texts: readonly string[],
    store: VectorStore | null,
    total?: number,
  ): Promise<ProgressEvent[]> => {
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent): unknown => events.push(event);
    await embedAll(texts, countingEmbedder(), store, { onProgress, total });
    return events;
  };

  test('starts at 0, never falls and ends with every row', async () => {
    const texts = [...differentTexts(3000), ...differentTexts(3000)];
    const events = await record(texts, null, texts.length);
    const done = events.map((event) => event.done);
    expect(done[0]).toBe(0);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({
      stage: 'embedding',
      done: 6000,
      total: 6000,
      unit: 'rows',
    });
  });

  test('moves within the 512 rows of a commit', async () => {
    const done = (await record(differentTexts(512), null)).map((event) => event.done);
    expect(done).toEqual([0, 256, 512]);
  });

  test('says how many rows cost nothing: stored ones and repeats', async () => {
    await embedAll(differentTexts(100), countingEmbedder(), await openStore());
    const texts = [...differentTexts(150), 'this is text number 149'];
    const events = await record(texts, await openStore());
    expect(events.at(-1)).toMatchObject({ done: 151, total: null, cached: 101 });
  });
});
