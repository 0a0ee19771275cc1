import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { buildIndex, extendIndex, novelty } from '../../src/novelty/novelty.ts';
import { renderNovelty } from '../../src/report/novelty.ts';
import { bytesOf, fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows, gaussianRows, reorder } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 12;
const { path } = fixtures();

const npy = (name: string, data: Float32Array, dims = DIMS): string =>
  path(name, npyBytes('<f4', `${data.length / dims}, ${dims}`, bytesOf(data)));

const data = clusteredRows(400, DIMS, 6, 0.5, 1);
const vectors = npy('vectors.npy', data);
const texts = path('texts.jsonl', jsonl(samples(40, 1, ['cooking', 'music'])));
const index = path('vectors.index');
const textIndex = path('texts.index');

beforeAll(async () => {
  await buildIndex(vectors, index);
  await buildIndex(texts, textIndex);
});

describe('novelty', () => {
  test('of the indexed rows themselves is none: each is its own nearest', async () => {
    const found = await novelty(vectors, { index });
    expect(found.share).toMatchObject({ value: 0, n: 400 });
    expect(found.distance.value).toBeLessThan(1e-6);
    expect(found.rows.map(({ nearest }) => nearest.id)).toEqual(found.rows.map(({ id }) => id));
  });

  test('comes with the recall that the graph has on its own rows', async () => {
    const found = await novelty(vectors, { index });
    expect(found.index.recall!.rows).toBe(400);
    expect(found.index.recall!.share).toBeGreaterThan(0.95);
    expect(renderNovelty(found, 80)).toContain('hnsw, recall 100');
  });

  test('of a second draw from the same source is near one in twenty', async () => {
    const half = npy('half.npy', data.slice(0, 200 * DIMS));
    const other = npy('other-half.npy', data.slice(200 * DIMS));
    await buildIndex(half, path('half.index'));
    const { share } = await novelty(other, { index: path('half.index') });
    expect(share.value).toBeGreaterThan(0.005);
    expect(share.value).toBeLessThan(0.15);
    expect(share.interval![0]).toBeLessThanOrEqual(share.value!);
    expect(share.interval![1]).toBeGreaterThanOrEqual(share.value!);
  });

  test('of rows that point elsewhere is total', async () => {
    const away = npy('away.npy', gaussianRows(30, DIMS, 2));
    const narrow = npy(
      'narrow.npy',
      gaussianRows(100, DIMS, 3).map((value, at) => (at % DIMS === 0 ? 10 : 0) + 0.01 * value),
    );
    await buildIndex(narrow, path('narrow.index'));
    const { share, rows } = await novelty(away, { index: path('narrow.index') });
    expect(share.value).toBe(1);
    expect(rows.every(({ distance, novel }) => novel && distance > 0.1)).toBe(true);
  });

  test('of texts says which indexed text is nearest, in the order of the input', async () => {
    const fresh = [
      samples(40, 1, ['cooking', 'music'])[3]!,
      { id: 'odd', text: 'The treaty was ratified by parliament after a constitutional debate.' },
    ];
    const found = await novelty(path('fresh.jsonl', jsonl(fresh)), { index: textIndex });
    expect(found.rows[0]).toMatchObject({
      id: 'row-3',
      novel: false,
      nearest: { id: 'row-3', text: fresh[0]!.text },
    });
    expect(found.rows[0]!.distance).toBeLessThan(1e-6);
    expect(found.rows[1]).toMatchObject({ id: 'odd', novel: true });
  });

  test('of equal rows: only what is not equal to them is new', async () => {
    const copies = npy('copies.npy', reorder(data, DIMS, Array(60).fill(0)));
    await buildIndex(copies, path('copies.index'));
    expect((await novelty(copies, { index: path('copies.index') })).share.value).toBe(0);
    expect((await novelty(vectors, { index: path('copies.index') })).share.value).toBeGreaterThan(
      0.9,
    );
  });

  test('works with an index of one row, and for one row', async () => {
    const one = npy('one.npy', gaussianRows(1, DIMS, 4));
    const card = await buildIndex(one, path('one.index'));
    expect(card).toMatchObject({ rows: 1, ownDistance95: 0 });
    const found = await novelty(one, { index: path('one.index') });
    expect(found.rows).toMatchObject([{ distance: expect.closeTo(0, 6), novel: false }]);
    expect(found.share.interval).toBeNull();
  });
});

