import { GROUPS } from '../../stats/groups.ts';
import { family, type Measure } from '../measure.ts';
import { fromParts } from '../two-samples.ts';
import { missing } from '../value.ts';

/**
 * attribute-coverage:COLUMN: the share of the values of a column of the reference that occur in the dataset, each value
 * counted once, however frequent. Values without a group of rows follow from the groups that have each value, whole and of either side.
 */
export const attributeCoverage = (column: string): Measure => {
  const id = `attribute-coverage:${column}`;
  return family({
    family: id,
    axis: 'against',
    section: 'attributes',
    needs: ['columns', 'rows', 'referenceRows'],
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
      const share = (a: number, b: number): number | null => {
        let of = 0;
        let found = 0;
        for (const [value, groups] of there) {
          if (!remains(groups, b)) continue;
          of += 1;
          if (remains(here.get(value) ?? 0, a)) found += 1;
        }
        return of === 0 ? null : found / of;
      };
      const each = (at: (g: number) => number | null): (number | null)[] =>
        Array.from({ length: GROUPS }, (_, g) => at(g));
      const value = fromParts(
        { rows, reference },
        share(-1, -1)!,
        each((g) => share(g, -1)),
        each((g) => share(-1, g)),
        { range: [0, 1] },
      );
      return { [id]: value };
    },
  });
};

/** Whether a value is left without group g; −1 leaves out none. */
const remains = (groups: number, g: number): boolean => (g < 0 ? groups : groups & ~(1 << g)) !== 0;

/** For each value the groups of the rows that have it, a bit each. */
function groupsOf(values: readonly (string | null)[], groups: Uint8Array): Map<string, number> {
  const found = new Map<string, number>();
  for (const [i, value] of values.entries()) {
    if (value !== null) found.set(value, (found.get(value) ?? 0) | (1 << groups[i]!));
  }
  return found;
}
