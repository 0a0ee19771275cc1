import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import type { Report } from '../../src/audit/report.ts';
import { MEASURES } from '../../src/measures/registry.ts';
import { fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 8;
const { path } = fixtures();

const npy = (name: string, data: Float32Array, dims = DIMS): string =>
  path(name, npyBytes('<f4', `${data.length / dims}, ${dims}`, Buffer.from(data.buffer.slice(0))));

const report = async (...args: Parameters<typeof audit>): Promise<Report> =>
  (await audit(args[0], { map: false, ...args[1] })).report;

/** Every number of the report, wherever it stands. */
function* numbersIn(value: unknown): Iterable<number> {
  if (typeof value === 'number') yield value;
  else if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) yield* numbersIn(part);
  }
}

function expectSound(found: Report): void {
  for (const number of numbersIn(found)) expect(Number.isFinite(number)).toBe(true);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
}

const texts = path('texts.jsonl', jsonl(samples(90, 1)));

describe('a report on texts', () => {
  test('says what the dataset is and how it was embedded', async () => {
    const found = await report(texts);
    expectSound(found);
    expect(found.schema).toBe('gamut.report/1');
    expect(found.dataset).toMatchObject({
      sources: [
        {
          path: texts,
          format: 'jsonl',
          text: expect.stringContaining('text'),
          textColumns: ['text'],
        },
      ],
      kind: 'text',
      rows: 90,
      exactDuplicates: 0,
      badRows: { count: 0, first: [] },
      long: { rows: 0, maxTokens: 128, treatment: 'mean' },
    });
    expect(found.dataset.tokens!.max).toBeGreaterThanOrEqual(found.dataset.tokens!.median);
    expect(found.embedder).toMatchObject({ model: 'use-lite', dims: 512, device: 'cpu' });
    expect(found.reference).toBeNull();
    expect(found.settings).toMatchObject({ seed: 0, space: 'cosine', duplicateAt: 0.95 });
    expect(found.index).toMatchObject({ kind: 'exact', recall: 1, why: 'up to 50,000 rows' });
  });

  test('has every measure that needs no reference, and says of the others why not', async () => {
    const { measures, skipped } = await report(texts);
    const ids = [...Object.keys(measures), ...skipped.map(({ id }) => id)];
    expect(new Set(ids)).toEqual(new Set(MEASURES.map(({ id }) => id)));
    expect(skipped.map(({ id }) => id)).toEqual(
      MEASURES.filter(
        ({ axis, family: { needs } }) =>
          axis === 'against' ||
          (['marks', 'attempts', 'surprisals', 'losses', 'judged', 'objectives'] as const).some(
            (need) => needs.includes(need),
          ),
      ).map(({ id }) => id),
    );
    expect(new Set(skipped.map(({ why }) => why))).toEqual(
      new Set([
        'needs a --reference',
        'needs --answer and --truth',
        'needs --answer and --prompt',
        'needs a --language-model',
        'needs --quality',
      ]),
    );
    for (const { n, method, title } of Object.values(measures)) {
      expect({ n, method }).toEqual({ n: 90, method: 'exact' });
      expect(title).not.toBe('');
    }
  });

  test('names clusters by their words, with sizes, samples and nearest pairs from the data', async () => {
    const { clusters, nearestPairs } = await report(texts, { clusters: 4 });
    const ids = new Map(samples(90, 1).map(({ id, text }) => [id, text]));
    expect(clusters.reduce((sum, { rows }) => sum + rows, 0)).toBe(90);
    for (const { name, words, samples: shown, spread } of clusters) {
      expect(name).toBe(words.slice(0, 3).join(', '));
      expect(shown).toHaveLength(4);
      for (const { id, text } of shown) expect(text).toBe(ids.get(id));
      expect(spread).toBeGreaterThan(0);
    }
    expect(nearestPairs).toHaveLength(10);
    const similarities = nearestPairs.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    expect(nearestPairs.every(({ a, b, identical }) => a.id !== b.id && !identical)).toBe(true);
  });

  test('is the same bytes for the same seed, with the store cold or warm', async () => {
    const cache = path('cold-cache');
    const once = await report(texts, { cache, measures: 'fast' });
    const again = await report(texts, { cache, measures: 'fast' });
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });

  test('counts texts longer than the model reads, and what became of them', async () => {
    const long = 'one two three four five six seven eight nine ten '.repeat(30);
    const rows = [...samples(10, 2), { id: 'long', text: long, theme: 'none' }];
    const file = path('long.jsonl', jsonl(rows));
    const found = await report(file, { long: 'truncate', measures: 'vendi' });
    expect(found.dataset.long).toEqual({ rows: 1, maxTokens: 128, treatment: 'truncate' });
    expect(found.findings.some(({ text }) => text.includes('128 tokens'))).toBe(true);
  });
});