describe('an index', () => {
  test('says what it is', () => {
    const card = JSON.parse(readFileSync(join(textIndex, 'index.json'), 'utf8'));
    expect(card).toMatchObject({
      schema: 'gamut.index/1',
      rows: 40,
      dims: 512,
      embedder: { model: 'use-lite', long: 'mean', fingerprint: expect.any(String) },
      seed: 0,
    });
  });

  test('is the same bytes for the same rows and seed', async () => {
    await buildIndex(vectors, path('again.index'));
    for (const name of ['index.json', 'graph.hnsw', 'rows.jsonl']) {
      const [a, b] = [index, path('again.index')].map((folder) => readFileSync(join(folder, name)));
      expect(a!.equals(b!), name).toBe(true);
    }
  });

  test('can be saved by an audit, and replaces the one that was there', async () => {
    const folder = path('replaced.index');
    await buildIndex(texts, folder);
    await audit(vectors, { saveIndex: folder, map: false, measures: 'vendi' });
    expect((await novelty(vectors, { index: folder })).share.value).toBe(0);
    expect(
      readFileSync(join(folder, 'graph.hnsw')).equals(readFileSync(join(index, 'graph.hnsw'))),
    ).toBe(true);
  });
});

describe('rows that are added to an index', () => {
  test('are found beside those that were there, and count in what it says of itself', async () => {
    const folder = path('grown.index');
    await buildIndex(npy('first.npy', data.slice(0, 300 * DIMS)), folder);
    const card = await extendIndex(npy('later.npy', data.slice(300 * DIMS)), folder);
    const whole = JSON.parse(readFileSync(join(index, 'index.json'), 'utf8'));
    expect(card).toMatchObject({ rows: 400, dims: DIMS, seed: 0 });
    expect(card.ownDistance95).toBeCloseTo(whole.ownDistance95, 6);
    expect(card.recall!.share).toBeGreaterThan(0.95);
    const found = await novelty(vectors, { index: folder });
    expect(found.distance.value).toBeLessThan(1e-6);
    // Rows without ids are numbered in their own file.
    expect(found.rows[0]!.nearest.id).toBe('0');
    expect(found.rows[300]!.nearest.id).toBe('0');
  });

  test('are embedded as the others were', async () => {
    const folder = copyOf(textIndex, 'grown-text.index');
    const treaty = { id: 'treaty', text: 'The treaty was ratified by parliament.' };
    const more = path('more.jsonl', jsonl([treaty]));
    expect((await novelty(more, { index: folder })).share.value).toBe(1);
    expect(await extendIndex(more, folder)).toMatchObject({ rows: 41 });
    const found = await novelty(more, { index: folder });
    expect(found.rows[0]).toMatchObject({ novel: false, nearest: treaty });
  });

  test('go into an index of one row, and many copies of one', async () => {
    const folder = path('copies-grown.index');
    await buildIndex(npy('single.npy', data.slice(0, DIMS)), folder);
    const copies = npy('more-copies.npy', reorder(data, DIMS, Array(50).fill(0)));
    expect(await extendIndex(copies, folder)).toMatchObject({ rows: 51, ownDistance95: 0 });
    expect((await novelty(copies, { index: folder })).share.value).toBe(0);
  });

  test('leave the index as it was when they are stopped on the way', async () => {
    const folder = copyOf(index, 'stopped.index');
    for (const share of [0, 1]) {
      const stop = new AbortController();
      const added = extendIndex(vectors, folder, {
        signal: stop.signal,
        onProgress({ stage, done, total }) {
          if (stage === 'indexing' && done === share * total!) stop.abort();
        },
      });
      await expect(added).rejects.toMatchObject({ exitCode: 130 });
      expect(readdirSync(folder).sort()).toEqual(['graph.hnsw', 'index.json', 'rows.jsonl']);
      expect((await novelty(vectors, { index: folder })).index.rows).toBe(400);
    }
  });

  test('of another kind are refused, and the index stays as it was', async () => {
    const before = readFileSync(join(index, 'graph.hnsw'));
    await expect(extendIndex(texts, index)).rejects.toMatchObject({ exitCode: 2 });
    await expect(extendIndex(vectors, path('nowhere'))).rejects.toMatchObject({ exitCode: 2 });
    expect(readFileSync(join(index, 'graph.hnsw')).equals(before)).toBe(true);
    expect((await novelty(vectors, { index })).share.value).toBe(0);
  });
});

