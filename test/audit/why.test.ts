import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import type { Report } from '../../src/audit/report.ts';
import type { WhyReport } from '../../src/audit/why/report.ts';
import { fixtures, npyBytes } from '../data/helpers.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 8;
const { path } = fixtures();

const npy = (name: string, data: Float32Array): string =>
  path(name, npyBytes('<f4', `${data.length / DIMS}, ${DIMS}`, Buffer.from(data.buffer.slice(0))));

const report = async (...args: Parameters<typeof audit>): Promise<Report> =>
  (await audit(args[0], { map: false, curves: false, ...args[1] })).report;

/** What the parts rest on. */
const ENOUGH =
  'vendi,coverage,covering-radius,cell-coverage,template-rate,near-duplicates,cluster-entropy';
const ALONE = 'vendi,near-duplicates,cluster-entropy';

const varied = samples(90, 1);
const tips = Array.from({ length: 30 }, (_, i) => ({
  id: `tip${i}`,
  text: `Give three tips for ${['sleeping', 'saving money', 'growing roses'][i % 3]}.`,
}));
const texts = path('texts.jsonl', jsonl([...varied, ...tips]));
const reference = path('reference.jsonl', jsonl(samples(120, 5)));

describe('why, on texts beside a reference', () => {
  let why: WhyReport;
  let found: Report;
  test('names rows to remove and rows that carry, with their texts', async () => {
    found = await report(texts, { reference, measures: ENOUGH });
    why = found.why;
    const { vendi, remove, carry, without } = why.influence!;
    expect(vendi).toBeCloseTo(found.measures.vendi!.value!, 8);
    expect(remove[0]!.id).toMatch(/^tip/);
    expect(remove[0]!.text).toMatch(/^Give three tips/);
    expect(remove[0]!.rows).toBe(10);
    for (const { vendi: adds, covers, clusterEntropy } of remove) {
      expect(adds).toBeLessThan(0);
      expect(covers).toBeGreaterThanOrEqual(0);
      expect(clusterEntropy).not.toBeNull();
    }
    for (const { vendi: adds, id } of carry) {
      expect(adds).toBeGreaterThan(0);
      expect(id).not.toMatch(/^tip/);
    }
    expect(remove.map((row) => row.vendi)).toEqual(
      remove.map((row) => row.vendi).toSorted((a, b) => a - b),
    );
    const [one] = without.filter(({ what, rows }) => what === 'remove' && rows === 12);
    expect(one!.vendi).toBeGreaterThan(vendi);
    expect(without.find(({ what }) => what === 'carry')!.vendi).toBeLessThan(vendi);
  });

  test('says of coverage alone what only one row covers, and which regions nothing does', async () => {
    const alone = await report(texts, { reference, measures: 'vendi,coverage' });
    const covers = found.why.influence!.carry.map((row) => row.covers);
    expect(alone.why.influence!.carry.map((row) => row.covers)).toEqual(covers);
    expect(alone.uncovered).toEqual(found.uncovered);
  });

  test('lists groups of duplicates with their ids and the row to keep', () => {
    const { at, removable, exact, groups } = why.duplicates;
    expect(at).toBe(0.95);
    expect(removable).toBeGreaterThanOrEqual(27);
    expect(exact).toBe(27);
    const roses = groups.find(({ keep }) => keep.text?.includes('roses'))!;
    expect(roses).toMatchObject({ rows: 10, distinct: 1, samples: [] });
    expect(roses.ids).toEqual(
      tips.filter(({ text }) => text.includes('roses')).map(({ id }) => id),
    );
  });

  test('writes templates as text with slots', () => {
    const template = why.templates.find(({ text }) => text === 'Give three tips for ___.')!;
    expect(template).toMatchObject({ rows: 30, share: 0.25 });
    expect(template.slots[0]!.most.map(({ text }) => text)).toContain('growing roses');
    expect(template.samples[0]!.text).toMatch(/^Give three tips/);
    expect(why.openings.some(({ text }) => text.startsWith('Give three tips'))).toBe(true);
  });

  test('names crowds, outliers, and how far the dataset is from what it leaves out', async () => {
    for (const { relative, meanDistance, rows, samples: shown } of why.densest) {
      expect(relative).toBeLessThanOrEqual(0.5);
      expect(meanDistance).toBeGreaterThanOrEqual(0);
      expect(rows).toBeGreaterThanOrEqual(5);
      expect(shown[0]!.text).not.toBeNull();
    }
    const { rows, median, p95, nearest } = why.outliers!;
    expect(nearest).toBe(5);
    expect(rows).toHaveLength(20);
    expect(rows[0]!.distance).toBeGreaterThanOrEqual(p95);
    expect(p95).toBeGreaterThanOrEqual(median);
    const other = await report(path('tips.jsonl', jsonl(tips)), { reference, measures: ENOUGH });
    expect(other.uncovered.length).toBeGreaterThan(0);
    for (const { distance, uncoveredRows, referenceRows, samples: shown } of other.uncovered) {
      expect(distance).toBeGreaterThan(0);
      expect(uncoveredRows).toBeLessThanOrEqual(referenceRows);
      expect(shown[0]!.distance).toBeGreaterThan(0);
    }
  });
});