describe('findings', () => {
  const collapsed = Array.from({ length: 80 }, (_, i) => ({
    id: i,
    text:
      i % 4 === 0
        ? 'Write a short story about a dragon who learns to share.'
        : `Explain in simple terms how ${['rain', 'wind', 'snow', 'fog'][i % 3]} is made, number ${i % 30}.`,
  }));
  const file = path('collapsed.jsonl', jsonl(collapsed));

  test('on a templated, duplicated set name the templates, the copies and the crowding', async () => {
    const found = await report(file, { reference: texts });
    expectSound(found);
    const distinct = new Set(collapsed.map(({ text }) => text)).size;
    expect(found.dataset.exactDuplicates).toBe(80 - distinct);
    const said = found.findings.map(({ text }) => text).join('\n');
    expect(said).toContain('explain in simple terms how');
    expect(said).toContain(`${80 - distinct} rows are equal to an earlier one to the letter`);
    expect(said).toMatch(/less diverse than the reference/i);
    expect(said).toMatch(/Covers only/);
    expect(found.findings[0]!.level).toBe('problem');
    expect(found.nearestPairs[0]).toMatchObject({ identical: true, similarity: 1 });
    expect(found.measures['near-duplicates']!.value).toBeGreaterThan(0.5);
    expect(found.uncovered.length).toBeGreaterThan(0);
    for (const region of found.uncovered) {
      // Few of the dataset's rows are there, or those that are lie far from most of the reference's.
      const { referenceShare, share, referenceRows, uncoveredRows, samples: shown } = region;
      if (share >= referenceShare) expect(uncoveredRows).toBeGreaterThan(referenceRows / 2);
      expect(shown[0]!.text).not.toBeNull();
    }
  });

  test('rest on measures that are in the report', async () => {
    const found = await report(file, { reference: texts });
    for (const { evidence } of found.findings) {
      for (const id of evidence) expect(Object.keys(found.measures)).toContain(id);
    }
  });

  test('on a varied set against another like it are good ones', async () => {
    const other = path('other.jsonl', jsonl(samples(90, 7)));
    const { findings } = await report(texts, { reference: other });
    expect(findings.find(({ evidence }) => evidence.includes('vendi'))!.level).toBe('good');
  });
});

