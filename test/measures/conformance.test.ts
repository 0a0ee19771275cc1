import { describe, expect, test } from 'vitest';
import { inputsOf } from '../../src/audit/measure.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS, type Plain, type Value } from '../../src/measures/measure.ts';
import {
  COLUMN_MEASURES,
  FAMILIES,
  MEASURES,
  MODEL_MEASURES,
} from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { PLAIN_CASES, plainRows, rowsOfKinds } from '../support/plainest.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * What every measure keeps to, run over the registry: a new measure is tested by being registered.
 */
const DIMS = 12;
const ALL = [...MEASURES, ...COLUMN_MEASURES, ...MODEL_MEASURES];
const ids = ALL.map(({ id }) => id);
const reference = rowsFrom(clusteredRows(90, DIMS, 6, 0.6, 5), DIMS);

const measureAll = (rows: Rows): Promise<Readonly<Record<string, Value>>> =>
  measureRows(rows, ids, { reference });

const identity = (n: number): Float32Array =>
  Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** The same row n times. */
const copies = (n: number): Float32Array =>
  reorder(
    gaussianRows(1, DIMS, 1),
    DIMS,
    Array.from({ length: n }, () => 0),
  );

const CASES: readonly (readonly [name: string, rows: () => Rows])[] = [
  ['clustered rows', () => rowsFrom(clusteredRows(120, DIMS, 5, 0.5, 1), DIMS)],
  ['fewer rows than dimensions', () => rowsFrom(gaussianRows(7, DIMS, 2), DIMS)],
  ['two rows', () => rowsFrom(gaussianRows(2, DIMS, 3), DIMS)],
  ['identical rows', () => rowsFrom(copies(50), DIMS)],
  [
    'heavy duplication',
    () =>
      rowsFrom(
        reorder(
          gaussianRows(6, DIMS, 4),
          DIMS,
          shuffled(120, 1).map((i) => i % 6),
        ),
        DIMS,
      ),
  ],
];

