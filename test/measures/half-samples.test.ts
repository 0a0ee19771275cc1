import { expect, test } from 'vitest';
import { runMeasures } from '../../src/audit/measure.ts';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS, type Value } from '../../src/measures/measure.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { GROUPS_OF, HALVES, halvesError, mixedError, pairsError } from '../../src/stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../../src/stats/jackknife.ts';
import { clusteredRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * Neighbour measures know their values on every half-sample from one pass over the data. Here the rows
 * are really halved and everything measured afresh; the intervals must agree.
 */
const DIMS = 8;
const rows = rowsFrom(clusteredRows(260, DIMS, 9, 0.7, 3), DIMS);
const reference = rowsFrom(clusteredRows(230, DIMS, 7, 0.6, 4), DIMS);

const kept = (set: Rows, groups: number): Rows =>
  subsetOf(
    set,
    Int32Array.from(
      Array.from({ length: set.n }, (_, i) => i).filter((i) => (groups >> set.groups[i]!) & 1),
    ),
  );
const half = (set: Rows, r: number): Rows => kept(set, GROUPS_OF[r]!);

/** With so many known neighbours that no half-sample reaches beyond them. */
function measure(
  set: Rows,
  other: Rows | null,
  ids: readonly string[],
): Promise<Readonly<Record<string, Value>>> {
  const source = artefactsOf(set, other, { seed: 0, index: 'exact', neighbours: 80 });
  return runMeasures(
    ids.map((id) => ABOUT[id]!),
    source,
    { seed: 0, settings: DEFAULT_SETTINGS },
  );
}

async function values(
  count: number,
  id: string,
  make: (r: number) => readonly [Rows, Rows | null],
): Promise<number[]> {
  const found: number[] = [];
  for (let r = 0; r < count; r += 1) {
    const [set, other] = make(r);
    found.push((await measure(set, other, [id]))[id]!.value!);
  }
  return found;
}

function expectInterval(value: Value, expected: readonly [number, number] | null): void {
  expect(value.interval![0]).toBeCloseTo(expected![0], 8);
  expect(value.interval![1]).toBeCloseTo(expected![1], 8);
}

test.each(['nn-distance', 'knn-distance'])('%s', async (id) => {
  const value = (await measure(rows, null, [id]))[id]!;
  const halves = await values(HALVES, id, (r) => [half(rows, r), null]);
  const mean = halves.reduce((sum, one) => sum + one, 0) / HALVES;
  const scaled = halves.map((one) => (one * value.value!) / mean);
  const without = await values(GROUPS, id, (g) => [kept(rows, ~(1 << g)), null]);
  const error = mixedError(
    halvesError(scaled, rows.sizes),
    jackknifeError(value.value!, without, rows.sizes),
  );
  expectInterval(value, twoSampleInterval(value.value!, [error], [0, 2]));
});

test('near-duplicates', async () => {
  const id = 'near-duplicates';
  const value = (await measure(rows, null, [id]))[id]!;
  const halves = await values(HALVES, id, (r) => [half(rows, r), null]);
  expectInterval(value, twoSampleInterval(value.value!, [halvesError(halves, rows.sizes)], [0, 1]));
});

test('coverage, halving both sides', async () => {
  const value = (await measure(rows, reference, ['coverage'])).coverage!;
  const halves = await values(HALVES, 'coverage', (r) => [half(rows, r), half(reference, r)]);
  const error = pairsError(halves, rows.sizes, reference.sizes);
  expectInterval(value, twoSampleInterval(value.value!, [error], [0, 1]));
});

test('precision and recall, halving the side with the balls', async () => {
  const both = await measure(rows, reference, ['precision', 'recall']);
  const real = await values(HALVES, 'precision', (r) => [rows, half(reference, r)]);
  const fake = await values(HALVES, 'recall', (r) => [half(rows, r), reference]);
  for (const [value, halves, own, other] of [
    [both.precision!, real, rows, reference],
    [both.recall!, fake, reference, rows],
  ] as const) {
    // The other side's part of the error is that of a mean of flags.
    const all = pairsError(halves, other.sizes)!.error;
    const [low, high] = twoSampleInterval(value.value!, [{ error: all, groups: 32 }])!;
    expect(value.interval![0]).toBeLessThanOrEqual(low);
    expect(value.interval![1]).toBeGreaterThanOrEqual(Math.min(1, high));
    const width = (high - low) / 2;
    const t = width / all;
    const flags = Math.sqrt((value.value! * (1 - value.value!)) / own.n);
    const total = (value.value! - value.interval![0]) / t;
    expect(Math.sqrt(Math.max(0, total ** 2 - all ** 2)) / flags).toBeGreaterThan(0.6);
    expect(Math.sqrt(Math.max(0, total ** 2 - all ** 2)) / flags).toBeLessThan(1.6);
  }
});

test('density, halving the reference', async () => {
  const value = (await measure(rows, reference, ['density'])).density!;
  const halves = await values(HALVES, 'density', (r) => [rows, half(reference, r)]);
  const { error } = halvesError(halves, reference.sizes)!;
  expect((value.interval![1] - value.interval![0]) / 2).toBeGreaterThan(error * 2.03);
  expect((value.interval![1] - value.interval![0]) / 2).toBeLessThan(error * 2.03 * 3);
});
