import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { type GroupsReport, groupsReport } from '../../src/audit/groups.ts';
import { cpu } from '../../src/compute/device.ts';
import { artefactsOf } from '../../src/engine/artefacts.ts';
import type { ColumnGroups } from '../../src/engine/column-groups.ts';
import { rowsByValue } from '../../src/engine/columns.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text.ts';
import { fixtures } from '../data/helpers.ts';
import { clusteredRows, gaussianRows, reorder, shuffled } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';
import { jsonl, samples } from '../support/texts.ts';

const DIMS = 8;
const { path } = fixtures();

const columnOf = (values: readonly string[]): ColumnGroups => {
  const members = [...rowsByValue(values)].sort(([a], [b]) => (a! < b! ? -1 : 1));
  return {
    column: 'source',
    values: members.length,
    groups: members.map(([name, rows]) => ({ name, kind: 'value', rows: Int32Array.from(rows) })),
  };
};

async function groupsOf(
  data: Float32Array,
  values: readonly string[],
  dims = DIMS,
): Promise<GroupsReport> {
  const rows = rowsFrom(data, dims);
  const source = artefactsOf(rows, null, { seed: 0, index: 'exact' });
  const options = { device: cpu, seed: 0 };
  return groupsReport(rows, await source('spectrum'), columnOf(values), options);
}

describe('the Vendi score split by a column', () => {
  const data = clusteredRows(160, DIMS, 4, 0.6, 2);
  const values = Array.from({ length: 160 }, (_, i) => (data[i * DIMS]! > 0 ? 'up' : 'down'));

  test('is gamma = alpha × beta, alpha never above gamma, each with an interval', async () => {
    const { gamma, alpha, beta, groups } = await groupsOf(data, values);
    expect(gamma.value).toBeCloseTo(alpha.value! * beta.value!, 9);
    expect(alpha.value).toBeLessThanOrEqual(gamma.value!);
    for (const { value, interval } of [gamma, alpha, beta, ...groups.map(({ vendi }) => vendi)]) {
      expect(interval![0]).toBeLessThan(value!);
      expect(interval![1]).toBeGreaterThan(value!);
    }
    const entropy = groups.reduce(
      (sum, { share, vendi }) => sum + share * Math.log(vendi.value!),
      0,
    );
    expect(alpha.value).toBeCloseTo(Math.exp(entropy), 6);
  });

  test('has beta 1 where groups are alike to the row, and gains nothing', async () => {
    const half = gaussianRows(48, DIMS, 4);
    const twice = new Float32Array([...half, ...half]);
    const labels = Array.from({ length: 96 }, (_, i) => (i < 48 ? 'a' : 'b'));
    const { beta, byChance, gain } = await groupsOf(twice, labels);
    expect(beta.value).toBeCloseTo(1, 6);
    expect(byChance).toBeGreaterThan(1);
    expect(gain!.gain[0]![1]).toBeCloseTo(1, 1);
  });

  test('has beta exp H(w) where groups share no direction', async () => {
    const rows = new Float32Array(60 * DIMS);
    const labels: string[] = [];
    for (let i = 0; i < 60; i += 1) {
      const group = i < 40 ? 0 : 1;
      rows[i * DIMS + 2 * group + (i % 2)] = 1;
      labels.push(`g${group}`);
    }
    const { gamma, alpha, beta, gain } = await groupsOf(rows, labels);
    const [p, q] = [2 / 3, 1 / 3];
    expect(beta.value).toBeCloseTo(Math.exp(-p * Math.log(p) - q * Math.log(q)), 9);
    expect(alpha.value).toBeCloseTo(2, 9);
    expect(gamma.value).toBeCloseTo(alpha.value! * beta.value!, 9);
    expect(gain!.n).toBe(20);
    expect(gain!.gain[0]![1]).toBeGreaterThan(1.7);
  });

  test('shows hardly more than chance where the column says nothing', async () => {
    const labels = Array.from({ length: 160 }, (_, i) => `g${i % 5}`);
    const { beta, byChance } = await groupsOf(gaussianRows(160, DIMS, 8), labels);
    expect(beta.value! / byChance!).toBeCloseTo(1, 1);
  });

  test('is all within where there is one group', async () => {
    const found = await groupsOf(
      data,
      Array.from(values, () => 'all'),
    );
    expect(found.beta).toMatchObject({ value: 1, interval: [1, 1] });
    expect(found.alpha.value).toBeCloseTo(found.gamma.value!, 9);
    expect(found).toMatchObject({ byChance: null, gain: null, at: 160 });
  });

  test('compares groups at the rows of the smallest that says anything', async () => {
    const labels = Array.from({ length: 160 }, (_, i) => (i < 100 ? 'a' : i < 155 ? 'b' : 'few'));
    const { at, groups, gain } = await groupsOf(data, labels);
    expect(at).toBe(55);
    expect(groups.map(({ rarefied }) => rarefied?.n)).toEqual([55, 55, undefined]);
    const [a, b] = groups;
    expect(b!.rarefied).toEqual(b!.vendi);
    expect(a!.rarefied!.value).toBeLessThan(a!.vendi.value!);
    expect(a!.rarefied!.interval![0]).toBeLessThan(a!.rarefied!.value!);
    expect(gain!.groups).toEqual([0, 1]);
  });

  test('does not depend on the order of rows', async () => {
    const order = shuffled(160, 3);
    const one = await groupsOf(data, values);
    const other = await groupsOf(
      reorder(data, DIMS, order),
      order.map((i) => values[i]!),
    );
    expect(other.beta.value).toBeCloseTo(one.beta.value!, 9);
    expect(other.beta.interval![0]).toBeCloseTo(one.beta.interval![0], 6);
    expect(other.byChance).toBeCloseTo(one.byChance!, 9);
    for (const [g, { rarefied }] of one.groups.entries()) {
      expect(other.groups[g]!.rarefied!.value).toBeCloseTo(rarefied!.value!, 9);
    }
    expect(other.gain!.gain[0]![1]).toBeCloseTo(one.gain!.gain[0]![1]!, 9);
  });
});

