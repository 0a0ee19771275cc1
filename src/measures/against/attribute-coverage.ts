import { family, type Measure } from '../measure.ts';
import { twoSampleValue } from '../two-samples.ts';
import { missing } from '../value.ts';

/**
 * attribute-coverage:COLUMN: the share of the values of a column of the reference that occur in the dataset, each value
 * counted once, however frequent. The groups of rows that have each
 * value are all that the interval needs.
 */
export const attributeCoverage = (column: string): Measure => {
  const id = `attribute-coverage:${column}`;
  return family({
    family: id,
    axis: 'against',
    section: 'attributes',
    needs: ['columns', 'rows', 'referenceRows'],
    at: { one: 1, identical: 1, disjoint: 1, duplicated: 1 },
    intervalBy: 'a group of either side at a time, and 31 half-samples of both; Wilson',
    measures: {
      [id]: {
        title: `Coverage of ${column}`,
        reads: `The share of the reference’s values of ${column} that occur in the dataset.`,
        range: [0, 1],
        more: 'more',
        growsWithN: true,
        unit: 'share of values',
        cite: 'attribute coverage: Yu et al. 2023 (AttrPrompt), arXiv 2306.15895',
      },
    },
    async finish({ columns, rows, referenceRows: reference }) {
      const here = groupsOf(await columns.of(column), rows.groups);
      const there = groupsOf((await columns.ofReference(column)) ?? [], reference.groups);
      if (there.size === 0) {
        return {
          [id]: missing(rows.n, `no row of the reference has a value in the column ${column}`),
        };
      }
      const share = (a: number, b: number): number => {
        const left = Array.from(there).filter(([, groups]) => (groups & b) !== 0);
        const found = left.filter(([value]) => ((here.get(value) ?? 0) & a) !== 0);
        return found.length / left.length;
      };
      const value = twoSampleValue({ rows, reference }, share, {
        range: [0, 1],
        draws: there.size,
      });
      return { [id]: value };
    },
  });
};

/** For each value the groups of the rows that have it, a bit each. */
function groupsOf(values: readonly (string | null)[], groups: Uint8Array): Map<string, number> {
  const found = new Map<string, number>();
  for (const [i, value] of values.entries()) {
    if (value !== null) found.set(value, (found.get(value) ?? 0) | (1 << groups[i]!));
  }
  return found;
}
