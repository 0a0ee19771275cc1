import type { ComputeOptions } from '../../compute/device.ts';
import type { Vectors } from '../../compute/vectors.ts';
import type { Moments } from '../../measures/folds/moments.ts';
import type { DuplicateGroups } from '../../why/duplicates.ts';
import { type Removal, type VendiInfluence, vendiWithout } from '../../why/influence.ts';
import { largest } from '../../why/largest.ts';
import type { RowReport } from '../report.ts';
import type { Part } from './part.ts';
import type { InfluenceReport, InfluentialRow, WithoutReport } from './report.ts';

/** Rows of each list. */
const ROWS = 20;
/** Shares of the rows that are taken away together. */
const SHARES = [0.01, 0.05, 0.1, 0.2];

/** What else is known of a row. */
export type Others = (row: number) => Omit<InfluentialRow, keyof RowReport | 'vendi' | 'rows'>;

/** The rows with the least and the most influence, and the score measured again without them. */
export async function influencePart(
  unit: Vectors,
  moments: Moments,
  { vendi, perRow }: VendiInfluence,
  groups: DuplicateGroups,
  others: Others,
  options: ComputeOptions,
): Promise<Part<InfluenceReport>> {
  const burden = perRow.map((value) => -value);
  // Near-duplicates are as good as equal in this; one of them stands for all.
  const alone = (row: number): boolean =>
    groups.of[row] === -1 || groups.groups[groups.of[row]!]!.keep === row;
  const single = [
    largest(burden, ROWS, (row) => alone(row) && burden[row]! > 0),
    largest(perRow, ROWS, (row) => alone(row) && perRow[row]! > 0),
  ];
  const stays = (row: number): boolean => groups.of[row] !== -1 && alone(row);
  const sets = [
    ...manyOf(burden, 'remove', (row) => burden[row]! > 0 && !stays(row)),
    ...manyOf(perRow, 'carry', (row) => perRow[row]! > 0),
    ...copiesOf(groups),
  ];
  const measured = await vendiWithout(
    unit,
    moments,
    [...single.flat().map((row) => ({ rows: Int32Array.of(row) })), ...sets],
    options,
  );
  const adds = new Map(single.flat().map((row, i) => [row, vendi - (measured[i] ?? vendi)]));
  const without = sets.flatMap(({ what, all }, i): WithoutReport[] => {
    const left = measured[adds.size + i]!;
    if (left === null) return [];
    return [{ what, rows: all, share: all / unit.n, vendi: left }];
  });
  // By what was measured; first order has the same order but for near ties.
  const [remove, carry] = single.map((rows) =>
    rows.filter((row) => Math.abs(adds.get(row)!) > ROUNDING * vendi),
  );
  const kept = [
    remove!
      .filter((row) => adds.get(row)! < 0)
      .sort((a, b) => adds.get(a)! - adds.get(b)! || a - b),
    carry!.filter((row) => adds.get(row)! > 0).sort((a, b) => adds.get(b)! - adds.get(a)! || a - b),
  ];
  return {
    shown: kept.flat(),
    report(show) {
      const row = (i: number): InfluentialRow => ({
        ...show(i),
        rows: groups.groups[groups.of[i]!]?.rows.length ?? 1,
        vendi: adds.get(i)!,
        ...others(i),
      });
      return { vendi, remove: kept[0]!.map(row), carry: kept[1]!.map(row), without };
    },
  };
}

/** Of a score of eigenvalues; smaller changes are none. */
const ROUNDING = 1e-12;

interface Taken extends Removal {
  readonly what: WithoutReport['what'];
  /** How many rows are gone then. */
  readonly all: number;
}

/** The first of the rows `among`, in the order of `values`, by SHARES; as far as there are so many. */
function manyOf(
  values: Float64Array,
  what: 'remove' | 'carry',
  among: (row: number) => boolean,
): Taken[] {
  const n = values.length;
  const counts = [...new Set(SHARES.map((share) => Math.floor(share * n)))].filter((m) => m > 0);
  const order = largest(values, counts.at(-1) ?? 0, among);
  return counts
    .filter((count) => count <= order.length)
    .map((all, i) => {
      const rows = Int32Array.from(order.slice(counts[i - 1] ?? 0, all)).sort();
      return { what, rows, all, more: i > 0 };
    });
}

/** All rows of each group but the one to keep. */
function copiesOf({ groups }: DuplicateGroups): Taken[] {
  const copies = groups.flatMap(({ rows, keep }) => rows.filter((row) => row !== keep));
  const all = copies.length;
  return all === 0 ? [] : [{ what: 'duplicates', rows: Int32Array.from(copies).sort(), all }];
}