describe('--by in an audit', () => {
  const texts = samples(90, 1);
  const report = async (columns: (i: number) => Record<string, unknown>, by = 'group') => {
    const rows = texts.map((row, i) => ({ ...row, ...columns(i) }));
    const file = path(`by-${Math.random()}.jsonl`, jsonl(rows));
    return (await audit(file, { by, measures: 'vendi', map: false, curves: false })).report;
  };

  test('takes numbers as categories in their order, and rows without a value as a group', async () => {
    const found = await report((i) => (i % 10 === 0 ? {} : { group: i % 3 === 0 ? 10 : 9.5 }));
    const { groups, values, gamma } = found.groups!;
    expect(values).toBe(2);
    expect(groups.map(({ name, kind }) => [name, kind])).toEqual([
      ['9.5', 'value'],
      ['10', 'value'],
      [null, 'none'],
    ]);
    expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(90);
    expect(gamma).toEqual(expect.objectContaining({ value: found.measures.vendi!.value }));
    expect(found.settings.by).toBe('group');
  });

  test('puts all but the largest 32 values together', async () => {
    const { groups, values } = (await report((i) => ({ group: `v${i % 40}` }))).groups!;
    expect(values).toBe(40);
    expect(groups).toHaveLength(33);
    expect(groups.at(-1)).toMatchObject({ name: null, kind: 'other' });
  });

  test('refuses a column that is not there and one that tells every row apart', async () => {
    await expect(report(() => ({}), 'nope')).rejects.toThrow(/no value in a column 'nope' .*--by/);
    await expect(report((i) => ({ group: i }))).rejects.toThrow(/90 different values in 90 rows/);
  });

  test('is shown in 80 columns and in Markdown', async () => {
    const found = await report((i) => ({ group: i % 2 === 0 ? 'cats|dogs' : '<b>birds</b>' }));
    const text = renderTerminal(found, {}, { width: 80, colour: false });
    expect(text).toContain('Groups of group (2 values)');
    expect(text).toMatch(/gamma .* = alpha .* × beta/);
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const markdown = renderMarkdown(found, {});
    expect(markdown).toContain('## Groups of group');
    expect(markdown).toContain('`cats\\|dogs`');
    expect(markdown).toContain('What groups add to each other');
  });
});