describe('what does not fit an index is refused', () => {
  const refused = async (input: string, options: Parameters<typeof novelty>[1]) => {
    const error = await novelty(input, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'GamutError', exitCode: 2 });
    return (error as Error).message;
  };

  test('vectors of other dimensions', async () => {
    const other = npy('five.npy', gaussianRows(20, 5, 5), 5);
    expect(await refused(other, { index })).toMatch(/5 dimensions.*12 dimensions/);
  });

  test('texts for an index of vectors, before they are embedded', async () => {
    const events: string[] = [];
    const message = await refused(texts, { index, onProgress: ({ stage }) => events.push(stage) });
    expect(message).toMatch(/texts.jsonl holds texts.*vectors of 12 dimensions/);
    expect(events).toEqual([]);
  });

  test('vectors for an index of texts, without talk of a --model nobody gave', async () => {
    const message = await refused(vectors, { index: textIndex });
    expect(message).toMatch(/vectors.npy holds vectors of 12 dimensions.*texts/);
    expect(message).not.toContain('--model');
  });

  test('another model', async () => {
    expect(await refused(texts, { index: textIndex, model: 'other' })).toContain('use-lite');
  });

  test.each<[options: Partial<Parameters<typeof novelty>[1]>, what: RegExp]>([
    [{ dims: 64 }, /with --dims 512; --dims 64 would not/],
    [{ dtype: 'int8' }, /without --dtype; --dtype int8 would not/],
    [{ prefix: 'query: ' }, /without --prefix; --prefix 'query: ' would not/],
    [{ long: 'truncate' }, /with --long mean; --long truncate would not/],
  ])('texts embedded in another way: %o', async (options, what) => {
    const events: string[] = [];
    const onProgress = ({ stage }: { stage: string }) => events.push(stage);
    expect(await refused(texts, { index: textIndex, onProgress, ...options })).toMatch(what);
    await expect(extendIndex(texts, textIndex, options)).rejects.toThrow(what);
    expect(events).toEqual([]);
  });

  test('not what is asked for and is as the index has it, or nothing', async () => {
    const folder = path('cut.index');
    const some = path('some.jsonl', jsonl(samples(3, 1, ['music'])));
    await buildIndex(some, folder, { dims: 64, prefix: 'query: ', long: 'truncate' });
    const same = { dims: 64, prefix: 'query: ', long: 'truncate', model: 'use-lite' } as const;
    for (const options of [{}, same]) {
      const { distance } = await novelty(some, { index: folder, ...options });
      expect(distance.value).toBeLessThan(1e-6);
    }
    expect(await refused(some, { index: folder, prefix: '' })).toMatch(
      /with --prefix 'query: '; --prefix '' would not/,
    );
  });

  test('another version of the model', async () => {
    const folder = copyOf(textIndex, 'version.index');
    const card = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
    card.embedder.fingerprint = 'of another time';
    writeFileSync(join(folder, 'index.json'), JSON.stringify(card));
    expect(await refused(texts, { index: folder })).toContain('another version of use-lite');
  });
});

function copyOf(folder: string, name: string): string {
  mkdirSync(path(name));
  for (const file of ['index.json', 'graph.hnsw', 'rows.jsonl']) {
    writeFileSync(join(path(name), file), readFileSync(join(folder, file)));
  }
  return path(name);
}

describe('a folder that is not a whole index is refused with the remedy', () => {
  let count = 0;
  test.each<[what: string, damage: (folder: string) => void]>([
    ['without its card, as after a kill', (folder) => rmSync(join(folder, 'index.json'))],
    ['without its graph', (folder) => rmSync(join(folder, 'graph.hnsw'))],
    ['without its rows', (folder) => rmSync(join(folder, 'rows.jsonl'))],
    ['with half a card', (folder) => truncateSync(join(folder, 'index.json'), 50)],
    ['with half a graph', (folder) => truncateSync(join(folder, 'graph.hnsw'), 5000)],
    ['with half its rows', (folder) => truncateSync(join(folder, 'rows.jsonl'), 100)],
    ['with a card of something else', (folder) => writeFileSync(join(folder, 'index.json'), '{}')],
    ['with an empty card', (folder) => writeFileSync(join(folder, 'index.json'), 'null')],
    [
      'with a flipped byte in its graph',
      (folder) => {
        const bytes = readFileSync(join(folder, 'graph.hnsw'));
        bytes[bytes.length >> 1]! ^= 0xff;
        writeFileSync(join(folder, 'graph.hnsw'), bytes);
      },
    ],
    [
      'with the graph of another index',
      (folder) => {
        writeFileSync(join(folder, 'graph.hnsw'), readFileSync(join(textIndex, 'graph.hnsw')));
      },
    ],
  ])('%s', async (_, damage) => {
    const folder = copyOf(index, `damaged-${count++}.index`);
    damage(folder);
    const error = await novelty(vectors, { index: folder }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'GamutError', kind: 'input' });
    expect((error as Error).message).toContain(folder);
    expect((error as Error).message).toContain('gamut index');
  });

  test('a folder that does not exist', async () => {
    await expect(novelty(vectors, { index: path('nowhere') })).rejects.toMatchObject({
      kind: 'input',
    });
  });
});
