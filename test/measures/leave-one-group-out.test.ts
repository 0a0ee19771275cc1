import { expect, test } from 'vitest';
import { subsetOf } from '../../src/engine/artefacts.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { jackknifeError, jackknifeInterval, twoSampleInterval } from '../../src/stats/jackknife.ts';
import { clusteredRows } from '../support/data.ts';
import { measureRows } from '../support/measure.ts';
import { rowsFrom } from '../support/rows.ts';

/**
 * Families know their values without a group of rows from one pass over the data. Here the group is
 * really left out and everything measured afresh; the intervals must agree.
 */
const DIMS = 8;
const rows = rowsFrom(clusteredRows(260, DIMS, 9, 0.7, 3), DIMS);
const reference = rowsFrom(clusteredRows(230, DIMS, 7, 0.6, 4), DIMS);

const without = (set: Rows, group: number): Rows =>
  subsetOf(
    set,
    Int32Array.from(
      Array.from({ length: set.n }, (_, i) => i).filter((i) => set.groups[i] !== group),
    ),
  );

async function leftOut(
  ids: readonly string[],
  make: (group: number) => { rows: Rows; reference?: Rows },
): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = Object.fromEntries(ids.map((id) => [id, []]));
  for (let g = 0; g < GROUPS; g += 1) {
    const { rows: set, reference: other } = make(g);
    const values = await measureRows(set, ids, { reference: other, intervals: false });
    for (const id of ids) found[id]!.push(values[id]!.value!);
  }
  return found;
}

test('spectrum and kernel measures', async () => {
  const all = [
    'vendi',
    'vendi.q0.5',
    'vendi.q2',
    'effective-rank',
    'participation-ratio',
    'radius',
    'log-det',
    'mean-distance',
    'rke',
    'rke.rbf',
    'dcscore',
    'dcscore.sharp',
  ];
  const values = await measureRows(rows, all);
  const direct = await leftOut(all, (g) => ({ rows: without(rows, g) }));
  for (const id of all) {
    const { value, interval } = values[id]!;
    const expected = jackknifeInterval(value!, direct[id]!, rows.sizes)!;
    expect(interval![0], id).toBeCloseTo(expected[0], 6);
    expect(interval![1], id).toBeCloseTo(expected[1], 6);
  }
});

test('measures against a reference, leaving out groups of either side', async () => {
  const distances = ['frechet', 'kid', 'energy-distance'];
  const nearest = ['facility-location', 'novelty', 'authenticity'];
  const ids = [...distances, ...nearest];
  const values = await measureRows(rows, ids, { reference });
  const fake = await leftOut(ids, (g) => ({ rows: without(rows, g), reference }));
  const real = await leftOut(ids, (g) => ({ rows, reference: without(reference, g) }));
  for (const id of ids) {
    const { value, interval } = values[id]!;
    const [low, high] = ABOUT[id]!.range;
    const range = [low, high as number] as const;
    const errors = [
      jackknifeError(value!, fake[id]!, rows.sizes),
      jackknifeError(value!, real[id]!, reference.sizes),
    ];
    const expected = twoSampleInterval(value!, errors, range)!;
    expect(interval![0], id).toBeCloseTo(expected[0], 6);
    expect(interval![1], id).toBeCloseTo(expected[1], 6);
  }
});
