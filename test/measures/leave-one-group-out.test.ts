import { expect, test } from 'vitest';
import { subsetOf } from '../../src/engine/artefacts.ts';
import { ABOUT } from '../../src/measures/registry.ts';
import type { Rows } from '../../src/measures/rows.ts';
import { fromParts, has, partsOf } from '../../src/measures/two-samples.ts';
import { GROUPS } from '../../src/stats/groups.ts';
import { jackknifeInterval } from '../../src/stats/jackknife.ts';
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
  make: (group: number) => Rows,
): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = Object.fromEntries(ids.map((id) => [id, []]));
  for (let g = 0; g < GROUPS; g += 1) {
    const values = await measureRows(make(g), ids, { intervals: false });
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
  const direct = await leftOut(all, (g) => without(rows, g));
  for (const id of all) {
    const { value, interval } = values[id]!;
    const expected = jackknifeInterval(value!, direct[id]!, rows.sizes)!;
    // Products are of float32: sums of them in another order differ by rounding.
    const scale = Math.max(1, Math.abs(value!));
    expect(interval![0] / scale, id).toBeCloseTo(expected[0] / scale, 6);
    expect(interval![1] / scale, id).toBeCloseTo(expected[1] / scale, 6);
  }
});

const keeping = (set: Rows, kept: number): Rows =>
  subsetOf(
    set,
    Int32Array.from(Array.from(set.groups.keys()).filter((i) => has(kept, set.groups[i]!))),
  );

test('measures against a reference, on parts of either side', async () => {
  const ids = ['kid', 'energy-distance', 'facility-location', 'frechet'];
  const values = await measureRows(rows, ids, { reference });
  const parts = partsOf({ rows, reference });
  const direct: Record<string, number[]> = Object.fromEntries(ids.map((id) => [id, []]));
  for (const [a, b] of parts) {
    const options = { reference: keeping(reference, b), intervals: false };
    const found = await measureRows(keeping(rows, a), ids, options);
    for (const id of ids) direct[id]!.push(found[id]!.value!);
  }
  for (const id of ids) {
    const { value, interval } = values[id]!;
    const [low, high] = ABOUT[id]!.range;
    const sides = { rows, reference };
    const expected = fromParts(sides, value!, direct[id]!, { range: [low, high as number] });
    expect(interval![0], id).toBeCloseTo(expected.interval![0], 6);
    expect(interval![1], id).toBeCloseTo(expected.interval![1], 6);
  }
});

test('NovelSum knows from one look what leaving out any one row makes of it', async () => {
  const few = subsetOf(
    rows,
    Int32Array.from({ length: 60 }, (_, i) => i),
  );
  const { novelsum } = await measureRows(few, ['novelsum']);
  const direct: number[] = [];
  for (let left = 0; left < few.n; left += 1) {
    const others = Int32Array.from({ length: few.n }, (_, i) => i).filter((i) => i !== left);
    const found = await measureRows(subsetOf(few, others), ['novelsum'], { intervals: false });
    direct.push(found.novelsum!.value!);
  }
  const [low, high] = jackknifeInterval(novelsum!.value!, direct, new Int32Array(60).fill(1))!;
  const [ourLow, ourHigh] = novelsum!.interval!;
  expect((novelsum!.value! - ourLow) / ((high - low) / 2)).toBeCloseTo(1, 1);
  expect((ourHigh - novelsum!.value!) / ((high - low) / 2)).toBeCloseTo(1, 1);
});