describe('a report on vectors', () => {
  const data = clusteredRows(150, DIMS, 5, 0.5, 1);
  const file = npy('vectors.npy', data);

  test('has no embedder, no texts and no words', async () => {
    const found = await report(file);
    expectSound(found);
    expect(found.embedder).toBeNull();
    expect(found.dataset).toMatchObject({ kind: 'vectors', rows: 150, long: null, tokens: null });
    expect(found.clusters[0]).toMatchObject({ name: 'cluster 1', words: [] });
    expect(found.clusters[0]!.samples[0]!.text).toBeNull();
  });

  test('is the same to 1e-5 when the rows are shuffled', async () => {
    const other = npy('shuffled.npy', reorder(data, DIMS, shuffled(150, 2)));
    const reference = npy('reference.npy', clusteredRows(120, DIMS, 5, 0.6, 3));
    const [a, b] = [await report(file, { reference }), await report(other, { reference })];
    for (const [id, { value, compared }] of Object.entries(a.measures)) {
      const again = b.measures[id]!;
      const close = (x: number | null, y: number | null): void => {
        expect(Math.abs(x! - y!), id).toBeLessThan(1e-5 * Math.max(1, Math.abs(x!)));
      };
      close(value, again.value);
      if (compared) close(compared.dataset, again.compared!.dataset);
    }
    expect(b.clusters.map(({ rows }) => rows)).toEqual(a.clusters.map(({ rows }) => rows));
  });

  test('is the same bytes for the same seed', async () => {
    expect(JSON.stringify(await report(file))).toBe(JSON.stringify(await report(file)));
  });

  test('in the euclidean space measures the rows as they are', async () => {
    const stretched = data.map((value, at) => value * (1 + (Math.floor(at / DIMS) % 7)));
    const wide = npy('wide.npy', stretched);
    const [cosine, euclidean] = [await report(wide), await report(wide, { space: 'euclidean' })];
    expectSound(euclidean);
    expect(euclidean.settings.space).toBe('euclidean');
    expect(euclidean.measures.radius!.value).toBeGreaterThan(2 * cosine.measures.radius!.value!);
    expect(euclidean.measures.vendi!.value).toBeCloseTo(cosine.measures.vendi!.value!, 5);
  });

  test('takes zero rows in the euclidean space and refuses them in the cosine space', async () => {
    const zeros = npy('zeros.npy', gaussianRows(30, DIMS, 4).fill(0, 0, 3 * DIMS));
    expectSound(await report(zeros, { space: 'euclidean' }));
    await expect(report(zeros)).rejects.toMatchObject({ kind: 'input' });
    expectSound(
      await report(npy('all-zeros.npy', new Float32Array(9 * DIMS)), { space: 'euclidean' }),
    );
  });

  test('counts equal vectors', async () => {
    const copies = npy(
      'copies.npy',
      reorder(
        gaussianRows(3, DIMS, 5),
        DIMS,
        Array.from({ length: 40 }, (_, i) => i % 3),
      ),
    );
    const found = await report(copies);
    expectSound(found);
    expect(found.dataset.exactDuplicates).toBe(37);
    expect(found.measures.vendi!.value).toBeLessThanOrEqual(3 + 1e-6);
  });
});

describe('several inputs', () => {
  test('are one dataset', async () => {
    const rows = samples(60, 3);
    const whole = path('whole.jsonl', jsonl(rows));
    const parts = [
      path('part-1.jsonl', jsonl(rows.slice(0, 25))),
      path('part-2.jsonl', jsonl(rows.slice(25))),
    ];
    const [one, two] = [await report(whole), await report(parts)];
    expect(two.dataset.sources).toHaveLength(2);
    expect(two.measures).toEqual(one.measures);
  });

  test('share their duplicates', async () => {
    expect((await report([texts, texts], { measures: 'vendi' })).dataset.exactDuplicates).toBe(90);
  });
});

describe('very small datasets', () => {
  test.each([1, 2, 3, 5])('of %i rows give a report with a warning', async (n) => {
    const small = npy(`small-${n}.npy`, gaussianRows(n, DIMS, n));
    const big = npy('big.npy', gaussianRows(40, DIMS, 6));
    for (const options of [{}, { reference: big }, { space: 'euclidean' as const }]) {
      const { report: found, map } = await audit(small, options);
      expectSound(found);
      expect(found.dataset.rows).toBe(n);
      expect(found.warnings.join()).toMatch(n === 1 ? /Only 1 row:/ : `Only ${n} rows`);
      expect(Array.from(map!.x).every(Number.isFinite)).toBe(true);
      for (const { value, interval, why } of Object.values(found.measures)) {
        if (value === null || interval === null) expect(why).toBeTruthy();
      }
    }
    expectSound(await report(big, { reference: small }));
  });

  test('of one text', async () => {
    const found = await report(path('one.jsonl', jsonl([{ text: 'Only this.' }])));
    expectSound(found);
    expect(found.measures.vendi!.value).toBeCloseTo(1, 6);
    expect(found.nearestPairs).toEqual([]);
  });
});