test('on vectors there are ids and no texts', async () => {
  const { why } = await report(npy('vectors.npy', clusteredRows(200, DIMS, 5, 0.3, 1)), {
    measures: ALONE,
  });
  expect(why.templates).toEqual([]);
  expect(why.openings).toEqual([]);
  expect(why.influence!.carry[0]).toMatchObject({ text: null, covers: null });
  expect(why.outliers!.rows[0]!.id).toMatch(/^\d+$/);
  expect(why.densest[0]).toMatchObject({ words: [] });
});

test('what was not asked for is not measured: fast looks at no pairs', async () => {
  const fast = (await report(texts, { measures: 'fast' })).why;
  expect(fast.duplicates).toMatchObject({ at: null, groupCount: 3, removable: 27, exact: 27 });
  expect(fast.outliers).toBeNull();
  expect(fast.influence!.remove[0]).toMatchObject({ covers: null, rows: 10 });
  expect(fast.templates.length).toBeGreaterThan(0);
  const few = (await report(texts, { measures: 'distinct-2' })).why;
  expect(few).toMatchObject({ influence: null, outliers: null, templates: [], densest: [] });
});

test('one row, and rows that are all equal, have little to say', async () => {
  const one = (await report(npy('one.npy', gaussianRows(1, DIMS, 2)), { measures: ALONE })).why;
  expect(one).toMatchObject({
    influence: null,
    outliers: null,
    densest: [],
    duplicates: { groupCount: 0, rows: 0, removable: 0, groups: [] },
  });
  const equal = (
    await report(npy('equal.npy', new Float32Array(30 * DIMS).fill(1)), { measures: ALONE })
  ).why;
  expect(equal.influence).toMatchObject({ remove: [], carry: [] });
  expect(equal.influence!.vendi).toBeCloseTo(1, 10);
  expect(equal.outliers!.rows).toEqual([]);
  expect(equal.duplicates).toMatchObject({ groupCount: 1, rows: 30, removable: 29, exact: 29 });
  expect(equal.duplicates.groups[0]).toMatchObject({ distinct: 1, least: 1 });
});

test('the map can be coloured by what each row adds', async () => {
  const { map } = await audit(texts, { reference, measures: 'vendi,coverage,covering-radius' });
  const names = map!.columns!.map(({ name }) => name);
  expect(names).toContain('Influence on the Vendi score');
  expect(names).toContain('Reference rows only it covers');
  const [column] = map!.columns!.filter(({ name }) => name === 'Influence on the Vendi score');
  const values = column!.values.slice(0, 120) as number[];
  expect(values.indexOf(Math.min(...values))).toBeGreaterThanOrEqual(90);
  expect(column!.values.slice(120).every((value) => value === null)).toBe(true);
});
