import type { ComputeOptions } from '../compute/device.ts';
import { manyEigenvalues } from '../compute/eigen.ts';
import { GROUPS } from '../stats/groups.ts';
import { gramOf, productsOf, vendiOf } from './mixtures.ts';
import type { Rows } from './rows.ts';

/** The Vendi score of some rows and how many of them point anywhere; null where none does. */
export type Scored = { readonly score: number; readonly weight: number } | null;

/** … of some of the rows, and of them without each of the groups that intervals are made from. */
export interface GroupScores {
  readonly whole: Scored;
  /** null where nothing is left; where none of the rows is in the group, as the whole. */
  readonly without: readonly Scored[];
  /** The rows in each group. */
  readonly sizes: Int32Array;
}

/** Work rows²·d + 33·min(rows, d)³ at most, never more than a d × d matrix for each of the 32 groups. */
export async function scoresWithout(
  { unit, groups }: Pick<Rows, 'unit' | 'groups'>,
  chosen: Int32Array,
  options: ComputeOptions,
): Promise<GroupScores> {
  const sizes = new Int32Array(GROUPS);
  for (const row of chosen) sizes[groups[row]!]! += 1;
  const left = Array.from(sizes.keys()).filter((g) => sizes[g]! > 0);
  const few = chosen.length < unit.dims;
  const size = few ? chosen.length : unit.dims;
  const matrices = few ? byRows() : byGroups();
  const spectra = await manyEigenvalues(matrices, size, { signal: options.signal });
  const scored = spectra.map((values): Scored => {
    const found = vendiOf(values);
    return found.weight > 0 ? found : null;
  });
  const whole = scored[0] ?? null;
  const without: Scored[] = Array.from(sizes, () => whole);
  for (const [i, g] of left.entries()) without[g] = scored[i + 1]!;
  return { whole, without, sizes };

  async function* byRows(): AsyncGenerator<Float64Array> {
    const all = await productsOf([{ unit, rows: chosen }], options);
    yield all;
    // Rows of zeros add no eigenvalue but zeros, so that all problems are of one size.
    for (const g of left) {
      yield all.map((value, i) => {
        const [a, b] = [chosen[Math.floor(i / size)]!, chosen[i % size]!];
        return groups[a] === g || groups[b] === g ? 0 : value;
      });
    }
  }

  async function* byGroups(): AsyncGenerator<Float64Array> {
    const grams: Float64Array[] = [];
    const total = new Float64Array(size * size);
    for (const g of left) {
      const own = await gramOf({ unit, rows: chosen.filter((row) => groups[row] === g) }, options);
      grams.push(own);
      for (let i = 0; i < total.length; i += 1) total[i]! += own[i]!;
    }
    yield total;
    for (const own of grams) yield total.map((value, i) => value - own[i]!);
  }
}