describe('the registry', () => {
  test('has no two measures of one name', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(ALL)('says of $id what it reads, its range, direction and paper', (measure) => {
    expect(measure.title).not.toBe('');
    expect(measure.reads).toMatch(/[.]$/);
    expect(measure.cite).not.toBe('');
    const [low, high] = measure.range;
    if (typeof high === 'number') expect(low).toBeLessThan(high);
  });

  test('finishes exactly the measures that each family declares', async () => {
    const values = await measureAll(CASES[0]![1]());
    for (const { measures } of FAMILIES) {
      for (const id of Object.keys(measures)) expect(values[id], id).toBeDefined();
    }
  });
});

function expectHonest({ id, range }: (typeof ALL)[number], value: Value, { n, unit }: Rows): void {
  expect(value, id).toBeDefined();
  expect(value.n, id).toBe(n);
  if (value.value === null) {
    expect(value.why, id).toBeTruthy();
    expect(value.interval, id).toBeNull();
    return;
  }
  const most = { n, d: unit.dims, k: Math.max(n, 1) };
  const high = typeof range[1] === 'number' ? range[1] : most[range[1]];
  expect(value.value, id).toBeGreaterThanOrEqual(range[0] - 1e-6);
  expect(value.value, id).toBeLessThanOrEqual(high * (1 + 1e-6) + 1e-9);
  if (value.interval === null) {
    expect(value.why, id).toBeTruthy();
    return;
  }
  expect(value.interval[0], id).toBeLessThanOrEqual(value.value + 1e-9);
  expect(value.interval[1], id).toBeGreaterThanOrEqual(value.value - 1e-9);
}

describe.each(CASES)('on %s', (_name, make) => {
  test('every value is in its range, inside its interval, and never bare', async () => {
    const rows = make();
    const values = await measureAll(rows);
    for (const measure of ALL) expectHonest(measure, values[measure.id]!, rows);
  });
});

/** Every measure on the plainest data, held against itself; each case is measured once. */
const plain = Object.fromEntries(
  PLAIN_CASES.map((name) => {
    const rows = plainRows(name);
    let values: ReturnType<typeof measureRows> | undefined;
    return [
      name,
      {
        rows,
        values: () => {
          values ??= measureRows(rows, ids, { reference: rows });
          return values;
        },
      },
    ];
  }),
);

describe.each(PLAIN_CASES)('on the plainest data: %s', (name) => {
  test('every value is in its range, inside its interval, and never bare', async () => {
    const { rows, values } = plain[name]!;
    const found = await values();
    for (const measure of ALL) expectHonest(measure, found[measure.id]!, rows);
  });

  test('every measure says what it states', async () => {
    const found = await plain[name]!.values();
    const once = await plain[name === 'duplicated' ? 'disjoint' : 'one']!.values();
    const { n, unit } = plain[name]!.rows;
    for (const { id, at } of ALL) {
      const stated: Plain = name === 'none' ? null : (at[name] ?? 'any');
      const { value } = found[id]!;
      if (stated === 'any') continue;
      const expected =
        stated === 'same'
          ? once[id]!.value
          : typeof stated === 'string'
            ? { n, d: unit.dims, kinds: new Set(plain[name]!.rows.kinds).size }[stated]
            : stated;
      if (value === null || expected === null) expect(value, id).toBe(expected);
      else expect(Math.abs(value - expected), id).toBeLessThan(1e-6 * Math.max(1, expected));
    }
  });
});

describe('the direction', () => {
  test('rows that share nothing are at least as diverse by every measure as rows that are all equal', async () => {
    const varied = await plain.disjoint!.values();
    const same = await plain.identical!.values();
    const beyond = ALL.filter(({ axis }) => axis === 'diversity').filter(({ id, more }) => {
      const change = (varied[id]!.value ?? Number.NaN) - (same[id]!.value ?? Number.NaN);
      return more === 'more' ? change < -1e-9 : change > 1e-9;
    });
    expect(beyond.map(({ id }) => id)).toEqual([]);
  });
});

describe('monotony', () => {
  test('fewer kinds among as many rows are no more diverse by any measure', async () => {
    const values: Readonly<Record<string, Value>>[] = [];
    for (const kinds of [8, 4, 2, 1]) {
      const rows = rowsOfKinds(Array.from({ length: 96 }, (_, i) => i % kinds));
      values.push(await measureRows(rows, ids, { reference: rows, intervals: false }));
    }
    const turned = ALL.filter(({ axis }) => axis === 'diversity').flatMap(({ id, more }) =>
      values.slice(1).flatMap((fewer, i) => {
        const change = (fewer[id]!.value ?? Number.NaN) - (values[i]![id]!.value ?? Number.NaN);
        return (more === 'more' ? change : -change) > 1e-6 ? [id] : [];
      }),
    );
    expect(turned).toEqual([]);
  });
});

describe('merging', () => {
  test('gives every measure what one pass gives: shards read apart, texts in other batches', async () => {
    const data = clusteredRows(120, DIMS, 5, 0.5, 1);
    for (const space of ['cosine', 'euclidean'] as const) {
      const rows = rowsFrom(data, DIMS, space);
      const once = await measureRows(rows, ids, { reference });
      const merged = await measureRows(rows, ids, { reference, shards: [7, 50] });
      for (const id of ids) {
        const scale = Math.max(1, Math.abs(once[id]!.value!));
        expect(Math.abs(merged[id]!.value! - once[id]!.value!), id).toBeLessThan(1e-9 * scale);
        for (const end of [0, 1]) {
          const [a, b] = [merged[id]!.interval?.[end] ?? 0, once[id]!.interval?.[end] ?? 0];
          expect(Math.abs(a - b), id).toBeLessThan(1e-7 * scale);
        }
      }
    }
  });
});

describe('values on fewer rows', () => {
  const rows = rowsFrom(clusteredRows(120, DIMS, 5, 0.5, 1), DIMS);
  const judge = { quality: 'length.chars' };
  const source = artefactsOf(rows, reference, { seed: 0, index: 'exact', judge });
  const context = { seed: 0, settings: DEFAULT_SETTINGS };
  const closed = FAMILIES.filter(({ rarefy }) => rarefy !== undefined);

  test.each(closed)('$family: the closed form on all rows is the value itself', async (family) => {
    const inputs = await inputsOf(family, source);
    const values = await family.finish(inputs, context);
    const rarefied = await family.rarefy!(inputs, context, rows.n);
    for (const [id, value] of Object.entries(rarefied)) {
      if (value === null) continue;
      expect(Math.abs(value - values[id]!.value!), id).toBeLessThan(1e-6 * Math.max(1, value));
    }
  });
});

describe('the order of rows', () => {
  test('changes no value by more than 1e-5 and no interval by more than 1e-4', async () => {
    const data = clusteredRows(150, DIMS, 5, 0.5, 7);
    const once = await measureAll(rowsFrom(data, DIMS));
    const other = await measureAll(rowsFrom(reorder(data, DIMS, shuffled(150, 9)), DIMS));
    for (const id of ids) {
      const scale = Math.max(1, Math.abs(once[id]!.value!));
      expect(Math.abs(once[id]!.value! - other[id]!.value!), id).toBeLessThan(1e-5 * scale);
      for (const end of [0, 1]) {
        const [a, b] = [once[id]!.interval?.[end] ?? 0, other[id]!.interval?.[end] ?? 0];
        expect(Math.abs(a - b), id).toBeLessThan(1e-4 * scale);
      }
    }
  });
});

describe('known values', () => {
  const value = async (rows: Rows, id: string): Promise<number | null> =>
    (await measureRows(rows, [id], { reference }))[id]!.value;

  test('identical rows: one effective row, no distance, no shape', async () => {
    const rows = rowsFrom(copies(40), DIMS);
    for (const id of ['vendi', 'vendi.q0.1', 'vendi.q2', 'vendi.qinf', 'effective-clusters']) {
      expect(await value(rows, id)).toBeCloseTo(1, 6);
    }
    for (const id of ['mean-distance', 'nn-distance', 'knn-distance', 'diameter', 'bottleneck']) {
      expect(await value(rows, id)).toBeCloseTo(0, 6);
    }
    expect(await value(rows, 'near-duplicates')).toBe(1);
    expect(await value(rows, 'effective-rank')).toBeNull();
    expect(await value(rows, 'log-det')).toBeNull();
    expect(await value(rows, 'radius')).toBe(0);
  });

  test('orthogonal rows: as many effective rows as rows, distance 1', async () => {
    const rows = rowsFrom(identity(DIMS), DIMS);
    for (const id of ['vendi', 'vendi.q0.1', 'vendi.q0.5', 'vendi.q2', 'vendi.qinf']) {
      expect(await value(rows, id)).toBeCloseTo(DIMS, 5);
    }
    for (const id of ['mean-distance', 'nn-distance', 'knn-distance', 'diameter', 'bottleneck']) {
      expect(await value(rows, id)).toBeCloseTo(1, 6);
    }
    expect(await value(rows, 'near-duplicates')).toBe(0);
  });

  test('a set repeated has the Vendi scores of the set', async () => {
    const data = gaussianRows(30, DIMS, 11);
    const thrice = reorder(
      data,
      DIMS,
      Array.from({ length: 90 }, (_, i) => i % 30),
    );
    for (const id of ['vendi', 'vendi.q0.5', 'vendi.q2', 'vendi.qinf']) {
      const once = await value(rowsFrom(data, DIMS), id);
      expect(await value(rowsFrom(thrice, DIMS), id)).toBeCloseTo(once!, 6);
    }
  });

  test('a row orthogonal to all others raises the Vendi score', async () => {
    const flat = gaussianRows(20, DIMS, 12).map((v, i) => (i % DIMS === DIMS - 1 ? 0 : v));
    const added = new Float32Array(21 * DIMS);
    added.set(flat);
    added[21 * DIMS - 1] = 1;
    const before = await value(rowsFrom(flat, DIMS), 'vendi');
    expect(await value(rowsFrom(added, DIMS), 'vendi')).toBeGreaterThan(before!);
  });

  test('the reference against itself: precision, recall and coverage are 1, also among duplicates', async () => {
    for (const data of [gaussianRows(60, DIMS, 13), copies(40)]) {
      const rows = rowsFrom(data, DIMS);
      const values = await measureRows(rows, ['precision', 'recall', 'coverage', 'cell-coverage'], {
        reference: rows,
      });
      for (const id of ['precision', 'recall', 'coverage', 'cell-coverage']) {
        expect(values[id]!.value, id).toBe(1);
      }
    }
  });

  test('a dataset far from the reference has no precision, recall, density or coverage', async () => {
    const near = gaussianRows(40, DIMS, 14).map((v, i) => (i % DIMS === 0 ? v + 100 : v));
    const far = gaussianRows(40, DIMS, 15).map((v, i) => (i % DIMS === 1 ? v + 100 : v));
    const values = await measureRows(rowsFrom(near, DIMS), ids, {
      reference: rowsFrom(far, DIMS),
    });
    for (const id of ['precision', 'recall', 'density', 'coverage']) {
      expect(values[id]!.value, id).toBe(0);
    }
  });
});