describe('the comparison with a reference', () => {
  const small = npy('cmp-small.npy', clusteredRows(60, DIMS, 4, 0.5, 8));
  const large = npy('cmp-large.npy', clusteredRows(200, DIMS, 4, 0.5, 9));

  test('is at the number of rows of the smaller, whichever that is', async () => {
    for (const [input, reference] of [
      [small, large],
      [large, small],
    ] as const) {
      const found = await report(input, { reference });
      const { vendi } = found.measures;
      expect(vendi!.compared!.n).toBe(60);
      expect(vendi!.n).toBe(input === small ? 60 : 200);
      const own = input === small ? vendi!.compared!.dataset : vendi!.compared!.reference;
      expect(own).toBeCloseTo((await report(small)).measures.vendi!.value!, 10);
    }
  });

  test('is left out for clusters, which were found in one of the sets, and for measures against', async () => {
    const { measures } = await report(small, { reference: large });
    for (const id of ['cluster-entropy', 'silhouette', 'precision', 'coverage']) {
      expect(measures[id]!.compared, id).toBeUndefined();
    }
  });

  test('of a dataset with itself finds no difference', async () => {
    const { measures } = await report(small, { reference: small });
    for (const [id, { compared }] of Object.entries(measures)) {
      // The reference is measured without groups of rows: sums in another order.
      if (!compared || compared.reference === null) continue;
      const scale = Math.max(1, Math.abs(compared.reference));
      expect(compared.dataset! / scale, id).toBeCloseTo(compared.reference / scale, 6);
    }
    expect(measures.precision!.value).toBe(1);
    expect(measures.coverage!.value).toBe(1);
  });

  test('needs a reference of the same kind and dimensions', async () => {
    const other = npy('cmp-other.npy', gaussianRows(20, 3, 10), 3);
    await expect(report(small, { reference: other })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/8 dimensions.*3/),
    });
    await expect(report(small, { reference: texts })).rejects.toMatchObject({ kind: 'input' });
    await expect(report(texts, { reference: small })).rejects.toMatchObject({ kind: 'input' });
  });
});

describe('the approximate index', () => {
  const file = npy('indexed.npy', clusteredRows(300, DIMS, 5, 0.5, 11));

  test('is in the report with its measured recall, whatever measure used it', async () => {
    for (const measures of ['all', 'nn-distance', 'precision']) {
      const found = await report(file, { index: 'hnsw', measures, reference: file });
      expect(found.index).toMatchObject({ kind: 'hnsw', queries: 300, why: 'asked for' });
      expect(found.index!.recall).toBeGreaterThan(0.9);
    }
  });

  test('cannot tell the diameter, and says what can', async () => {
    const { measures } = await report(file, { index: 'hnsw' });
    expect(measures.diameter).toMatchObject({ value: null, why: expect.stringMatching(/exact/) });
    expect(measures.bottleneck!.value).not.toBeNull();
  });

  test('is not there when nothing needed neighbours', async () => {
    expect((await report(file, { measures: 'fast' })).index).toBeNull();
  });
});

describe('rows that cannot be used', () => {
  const lines = [...samples(30, 4).map((row) => JSON.stringify(row))];
  lines.splice(3, 0, '{"id": "broken"', '{"id": "empty", "text": ""}');
  const file = path('bad.jsonl', lines.join('\n'));

  test('stop the audit with file and line', async () => {
    await expect(report(file)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('bad.jsonl:4'),
    });
  });

  test('are left out and listed when asked for', async () => {
    const found = await report(file, { onBadRow: 'skip' });
    expect(found.dataset.rows).toBe(30);
    expect(found.dataset.badRows.count).toBe(2);
    expect(found.dataset.badRows.first.map(({ line }) => line)).toEqual([4, 5]);
    expect(found.dataset.badRows.first[0]!.source).toBe(file);
    expect(found.clusters.reduce((sum, { rows }) => sum + rows, 0)).toBe(30);
  });
});

test('the map has a point for every row of both sets, with their texts and clusters', async () => {
  const other = path('map-reference.jsonl', jsonl(samples(40, 5)));
  const { report: found, map } = await audit(texts, { reference: other, measures: 'fast' });
  expect(map!.ids).toHaveLength(130);
  expect(map!.of).toBe(90);
  expect(Array.from(map!.cluster.subarray(90))).toEqual(Array(40).fill(-1));
  for (let i = 0; i < 90; i += 1) expect(map!.cluster[i]).toBeLessThan(found.clusters.length);
  expect(map!.texts[0]).toBe(samples(90, 1)[0]!.text);
  expect(map!.texts[90]).toBe(samples(40, 5)[0]!.text);
});
