import { expect, test } from 'vitest';
import { runMeasures } from '../../src/audit/measure.ts';
import { artefactsOf, subsetOf } from '../../src/engine/artefacts.ts';
import { DEFAULT_SETTINGS, type Value } from '../../src/measures/measure.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { GROUPS_OF, HALVES, halvesError, mixedError } from '../../src/stats/halves.ts';
import { jackknifeError, twoSampleInterval } from '../../src/stats/jackknife.ts';
import { clusteredRows } from '../support/data.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * Neighbour measures know their values on every half-sample from one pass over the data. Here the rows
 * are really halved and everything measured afresh; the intervals must agree.
 */
const DIMS = 8;
const rows = rowsFrom(clusteredRows(260, DIMS, 9, 0.7, 3), DIMS);

const kept = (set: Rows, groups: number): Rows =>
  subsetOf(
    set,
    Int32Array.from(
      Array.from({ length: set.n }, (_, i) => i).filter((i) => (groups >> set.groups[i]!) & 1),
    ),
  );
const half = (set: Rows, r: number): Rows => kept(set, GROUPS_OF[r]!);

/** With so many known neighbours that no half-sample reaches beyond them. */
function measure(set: Rows, ids: readonly string[]): Promise<Readonly<Record<string, Value>>> {
  const source = artefactsOf(set, null, { seed: 0, index: 'exact', neighbours: 80 });
  return runMeasures(
    ids.map((id) => ABOUT[id]!),
    source,
    { seed: 0, settings: DEFAULT_SETTINGS },
  );
}

async function values(count: number, id: string, make: (r: number) => Rows): Promise<number[]> {
  const found: number[] = [];
  for (let r = 0; r < count; r += 1) {
    found.push((await measure(make(r), [id]))[id]!.value!);
  }
  return found;
}

function expectInterval(value: Value, expected: readonly [number, number] | null): void {
  expect(value.interval![0]).toBeCloseTo(expected![0], 8);
  expect(value.interval![1]).toBeCloseTo(expected![1], 8);
}

test.each(['nn-distance', 'knn-distance'])('%s', async (id) => {
  const value = (await measure(rows, [id]))[id]!;
  const halves = await values(HALVES, id, (r) => half(rows, r));
  const mean = halves.reduce((sum, one) => sum + one, 0) / HALVES;
  const scaled = halves.map((one) => (one * value.value!) / mean);
  const without = await values(GROUPS, id, (g) => kept(rows, ~(1 << g)));
  const error = mixedError(
    halvesError(scaled, rows.sizes),
    jackknifeError(value.value!, without, rows.sizes),
  );
  expectInterval(value, twoSampleInterval(value.value!, [error], [0, 2]));
});

test('near-duplicates', async () => {
  const id = 'near-duplicates';
  const value = (await measure(rows, [id]))[id]!;
  const halves = await values(HALVES, id, (r) => half(rows, r));
  const error = halvesError(halves, rows.sizes);
  expectInterval(value, twoSampleInterval(value.value!, [error], [0, 1], rows.n / 2));
});
