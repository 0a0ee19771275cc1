import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vectorsOf } from '../../src/compute/vectors.ts';
import { writeNpy } from '../../src/data/write.ts';
import { aboutOf } from '../../src/measures/registry.ts';
import { displayWidth } from '../../src/report/text.ts';
import { renderTrack } from '../../src/report/track.ts';
import { track } from '../../src/track/track.ts';
import { clusteredRows, gaussianRows } from '../support/data.ts';

const DIMS = 8;
let folder: string;
const at = (name: string): string => join(folder, `${name}.npy`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gamut-track-'));
  const write = (name: string, rows: Float32Array): Promise<void> =>
    writeNpy(at(name), vectorsOf(rows, DIMS));
  await write('r0', gaussianRows(150, DIMS, 1));
  await write('r1', gaussianRows(150, DIMS, 2));
  await write('r2', clusteredRows(150, DIMS, 4, 0.6, 3));
  await write('r3', clusteredRows(180, DIMS, 2, 0.3, 3));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const measures = 'vendi,mean-distance';

test('the round is named from which diversity is lost', async () => {
  const report = await track(['r0', 'r1', 'r2', 'r3'].map(at), { measures });
  expect(report).toMatchObject({ schema: 'gamut.track/1', n: 150 });
  expect(report.collapse!.round).toBe(2);
  expect(report.collapse!.measures).toContain('vendi');
  const vendi = report.measures.vendi!;
  expect(vendi.firstLess).toBe(2);
  expect(vendi.firstMore).toBeNull();
  expect(vendi.changes.map((change) => change?.verdict ?? null)).toEqual([
    null,
    null,
    'less',
    'less',
  ]);
  const [first, one, , last] = report.territory;
  expect(first).toBeNull();
  expect(last!.forgotten.value!).toBeGreaterThan(one!.forgotten.value!);
  expect(last!.drift.value!).toBeGreaterThan(one!.drift.value!);
  const text = renderTrack(report, aboutOf(Object.keys(report.measures)), 80);
  expect(text).toContain('from round 2 (r2) on less diverse than round 0');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('fresh draws of one source are no collapse, nor is a round from which it recovers', async () => {
  const same = await track(['r0', 'r1'].map(at), { measures });
  expect(same.collapse).toBeNull();
  const back = await track(['r0', 'r3', 'r1'].map(at), { measures });
  expect(back.measures.vendi!.firstLess).toBe(1);
  expect(back.collapse).toBeNull();
});

test('one round is no course', async () => {
  await expect(track([at('r0')], { measures })).rejects.toThrow('There is one round');
});

test('many rounds are a line a measure, with their course in blocks and the rounds that differ', async () => {
  const rounds = ['r0', 'r3', 'r1', 'r2', 'r3'].map(at);
  const report = await track(rounds, { measures });
  const text = renderTrack(report, aboutOf(Object.keys(report.measures)), 80);
  expect(text).toMatch(
    /^ {2}Vendi score +[\d.]+ {2}█▁█[▁-▇]▁ +[\d.]+ +[\d.]+ – [\d.]+ {2}less 1, 3–4$/m,
  );
  expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
});
